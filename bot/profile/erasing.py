"""A parent's data is deleted: at once, everything, and what the law keeps is said in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, insert, select

from bot.clock import day
from bot.dialogue.turn import Pass, Turn
from bot.people.families import Person, holds
from bot.profile.tables import erasures
from knowledge.text import normalise

#: What a conversation waits for between `delete me` and its confirmation.
DELETE = "delete_me"
_CONFIRM_MINUTES = 10

_proof = insert(erasures).values(
    {name: bindparam(name) for name in ("at", "via", "held")},
)


class Via(StrEnum):
    """How a parent asked for it."""

    CHAT = "chat"
    PAGE = "page"
    UNFOLLOW = "unfollow"


@dataclass(frozen=True, slots=True)
class Held:
    """The tickets the law keeps for now, and until when the last of them."""

    tickets: tuple[str, ...]
    until: datetime


def delete_me(turn: Turn) -> str:
    """Ask once more before everything is deleted."""
    turn.talk.wait(kind=DELETE, until=turn.in_minutes(_CONFIRM_MINUTES).timestamp())
    held = held_of(turn)
    asked = turn.say("delete_me")
    return asked if held is None else f"{said(turn, 'held_before', held)}\n{asked}"


def confirm(turn: Turn) -> str | Pass:
    """Delete everything at once if the parent says so; any other message goes its own way."""
    if not is_confirmed(turn, turn.text):
        return Pass.NOT_MINE
    held = forget(turn, Via.CHAT)
    return turn.say("delete_me", "done") if held is None else said(turn, "held", held)


def is_confirmed(turn: Turn, typed: str) -> bool:
    """Say whether a text is the word that confirms."""
    return normalise(typed) == normalise(turn.say("delete_me", "confirm"))


def forget(turn: Turn, via: Via) -> Held | None:
    """Note the deletion of everything the features keep of this parent, and that it was done.

    Returns what has to stay for now.
    """
    held = held_of(turn)
    for erase in turn.rt.erasers:
        erase(turn)
    turn.write(_proof, {"at": turn.now, "via": via, "held": held is not None})
    return held


def held_of(turn: Turn) -> Held | None:
    """Return the parent's tickets that may not be erased yet, the longest kept first."""
    person: Person = (turn.message.account, turn.message.openid)
    found = turn.read(
        select(holds.c.ticket, holds.c.until)
        .where(
            holds.c.account == person[0],
            holds.c.openid == person[1],
            holds.c.lifted_at.is_(None),
            holds.c.until > turn.now,
        )
        .order_by(holds.c.until.desc(), holds.c.id)
    )
    if not found:
        return None
    return Held(tuple(dict.fromkeys(row.ticket for row in found)), found[0].until)


def said(turn: Turn, name: str, held: Held) -> str:
    """Return the text that says what stays, why and until when."""
    when = day(held.until).isoformat()
    return turn.say("delete_me", name, reference=" ".join(held.tickets), when=when)
