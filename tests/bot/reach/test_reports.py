"""What the platform tells about messages finds its row, early or late, on both databases."""

import itertools
import json
from functools import partial

import pytest

from bot import app
from bot.delivery import claims, leases
from bot.delivery.order import Content, load
from bot.dialogue import batch
from bot.reach import jobs
from bot.sandbox.faults import Fault
from bot.wechat import events
from tests.support import reaching, sending, world
from tests.support.reaching import LONG, ONE_OFF, Means
from tests.support.waiting import until

DAY = 86_400
keys = itertools.count()
NOTICE = Content(pull=sending.PULL, notice={"template_id": ONE_OFF, "data": reaching.LESSON})
TEMPLATE = Content(
    pull=sending.PULL, template={"template_id": reaching.TEMPLATE, "data": reaching.START}
)
MASS = Content(pull=sending.PULL, mass=reaching.WORDS)
NOBODY = "oSandboxOfMassSends000000000"


@pytest.fixture
async def office(settings):
    given = settings.model_copy(update={"template_messages": True, "long_notices": LONG})
    async with sending.opened(given) as opened:
        yield opened


async def told(office, kind, *fields, who):
    """Let the platform tell something, as a push that came in."""
    at = int(office.clock.timestamp())
    push = kind(world.ACCOUNT, who, at, f"e{next(keys)}", *fields)
    await office.rt.db.transact(
        partial(batch.run, office.rt, app.engine(), jobs=[(batch.Received(push), False)],
                careful=True)
    )  # fmt: skip


async def applied(office):
    await jobs.apply_reports(office.rt)


async def chosen(office, who, template, *answers, kind=events.SubscribePopup):
    for accepted in answers:
        await told(office, kind, (events.Choice(template, accepted, "0"),), who=who)


async def left(office, who, template=ONE_OFF):
    rows = await office.rows(
        'SELECT "left", refused_at IS NOT NULL AS refused FROM notice_acceptance'
        " WHERE openid = :o AND template_id = :t",
        o=who, t=template,
    )  # fmt: skip
    return (rows[0]["left"], bool(rows[0]["refused"])) if rows else None


async def rows(office, number=1):
    found = await office.rows(
        "SELECT state, reason, message FROM delivery WHERE broadcast = :b ORDER BY n", b=number
    )
    return [(row["state"], row["reason"], row["message"]) for row in found]


async def sent(office, text, means, **changes):
    """Send a broadcast of one text to these parents; returns their openids."""
    openids = await reaching.add(office, means)
    number = await office.order(texts=(text,), **changes)
    await office.start(number)
    await office.send(number)
    return openids


async def noticed(office, who, code=0, message="501"):
    one = events.Delivery(ONE_OFF, message, code, "success")
    await told(office, events.SubscribeSent, (one,), who=who)


async def test_acceptances_add_up_and_a_refusal_ends_them(office):
    who = (await office.people(1))[0]
    await chosen(office, who, ONE_OFF, True, True)
    assert await left(office, who) == (2, False)
    await chosen(office, who, ONE_OFF, False, kind=events.SubscribeChange)
    assert await left(office, who) == (0, True)
    await chosen(office, who, ONE_OFF, True)
    assert await left(office, who) == (1, False)
    await chosen(office, who, ONE_OFF, False)
    assert await left(office, who) == (0, True)


async def test_one_dialog_answers_for_several_notices(office):
    who = (await office.people(1))[0]
    both = (events.Choice(ONE_OFF, True, "0"), events.Choice(LONG, False, "0"))
    await told(office, events.SubscribePopup, both, who=who)
    assert await left(office, who) == (1, False)
    assert await left(office, who, LONG) == (0, True)


async def test_a_long_term_acceptance_is_never_used_up(office):
    (who,) = await reaching.add(office, [Means()])
    office.platform.phones[who].accept(LONG, 1)
    await chosen(office, who, LONG, True)
    data = {"thing1": "家庭教育宣传周", "time2": "15:01", "thing3": "线上"}
    text = Content(pull=sending.PULL, notice={"template_id": LONG, "data": data})
    for n in range(2):
        number = await office.order(f"campaign:{n}", texts=(text,))
        await office.start(number)
        await office.send(number)
        assert await office.states(number) == {"sent": 1}
    assert await left(office, who, LONG) == (1, False)


async def test_a_notice_is_counted_once_when_it_leaves(office):
    (who,) = await sent(office, NOTICE, [Means(notices=2)])
    assert await left(office, who) == (1, False)
    await noticed(office, who)
    await applied(office)
    assert await rows(office) == [("sent", "", 501)]
    assert await left(office, who) == (1, False)
    assert not await office.rows("SELECT * FROM message_report")


async def test_a_notice_that_failed_gives_its_acceptance_back(office):
    (who,) = await sent(office, NOTICE, [Means(notices=1)])
    await noticed(office, who, code=43101)
    await applied(office)
    assert await rows(office) == [("refused", "event.43101", 501)]
    assert await left(office, who) == (1, False)


@pytest.mark.parametrize(("code", "state", "reason"),
                         [(0, "sent", "event"), (43101, "refused", "event.43101")])  # fmt: skip
async def test_a_held_notice_is_settled_by_its_event(office, code, state, reason):
    office.platform.faults.api.append(Fault("drop", "/cgi-bin/message/subscribe/bizsend"))
    (who,) = await sent(office, NOTICE, [Means(notices=1)])
    assert await office.states(1) == {"held": 1}
    await noticed(office, who, code=code)
    await applied(office)
    assert await rows(office) == [(state, reason, 501)]
    (counts,) = await office.rows("SELECT counts FROM broadcast_batch")
    assert json.loads(counts["counts"]) == {state: 1}


async def test_a_notice_of_another_program_is_counted_after_a_while(office):
    (who,) = await reaching.add(office, [Means(notices=2)])
    await noticed(office, who)
    await applied(office)
    assert await left(office, who) == (2, False)
    office.clock.turn(minutes=11)
    await applied(office)
    assert await left(office, who) == (1, False)
    assert not await office.rows("SELECT * FROM message_report")


async def test_an_event_before_our_own_record_waits_for_it(office):
    openids = await reaching.add(office, [Means(notices=1)] * 2)
    number = await office.order(texts=(NOTICE,))
    await office.start(number)

    def claimed(tx):
        lease = leases.take(tx, number, 1, "w1", office.clock.now())
        return claims.claim(office.rt, tx, lease, load(tx, number))

    await office.rt.db.transact(claimed)
    await noticed(office, openids[0])
    await applied(office)
    assert await office.states(number) == {"claimed": 2}
    office.clock.turn(seconds=16)
    await office.send(number, "w2")
    assert await office.states(number) == {"held": 2}
    await applied(office)
    assert await office.states(number) == {"held": 1, "sent": 1}


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        ("success", "sent", ""),
        ("failed:user block", "refused", "user_block"),
        ("failed: system failed", "refused", "system_failed"),
    ],
)
async def test_a_template_message_is_settled_by_its_event(office, status, state, reason):
    openids = await sent(office, TEMPLATE, [Means()] * 2)
    (_, _, message), (_, _, other) = await rows(office)
    (found,) = await office.rows("SELECT openid FROM delivery WHERE message = :m", m=message)
    await told(office, events.TemplateSent, str(message), status, who=found["openid"])
    await applied(office)
    assert await rows(office) == [(state, reason, message), ("sent", "", other)]
    assert len(openids) == 2


async def test_a_mass_job_ends_with_its_event_and_the_broadcast_finishes(office):
    await sent(office, MASS, [Means()] * 4)
    assert await office.states(1) == {"queued": 4}
    (batch_,) = await office.rows("SELECT job FROM broadcast_batch")
    said = (str(batch_["job"]), "send success", 4, 4, 3, 1)
    await told(office, events.MassSent, *said, who=NOBODY)
    await applied(office)
    assert await office.states(1) == {"sent": 4}
    (batch_,) = await office.rows("SELECT report FROM broadcast_batch")
    assert json.loads(batch_["report"]) == {
        "status": "send success", "total": 4, "filtered": 4, "sent": 3, "errors": 1,
    }  # fmt: skip
    await office.look()
    assert await office.stage(1) == "finished"


@pytest.mark.parametrize(
    ("status", "reason"), [("send fail", "mass_fail"), ("err(10001)", "err(10001)")]
)
async def test_a_mass_job_that_failed_reached_nobody(office, status, reason):
    await sent(office, MASS, [Means()] * 2)
    (batch_,) = await office.rows("SELECT job FROM broadcast_batch")
    await told(office, events.MassSent, str(batch_["job"]), status, 2, 0, 0, 2, who=NOBODY)
    await applied(office)
    assert [row[:2] for row in await rows(office)] == [("refused", reason)] * 2


async def test_a_mass_event_before_the_jobs_number_waits(office):
    await sent(office, MASS, [Means()] * 2)
    (batch_,) = await office.rows("SELECT job FROM broadcast_batch")
    await office.change("UPDATE broadcast_batch SET job = NULL")
    said = (str(batch_["job"]), "send success", 2, 2, 2, 0)
    await told(office, events.MassSent, *said, who=NOBODY)
    await applied(office)
    assert await office.states(1) == {"queued": 2}
    await office.change("UPDATE broadcast_batch SET job = :j", j=batch_["job"])
    office.clock.turn(seconds=6)
    await applied(office)
    assert await office.states(1) == {"sent": 2}


async def test_a_silent_mass_job_is_asked_for(office):
    await sent(office, MASS, [Means()] * 2)
    (job,) = office.platform.account.mass_jobs.values()
    assert await jobs.poll_mass(office.rt) == 0, "its event is not late yet"
    office.clock.turn(minutes=3)
    job.status = "SENDING"
    assert await jobs.poll_mass(office.rt) == 0
    await until(lambda: job.state == "done")
    job.status = "SEND_FAIL"
    assert await jobs.poll_mass(office.rt) == 1
    assert await office.states(1) == {"refused": 2}
    assert await jobs.poll_mass(office.rt) == 0


async def test_what_is_kept_is_shown_and_goes_with_the_parent(office):
    (who,) = await reaching.add(office, [Means(left=2, seconds=DAY, notices=1)])
    await noticed(office, who)
    async with office.rt.db.read() as tx:
        kept = await app.reach.FEATURE.export(office.rt, tx, (world.ACCOUNT, who))
    assert [len(one.rows) for one in kept] == [1, 1, 1]
    assert not any(who in str(cell) for one in kept for row in one.rows for cell in row)
    await told(office, events.Unsubscribe, who=who)
    for table in ("reach", "notice_acceptance", "message_report"):
        assert not await office.rows(f"SELECT * FROM {table} WHERE openid = :o", o=who)
