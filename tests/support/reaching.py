"""Parents with windows, acceptances and mass sends of this month, here and on the platform."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert

from bot.delivery.ledger_tables import deliveries
from bot.delivery.order import Content
from bot.delivery.states import Channel, State
from bot.people.acceptances import acceptances
from bot.people.reach import reach
from tests.support import sending, world

#: Templates of the pretend platform: a one-off notice, a long-term one, a template message.
ONE_OFF = "SANDBOX_NOTICE_course_lesson_00000000000001"
LONG = "SANDBOX_NOTICE_week_activity_00000000000001"
TEMPLATE = "SANDBOX_TEMPLATE_course_start_0000000000001"
LESSON = {"thing1": "家长课堂", "date2": "2026年12月5日", "thing3": "请准时"}
START = {"thing1": "家长课堂", "time2": "15:01", "thing3": "请准时"}
WORDS = {"text": "本周六上午有一节现场课。"}
EVERYWHERE = Content(
    pull=sending.PULL,
    custom=WORDS,
    notice={"template_id": ONE_OFF, "data": LESSON},
    template={"template_id": TEMPLATE, "data": START},
    mass=WORDS,
)


@dataclass(frozen=True)
class Means:
    """What reaches one parent: a window of so many for so many seconds, notices, mass sends had."""

    left: int | None = None
    seconds: int = 0
    notices: int | None = None
    massed: int = 0
    follows: bool = True
    off: bool = False


async def add(office, means, template=ONE_OFF):
    """Add parents with these means; the platform knows the same. Returns their openids."""
    now, rt = office.rt.clock.now(), office.rt
    phones = [office.platform.add_phone(f"r{n}") for n in range(len(means))]
    rows = {reach: [], acceptances: [], deliveries: []}
    for n, (phone, one) in enumerate(zip(phones, means, strict=True)):
        _tell(phone, one, template, now)
        _note(rows, n, phone.openid, one, template, now)
    openids = [phone.openid for phone in phones]
    async with rt.db.write() as tx:
        await sending.add_people(tx, openids, now, window=False)
        for table, made in rows.items():
            if made:
                await tx.execute(insert(table), made)
    for openid, one in zip(openids, means, strict=True):
        if one.off:
            await office.change(
                "UPDATE follower SET reminders_off_at = '2026-11-01 00:00:00' WHERE openid = :o",
                o=openid,
            )
        if not one.follows:
            await office.change("UPDATE follower SET follows = false WHERE openid = :o", o=openid)
    return openids


def _tell(phone, one, template, now):
    phone.is_following = one.follows
    if one.left is not None:
        phone.window.open(one.left, one.seconds, now.timestamp())
    if one.notices is not None:
        phone.accept(template, one.notices)
    month = now.strftime("%Y-%m")
    for _ in range(one.massed):
        phone.count_mass(month)


def _note(rows, n, openid, one, template, now):
    who = {"account": world.ACCOUNT, "openid": openid}
    if one.left is not None:
        until = now + timedelta(seconds=one.seconds)
        rows[reach].append(who | {"last_at": now, "window_until": until, "window_left": one.left})
    if one.notices is not None:
        rows[acceptances].append(
            who | {"template_id": template, "left": one.notices, "is_long": False,
                   "refused_at": None, "changed_at": now}
        )  # fmt: skip
    rows[deliveries] += [
        {"broadcast": 9_000 + past, "n": n, "openid": openid, "channel": Channel.MASS.value,
         "state": State.SENT.value, "claimed_at": now - timedelta(days=past + 1), "done_at": now}
        for past in range(one.massed)
    ]  # fmt: skip
