"""Signing in by words: the spoken code, and the code of a printed poster."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from bot.dialogue.turn import Pass, Turn
from bot.h5 import links
from bot.people.families import Person
from bot.sessions import cards, check_in, guessing, queries, rules
from bot.sessions.rules import Moment

INTENT = "check_in"
#: Digits of a spoken code, and the word a poster's scene begins with.
DIGITS, SCENE = 4, "session"


def spoken(turn: Turn) -> str | Pass:
    """Take a message that is nothing but four digits (`Feature.code`)."""
    code = _code(turn)
    is_bare = "".join(turn.text.split()) == code
    return _try(turn, code) if code and is_bare else Pass.NOT_MINE


def sign_in(turn: Turn) -> str:
    """Answer the wish to sign in: with a code in the words at once, else how it is done."""
    code = _code(turn)
    return _try(turn, code) if code else turn.say(INTENT)


def _code(turn: Turn) -> str:
    code = str(turn.understanding.slots.get("code", "")) if turn.understanding else ""
    return code if len(code) == DIGITS and code.isascii() and code.isdigit() else ""


def _try(turn: Turn, code: str) -> str:
    if turn.is_trial:
        return turn.say(INTENT)
    if guessing.is_over(turn):
        return turn.say(INTENT, "slow")
    found = turn.read(queries.spoken(code, turn.now))
    if not found:
        guessing.wrong(turn)
        return turn.say(INTENT, "none")
    session = found[0]
    if rules.spoken_moment(session, turn.now) is Moment.EARLY:
        return turn.say(INTENT, "early", title=session.title, when=rules.when(session))
    return _noted(turn, session)


def _noted(turn: Turn, session: Row[Any]) -> str:
    if turn.read(check_in.done(session.id, _person(turn))):
        return turn.say(INTENT, "again", title=session.title)
    for statement, row in check_in.notes(
        session, _person(turn), check_in.SPOKEN, turn.now, is_sqlite=turn.rt.db.is_sqlite
    ):
        turn.write(statement, row)
    return f"{_card(turn, session)}\n\n{_done(turn, session)}"


def _done(turn: Turn, session: Row[Any], *, is_late: bool | None = None) -> str:
    late = rules.is_late(session, turn.now) if is_late is None else is_late
    values = {"title": session.title, "place": session.place, "hours": rules.hours(session)}
    return turn.say(INTENT, "late" if late else "done", **values)


def _card(turn: Turn, session: Row[Any]) -> str:
    rows = turn.read(cards.content(session)) if session.lesson else ()
    card = cards.of(turn.rt, session, rows[0] if rows else None)
    return turn.say(INTENT, "card", title=card.title, text=card.body)


def poster(turn: Turn, code: str) -> str:
    """Answer the code of a poster: the card at once; who has signed in is told so (P6.2)."""
    found = turn.read(queries.by_code(code))
    if not found:
        return turn.say(INTENT, "gone")
    session = found[0]
    if session.state == rules.CANCELLED:
        return turn.say(INTENT, "cancelled", title=session.title, when=rules.when(session))
    done = turn.read(check_in.done(session.id, _person(turn)))
    if done:
        return f"{_card(turn, session)}\n\n{_done(turn, session, is_late=bool(done[0].is_late))}"
    return _before(turn, session)


def _before(turn: Turn, session: Row[Any]) -> str:
    """Say what comes next to somebody who has not signed in."""
    moment = rules.spoken_moment(session, turn.now)
    if moment is Moment.OVER:
        return turn.say(INTENT, "over", title=session.title)
    if moment is not Moment.EARLY:
        return f"{_card(turn, session)}\n\n{turn.say(INTENT, 'poster')}"
    minutes = turn.rt.settings.choice_minutes
    turn.talk.offer("class_activity", [session.code], turn.in_minutes(minutes))
    told = turn.say(
        INTENT, "coming", title=session.title, when=rules.when(session), place=session.place
    )
    link = links.page(turn.rt, f"sessions/{session.code}")
    return f"{told}\n{turn.say(INTENT, 'page', link=link)}" if link else told


def _person(turn: Turn) -> Person:
    return turn.message.account, turn.message.openid
