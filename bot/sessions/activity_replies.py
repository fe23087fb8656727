"""Sessions in the chat: those to come are listed, a number signs up or takes it back.

A turn cannot lock and count and write at once, so a seat is promised only where nobody can be in
between: the row is locked by the batch's own transaction, and what this process noted within the
last moments is counted as well. Whoever may or may not fit waits, and the job seats them in
seconds (`seats.seat_waiting`). So capacity holds whatever happens.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from bot.dialogue.turn import Turn
from bot.h5 import links
from bot.people.families import Person
from bot.school.session_tables import sessions
from bot.sessions import queries, rules, seats
from bot.sessions.rules import GOING, LEFT, WAITING

INTENT = "class_activity"
_MOST, _MINUTES = 5, 30
#: Seconds in which a sign-up this process noted may not be in the rows yet.
_FRESH_S = 30.0
_SHELF = "sessions.fresh"


def class_activity(turn: Turn) -> str:
    """List the sessions to come, to be joined by their number."""
    units = [row.unit for row in turn.read(queries.units_of(_person(turn)))]
    found = turn.read(queries.coming(units, turn.now, most=_MOST))
    if not found:
        return turn.say(INTENT)
    stands = {row.id: row.standing for row in turn.read(queries.mine(_person(turn), turn.now))}
    marks = {GOING: turn.say(INTENT, "is_going"), WAITING: turn.say(INTENT, "is_waiting")}
    lines = [
        turn.say(INTENT, "line", number=str(n), when=rules.when(one), title=one.title,
                 place=one.place, mark=marks.get(stands.get(one.id, ""), ""))
        for n, one in enumerate(found, 1)
    ]  # fmt: skip
    turn.talk.offer(INTENT, [one.code for one in found], turn.in_minutes(_MINUTES))
    link = links.page(turn.rt, "sessions")
    told = [turn.say(INTENT, "listed", lines="\n".join(lines))]
    told += [turn.say(INTENT, "page", link=link)] if link else []
    return "\n".join([*told, turn.say(INTENT, "rest")])


def choose(turn: Turn) -> str:
    """Sign up for the session behind a number, or take it back."""
    assert turn.understanding is not None
    choices, number = turn.talk.choices, int(turn.understanding.slots["choice"])
    code = choices.pick(number, turn.now) if choices else None
    found = turn.read(queries.by_code(code)) if code else ()
    if not found:
        return turn.say("number_choice", "out_of_range")
    session = found[0]
    if not rules.can_join(session, turn.now):
        return turn.say(INTENT, "closed", title=session.title)
    mine = turn.read(seats.standing(session.id, _person(turn)))
    if mine and mine[0].state in (GOING, WAITING):
        return _left(turn, session)
    return _joined(turn, session, number)


def _left(turn: Turn, session: Row[Any]) -> str:
    row = seats.row(session.id, _person(turn), LEFT, turn.now)
    turn.write(seats.put(is_sqlite=turn.rt.db.is_sqlite), row)
    return turn.say(INTENT, "left", title=session.title)


def _joined(turn: Turn, session: Row[Any], number: int) -> str:
    state, told = _place(turn, session, number)
    fresh = _fresh(turn, session.id)
    fresh.append(turn.rt.clock.monotonic())
    row = seats.row(session.id, _person(turn), state, turn.now)
    turn.write(seats.put(is_sqlite=turn.rt.db.is_sqlite), row)
    return told


def _place(turn: Turn, session: Row[Any], number: int) -> tuple[str, str]:
    """Return how the parent stands, and the words for it."""
    values = {"title": session.title}
    own = select(sessions.c.id).where(sessions.c.id == session.id)
    is_mine = bool(turn.read(own.with_for_update(skip_locked=True)))
    taken = turn.read(seats.taken(session.id))[0][0] if session.capacity else 0
    free, line = session.capacity - taken, turn.read(seats.line(session.id))[0][0]
    before = line + len(_fresh(turn, session.id))
    if is_mine and (not session.capacity or free > before):
        more = {"when": rules.when(session), "place": session.place, "number": str(number)}
        return GOING, turn.say(INTENT, "going", **values, **more)
    if free > 0:
        return WAITING, turn.say(INTENT, "seating", **values)
    return WAITING, turn.say(INTENT, "waiting", **values, count=str(line))


def _fresh(turn: Turn, number: int) -> list[float]:
    """Return when this process noted sign-ups for a session, those of the last moments."""
    known: dict[int, list[float]] = turn.rt.shelf.setdefault(_SHELF, {})
    since = turn.rt.clock.monotonic() - _FRESH_S
    for one in [key for key, times in known.items() if not times or times[-1] <= since]:
        del known[one]
    recent = known.setdefault(number, [])
    recent[:] = [at for at in recent if at > since]
    return recent


def _person(turn: Turn) -> Person:
    return turn.message.account, turn.message.openid
