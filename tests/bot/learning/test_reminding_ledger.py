"""What left the platform is what was due: compared with the pretend platform's own ledger."""

from collections import Counter

import pytest

from bot.school.states import Due
from tests.support.reminded import Class, Do

NOTICE = "SANDBOX_NOTICE_course_lesson_00000000000001"


@pytest.fixture
async def school(settings):
    given = settings.model_copy(update={"course_notice": NOTICE})
    async with Class.open(given) as opened:
        yield opened


async def test_what_left_is_what_was_due(school):
    evening = await school.parents(40)
    noon = await school.parents(15, clock=12 * 60)
    idle = await school.parents(10)
    await school.plan_practice(*evening, *noon)
    did, left, off = evening[:5], evening[5:8], noon[:2]
    for openid in off:
        await school.withdraw(openid)
    for minute in range(8 * 60 + 31, 20 * 60 + 3, 1):
        if minute % 60 not in (59, 0, 1):
            continue
        school.at(f"2026-11-30 {minute // 60:02}:{minute % 60:02}")
        if minute == 20 * 60:
            for openid in did:
                await school.do(openid, Do.DONE)
            for openid in left:
                await school.office.change(
                    "UPDATE follower SET follows = false WHERE openid = :o", o=openid
                )
        await school.work()
    ledger = school.office.platform.ledger.rows(0, 10**9)
    wanted = {*evening, *noon} - {*did, *left, *off}
    assert Counter(row["openid"] for row in ledger) == Counter(wanted)
    assert not {row["openid"] for row in ledger} & set(idle)
    frozen = await school.rows("SELECT openid, state FROM delivery WHERE state = 'sent'")
    assert {row["openid"] for row in frozen} == wanted
    stages = await school.rows("SELECT DISTINCT stage FROM broadcast")
    assert [row["stage"] for row in stages] == ["finished"]


async def test_who_subscribed_gets_a_notice_where_the_window_is_closed(school):
    school.is_reachable = False
    (anna,) = await school.parents(1, window=False)
    await school.office.change(
        "INSERT INTO notice_acceptance (account, openid, template_id, left, is_long, changed_at)"
        .replace("left", '"left"') +
        " SELECT account, openid, :t, 1, false, added_at FROM guardian", t=NOTICE,
    )  # fmt: skip
    phone = next(p for p in school.office.platform.phones.values() if p.openid == anna)
    phone.accepted[NOTICE] = 1
    await school.due(anna, Due.LESSON, school.clock.now())
    await school.work()
    (row,) = await school.rows("SELECT channel, state FROM delivery")
    assert (row["channel"], row["state"]) == ("notice", "sent")
