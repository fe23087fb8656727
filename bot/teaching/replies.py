"""Home visits in the chat: which times are free, one's own, given back by a number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.clock import GUANGZHOU
from bot.dialogue.turn import Turn
from bot.h5 import links
from bot.teaching import booking, slots
from bot.teaching.words import words

#: Kind of the numbered offer below, and of the intent that makes it.
VISIT = "home_visit"
_MOST, _MINUTES = 5, 30


def home_visit(turn: Turn) -> str:
    """Tell one's own visit and the free times; the page is where they are chosen."""
    person = (turn.message.account, turn.message.openid)
    own = [row.unit for row in turn.read(booking.classes(person))]
    if not own:
        return turn.say(VISIT, "no_class")
    link = links.page(turn.rt, "visits")
    mine = [r for r in turn.read(booking.of(person)) if _stands(r, turn.now)]
    open_in = [area for area in own if area not in {row.area for row in mine}]
    free = turn.read(slots.free(open_in, turn.now, _MOST)) if open_in else ()
    told = [_mine(turn, mine)] if mine else []
    if free:
        lines = [turn.say(VISIT, "slot", when=_when(r.starts_at), kind=_form(r)) for r in free]
        told.append(turn.say(VISIT, "free", lines="\n".join(lines)))
        told.append(turn.say(VISIT, "page", link=link) if link else turn.say(VISIT, "no_page"))
    return "\n".join(told) if told else turn.say(VISIT, "none")


def _stands(row: Any, now: datetime) -> bool:
    return bool(row.state == slots.BOOKED and row.starts_at > now)


def _mine(turn: Turn, mine: list[Any]) -> str:
    """Tell the visits that stand; each is given back by its number."""
    lines = [
        turn.say(VISIT, "line", number=str(n), when=_when(row.starts_at), kind=_form(row))
        for n, row in enumerate(mine, 1)
    ]
    turn.talk.offer(VISIT, [row.code for row in mine], turn.in_minutes(_MINUTES))
    return turn.say(VISIT, "mine", lines="\n".join(lines))


def choose_visit(turn: Turn) -> str:
    """Give the visit behind a number back."""
    assert turn.understanding is not None
    choices = turn.talk.choices
    choice = int(turn.understanding.slots["choice"])
    code = choices.pick(choice, turn.now) if choices else None
    person = (turn.message.account, turn.message.openid)
    found = [r for r in turn.read(booking.of(person)) if r.code == code and _stands(r, turn.now)]
    if not found:
        return turn.say(VISIT, "gone")
    row = {"which": code, "owner": person[0], "parent": person[1]}
    turn.write(booking.give_back, row)
    return turn.say(VISIT, "cancelled", when=_when(found[0].starts_at))


def _when(at: datetime) -> str:
    here = at.astimezone(GUANGZHOU)
    return f"{here.month}.{here.day} {here:%H:%M}"


def _form(row: Any) -> str:
    return words().forms[row.form]
