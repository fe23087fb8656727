"""Records of answers as the figures read them, straight into the tables."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from sqlalchemy import insert

from bot.analytics import daily
from bot.clock import day
from bot.handoff.tables import alerts
from bot.library.tables import decisions

_number = count(1)


def asker(number):
    """Return the pseudonym of a made-up parent; neighbours fall on different lots."""
    return f"{number:08x}abcd"


def question(at, who=1, **changes):
    """Return a record of an answer; changes name its columns."""
    return {
        "code": f"C{next(_number)}", "at": at, "asker": asker(who), "text": "问", "band": "answer",
        "intent": "ask_question", "rule": "match", "entry": None, "version": None,
        "base_version": "b", "probability": 0.9, "hits": "[]", "feedback": None,
        "feedback_at": None, "area": "", "stage": "", "topic": "study.reading",
    } | changes  # fmt: skip


def crisis(at, who=1, **changes):
    return {
        "at": at, "asker": asker(who), "kind": "crisis", "category": "self_harm", "severity": 3,
        "rule": "r", "choice": None, "area": "", "stage": "",
    } | changes  # fmt: skip


def noon(now, days_ago=0):
    """Return noon in Guangzhou so many days before this instant."""
    return daily.bounds(day(now) - timedelta(days=days_ago))[0] + timedelta(hours=12)


async def fill(rt, *questions, crises=()):
    """Write records."""
    async with rt.db.write() as tx:
        if questions:
            await tx.execute(insert(decisions), list(questions))
        if crises:
            await tx.execute(insert(alerts), list(crises))


def many(number, at, *, of=None, **changes):
    """Return so many questions, of as many people or of fewer."""
    return [question(at, n % (of or number) + 1, **changes) for n in range(number)]
