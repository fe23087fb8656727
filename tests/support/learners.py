"""A class of nine of whom some have learned: every row the parent school keeps of it, at once."""

from datetime import timedelta

from sqlalchemy import delete, insert
from sqlalchemy.types import Boolean, DateTime, Integer, LargeBinary

from bot.db.base import metadata
from bot.school.learner_tables import enrolments, evidence, lesson_states
from bot.school.session_tables import check_ins, sessions, signups
from tests.support import families, school, world
from tests.support.families import Family, Kid
from tests.support.office import CLASS

NINE = [
    Family(f"oLearner_{n}_{n:016d}", (Kid("primary", 2024, CLASS),), wants=("lessons",))
    for n in range(9)
]
#: Where certificates are kept, once the service issues any.
CERTIFICATES = "certificate"


async def seed(rt, area="gz/tianhe"):
    """Write the class, a course and a session that nobody has come to yet."""
    now = rt.clock.now()
    await families.write(rt.db, NINE, now)
    await school.publish(rt)
    async with rt.db.write() as tx:
        await tx.execute(insert(sessions).values(
            id=900001, code="LEARNERSESSION", area=area, kind="onsite", programme="",
            title="公开课", text="", place="礼堂", starts_at=now - timedelta(hours=2),
            ends_at=now - timedelta(hours=1), capacity=0, minutes=60, early=30, late=15,
            secret="s" * 32, spoken="1234", state="open", revision=1, made_at=now,
        ))  # fmt: skip


async def learned(rt, who):
    """Let these of the nine have learned, and no others: enrolled, finished, been there."""
    now = rt.clock.now()
    async with rt.db.write() as tx:
        for table in (enrolments, lesson_states, evidence, signups, check_ins):
            await tx.execute(delete(table))
        certificate = metadata.tables.get(CERTIFICATES)
        if certificate is not None:
            await tx.execute(delete(certificate))
        for n, one in enumerate(who):
            person = {"account": world.ACCOUNT, "openid": one.openid}
            await tx.execute(insert(enrolments).values(
                **person, id=n + 1, course="homework-rhythm", version=1, state="finished",
                lesson=0, step="done", at_step=0, begun_at=now, acted_at=now, finished_at=now,
            ))  # fmt: skip
            lesson = school.course().lessons[0].name
            await tx.execute(insert(lesson_states).values(enrolment=n + 1, lesson=lesson))
            await tx.execute(insert(evidence).values(
                **person, kind="onsite", about="session:900001", subject="session:900001",
                title="公开课", minutes=60, way="code", unit=CLASS, at=now,
            ))  # fmt: skip
            row = {**person, "session": 900001, "at": now}
            await tx.execute(insert(signups).values(**row, state="going"))
            await tx.execute(insert(check_ins).values(**row, way="code", is_late=0))
            if certificate is not None:
                await tx.execute(insert(certificate).values(_filled(certificate, person, n, now)))


def _filled(table, person, n, now):
    """Return a row with something in every column that must have a value."""
    row = {}
    for column in table.c:
        if not column.nullable and column.name != "id":
            row[column.name] = _some(column, n, now)
    return row | person | {"issued_at": now}


def _some(column, n, now):
    if isinstance(column.type, DateTime) or "Instant" in type(column.type).__name__:
        return now
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer):
        return 1
    return b"" if isinstance(column.type, LargeBinary) else f"{column.name[:8]}{n}"
