"""What a parent's message writes into the tickets; rows are noted on the turn, never read."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    func,
    insert,
    literal_column,
    update,
)

from bot.db.base import Instant
from bot.dialogue import codes
from bot.dialogue.turn import Turn
from bot.handoff.hours import desk
from bot.handoff.tables import CODE, Kind, Sent, Side, State, alerts, lines, tickets
from bot.library import find
from bot.safety.alarms import located
from bot.wechat import messages
from knowledge.judge import Band

#: Messages that open the platform's window; taps on a menu, follows and scans do not (WECHAT R2).
_WORDS = (
    messages.Text,
    messages.Voice,
    messages.Image,
    messages.Video,
    messages.ShortVideo,
    messages.Location,
    messages.Link,
    messages.File,
)
_BITS = 5 * CODE


def _word(value: str) -> ColumnElement[str]:
    """Return a word of ours as it stands in SQL: the rows then name every parameter."""
    return literal_column(f"'{value}'")


_alert = insert(alerts).values(
    {c.name: bindparam(c.name) for c in alerts.c if c.name not in {"id", "seen_at"}}
)
_GIVEN = ("code", "account", "openid", "asker", "kind", "category", "severity", "state", "topic")
_INSTANTS = ("opened_at", "due_at", "changed_at", "last_parent_at")
_open = insert(tickets).values(
    {name: bindparam(name) for name in (*_GIVEN, "stage", "note", *_INSTANTS)}
    | {"area": located("place")}
)
_LINE = ("ticket", "at", "side", "what", "text")
_line = insert(lines).values({name: bindparam(name) for name in _LINE})
_of = tickets.c.code == bindparam("ticket_code")
_heard = (
    update(tickets)
    .where(_of)
    .values(last_parent_at=bindparam("heard_at"), changed_at=bindparam("now"))
)
_about = update(tickets).where(_of).values(topic=bindparam("about"), stage=bindparam("ages"))
_raise = (
    update(tickets)
    .where(_of)
    .values(
        kind=_word(Kind.CRISIS),
        category=bindparam("found"),
        severity=bindparam("grave"),
        due_at=bindparam("due"),
        changed_at=bindparam("now"),
    )
)
_close = (
    update(tickets)
    .where(_of)
    .values(state=_word(State.CLOSED), closed_at=bindparam("shut_at"), changed_at=bindparam("now"))
)
_wait = update(tickets).where(_of).values(state=_word(State.WAITING), changed_at=bindparam("now"))
_answered = (
    update(tickets)
    .where(_of, tickets.c.state != _word(State.CLOSED))
    .values(
        state=_word(State.OPEN),
        first_reply_at=func.coalesce(
            tickets.c.first_reply_at, bindparam("shown_at", type_=Instant())
        ),
        changed_at=bindparam("now"),
    )
)
_shown = update(lines).where(lines.c.id == bindparam("number")).values(state=_word(Sent.SENT))


def opened(turn: Turn, kind: Kind, category: str = "", severity: int = 0) -> str:
    """Note a new ticket; returns its code, which nobody can guess and a repeat makes again."""
    code, rules, now = code_of(turn), desk(), turn.now
    due = now + rules.crisis_due if kind is Kind.CRISIS else rules.after(now, rules.person_due)
    row = {
        "code": code,
        "account": turn.message.account,
        "openid": turn.message.openid,
        "asker": turn.asker,
        "kind": kind,
        "category": category,
        "severity": severity,
        "state": State.WAITING,
        "topic": _last_topic(turn),
        # a wish for a person is the city's; a crisis goes to the district, where that is known
        "place": turn.talk.area if kind is Kind.CRISIS else "",
        "stage": "",
        "note": "",
        "opened_at": now,
        "due_at": due,
        "changed_at": now,
        "last_parent_at": now if opens_window(turn) else None,
    }
    turn.write(_open, row)
    return code


def alert(
    turn: Turn, kind: str, category: str, severity: int, rule: str, choice: str | None
) -> None:
    """Note what happened, for figures and for tuning; never the words."""
    row = {"at": turn.now, "asker": turn.asker, "kind": kind, "category": category}
    row |= {"severity": severity, "rule": rule, "choice": choice}
    turn.write(_alert, row | {"area": turn.talk.area, "stage": turn.stage})


def line(turn: Turn, ticket: str, side: Side, what: str = "", text: str = "") -> None:
    """Note a line of a ticket."""
    row = {"ticket": ticket, "at": turn.now, "side": side, "what": what, "text": text}
    turn.write(_line, row)


def heard(turn: Turn, ticket: str) -> None:
    """Note that the parent has written: the window for answers opens anew."""
    _change(turn, _heard, ticket, heard_at=turn.now)


def about(turn: Turn, ticket: str) -> Band:
    """Note what the turn's words are about, as a guess; returns how sure the base is of them."""
    found = find.find(turn.rt, turn.text)
    ages = turn.understanding.slots.get("ages", ("",)) if turn.understanding else ("",)
    if found.band is not Band.DECLINE:
        topic = found.hits[0].topic
        turn.write(_about, {"ticket_code": ticket, "about": topic, "ages": ages[0]})
    return found.band


def raised(turn: Turn, ticket: str, category: str, severity: int) -> None:
    """Note that an open ticket has become one of a crisis."""
    due = turn.now + desk().crisis_due
    _change(turn, _raise, ticket, found=category, grave=severity, due=due)


def closed(turn: Turn, ticket: str) -> None:
    """Note that the parent has closed the ticket."""
    _change(turn, _close, ticket, shut_at=turn.now)


def waits(turn: Turn, ticket: str) -> None:
    """Note that the parent has ended the talk of a crisis; the staff close the ticket."""
    _change(turn, _wait, ticket)


def answered(turn: Turn, ticket: str) -> None:
    """Note that the parent has now been shown what a person had left."""
    _change(turn, _answered, ticket, shown_at=turn.now)


def shown(turn: Turn, number: int) -> None:
    """Note that a line that was held has reached the parent."""
    turn.write(_shown, {"number": number})


def opens_window(turn: Turn) -> bool:
    """Say whether the platform lets the account write after this message (WECHAT R1-R3)."""
    message = turn.message
    return isinstance(message, _WORDS) and not getattr(message, "menu_id", None)


def _change(turn: Turn, statement: Any, ticket: str, **values: datetime | str | int) -> None:
    turn.write(statement, {"ticket_code": ticket, "now": turn.now} | values)


def code_of(turn: Turn) -> str:
    """Return the code of whatever this message opens: nobody can guess it."""
    message = turn.message
    said = f"{message.account}\0{message.openid}\0{message.key}".encode()
    hashed = hashlib.blake2b(said, digest_size=8, key=turn.rt.code_key, person=b"ticket")
    number = int.from_bytes(hashed.digest(), "big")
    return "".join(codes.ALPHABET[(number >> shift) & 31] for shift in range(0, _BITS, 5))


def _last_topic(turn: Turn) -> str:
    """Guess the topic from what was last offered beside an answer."""
    choices = turn.talk.choices
    base = find.now(turn.rt).entries
    known = [base[i].topic for i in choices.values if i in base] if choices else []
    return known[0] if known else ""
