"""A parent who had no answer asks to be told when there is one: kept once, told once."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, func, literal_column, select, update

from bot.curation.tables import gap_questions, gaps
from bot.dialogue.engine import INTENT
from bot.dialogue.turn import Turn
from bot.library.tables import wishes

_WISH = "tell_me_later"
_COLUMNS = ("account", "openid", "asker", "code", "at", "state")
#: Stands for the count of a gap that has to be counted anew.
STALE = -1
#: A gap must not go on being called by the words of a parent who is gone.
_rename = (
    update(gaps)
    .where(
        gaps.c.id.in_(select(gap_questions.c.gap).where(gap_questions.c.asker == bindparam("x")))
    )
    .values(
        title=func.coalesce(
            select(func.min(gap_questions.c.text))
            .where(gap_questions.c.gap == gaps.c.id, gap_questions.c.asker != bindparam("x"))
            .scalar_subquery(),
            literal_column("''"),
        ),
        questions=bindparam("stale"),
    )
)
_forget = [
    delete(table).where(table.c.asker == bindparam("asker")) for table in (gap_questions, wishes)
]


def tell_me_later(turn: Turn) -> str:
    """Keep the wish for the question that was just not answered."""
    choices, code = turn.talk.choices, turn.talk.last_decision
    if choices is None or choices.kind != INTENT or _WISH not in choices.values or code is None:
        return turn.say(_WISH, "nothing_to_wait")
    wish = (turn.message.account, turn.message.openid, turn.asker, code, turn.now, "waiting")
    turn.write(_keep(is_sqlite=turn.rt.db.is_sqlite), dict(zip(_COLUMNS, wish, strict=True)))
    return turn.say(_WISH, reference=code)


def erase(turn: Turn) -> None:
    """Note the deletion of this parent's questions in gaps, and of their wishes."""
    turn.write(_rename, {"x": turn.asker, "stale": STALE})
    for statement in _forget:
        turn.write(statement, {"asker": turn.asker})


@cache
def _keep(*, is_sqlite: bool) -> Any:
    if is_sqlite:
        from sqlalchemy.dialects import sqlite as dialect
    else:
        from sqlalchemy.dialects import postgresql as dialect  # type: ignore[no-redef]
    row = dialect.insert(wishes).values({name: bindparam(name) for name in _COLUMNS})
    return row.on_conflict_do_nothing(
        index_elements=[wishes.c.code, wishes.c.openid, wishes.c.account]
    )
