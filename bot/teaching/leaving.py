"""A parent leaves or has everything deleted: home visits and who read of them go at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, delete, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.turn import Turn
from bot.people import looks, roles
from bot.people.families import Person
from bot.people.kept import Kept, kept, word
from bot.people.look_tables import looks as look_rows
from bot.runtime import Runtime
from bot.teaching import booking, records
from bot.teaching.tables import slots, visits
from bot.teaching.words import words

_OWN = "teaching"
#: A visit is kept so many days; how the teacher calls the family for fewer.
DAYS, CALLED_DAYS = 366, 30
_LOOKS = 1000

_forget = (
    delete(visits)
    .where(visits.c.account == bindparam("owner"), visits.c.openid == bindparam("parent"))
    .execution_options(last=True)
)
_forget_looks = looks.forget.execution_options(last=True)


def erase(turn: Turn) -> None:
    """Note the deletion of a parent's visits; a slot that was taken is free again."""
    mine = {"owner": turn.message.account, "parent": turn.message.openid}
    for statement in (_forget, _forget_looks):
        turn.write(statement, mine)


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return this parent's visits with what was agreed, and who of the staff read it."""
    rows = (await tx.execute(booking.of(person))).all()
    read = (await tx.execute(looks.of(person, _LOOKS))).all()
    names = roles.load().roles
    told = (
        (
            r.booked_at, r.starts_at, words().forms[r.form], booking.called(rt, r),
            "\u3001".join(word(_OWN, "topics", t) for t in r.topics.split()),
            word(_OWN, "states", r.state), _record(rt, r.record),
        )
        for r in reversed(rows)
    )  # fmt: skip
    seen = (
        (r.at, word(_OWN, "about", r.about), names[r.role].name if r.role in names else r.role)
        for r in reversed(read)
    )
    return (
        kept(_OWN, "visits", told, days=DAYS),
        kept(_OWN, "looks", seen, days=DAYS),
    )


def _record(rt: Runtime, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    fields = records.opened(rt, sealed)
    said = (f"{words().record[n]}\uff1a{t}" for n, t in fields.items() if t and n in words().record)
    return "\n".join(said)


async def forget_old(rt: Runtime) -> int:
    """Forget visits, their slots and looks after a year, names after a month; returns how many."""
    now = rt.clock.now()
    old = select(slots.c.id).where(slots.c.starts_at < now - timedelta(days=DAYS))
    past = select(slots.c.id).where(slots.c.starts_at < now - timedelta(days=CALLED_DAYS))
    async with rt.db.write() as tx:
        gone = await tx.execute(delete(visits).where(visits.c.slot.in_(old)))
        await tx.execute(delete(slots).where(slots.c.id.in_(old)))
        named = visits.c.called.is_not(None) & visits.c.slot.in_(past)
        await tx.execute(update(visits).where(named).values(called=null()))
        of_nobody = look_rows.c.number.not_in(select(visits.c.id))
        await tx.execute(delete(look_rows).where(look_rows.c.about == looks.VISIT, of_nobody))
    return gone.rowcount
