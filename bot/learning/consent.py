"""The parent's consent to reminders of lessons: asked at sign-up, given by choosing a time."""

from __future__ import annotations

from sqlalchemy import bindparam, null, select, update

from bot.dialogue.turn import Turn
from bot.h5 import privacy
from bot.learning import chat
from bot.people import consents
from bot.people.consents import Kind
from bot.people.families import consents as rows
from bot.people.followers import followers

_again = (
    update(followers)
    .where(followers.c.account == bindparam("a"), followers.c.openid == bindparam("o"))
    .values(reminders_off_at=null())
)


def is_given(turn: Turn) -> bool:
    """Say whether reminders of lessons are wanted: one indexed read, or two."""
    account, openid = chat.person(turn)
    given = turn.read(
        select(rows.c.is_given)
        .where(rows.c.account == account, rows.c.openid == openid, rows.c.kind == Kind.LESSONS)
        .order_by(rows.c.id.desc())
        .limit(1)
    )
    if not (given and given[0].is_given):
        return False
    off = select(followers.c.reminders_off_at).where(
        followers.c.account == account, followers.c.openid == openid
    )
    return all(row.reminders_off_at is None for row in turn.read(off))


def note(turn: Turn, *, given: bool) -> None:
    """Note the wish; a parent who had turned everything off wants this one again."""
    account, openid = chat.person(turn)
    version = privacy.version()
    consents.note(
        turn.write, (account, openid), Kind.LESSONS, turn.now, given=given, version=version
    )  # fmt: skip
    if given:
        turn.write(_again, {"a": account, "o": openid})


def give(turn: Turn) -> bool:
    """Note the consent that lies in choosing a time; returns whether it was not given before."""
    is_new = not is_given(turn)
    if is_new:
        note(turn, given=True)
    return is_new
