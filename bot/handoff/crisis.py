"""The child first: help at once, one question, an alarm, a ticket; what the answer changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update

from bot.dialogue import cries
from bot.dialogue.conversation import Desk
from bot.dialogue.cries import Cry
from bot.dialogue.engine import CRISIS
from bot.dialogue.turn import Pass, Turn
from bot.handoff import tomorrow, wishes
from bot.handoff.tables import Asked, Kind, Side, questions
from bot.logs import log
from bot.people import quiet
from bot.people.families import holds
from bot.safety import alarms, lines, words
from bot.safety.rules import rules
from bot.safety.words import DANGER, SLIP, WORRIED
from intents.crisis import Crisis

_GIVEN = ("code", "alarm", "ticket", "account", "openid", "category", "severity", "due_at", "state")
_ask = insert(questions).values({name: bindparam(name) for name in _GIVEN})
_answered = (
    update(questions)
    .where(questions.c.code == bindparam("asked"), questions.c.state == bindparam("stood"))
    .values(state=bindparam("stands"))
)
_hold = insert(holds).values(
    {
        name: bindparam(name)
        for name in ("account", "openid", "ticket", "reason", "placed_at", "until", "message")
    }
)
_let_go = (
    update(holds)
    .where(holds.c.ticket == bindparam("of"), holds.c.message == bindparam("said"))
    .values(lifted_at=bindparam("lifted"))
)


def crisis(turn: Turn) -> str:
    """Send the help of this category and wait for one answer; everything else is set aside."""
    assert turn.understanding is not None
    found = turn.understanding.crisis
    assert found is not None
    if not turn.is_trial:
        log.error("crisis", asker=turn.asker, category=found.category, severity=found.severity)
        lines.take(turn.rt, list(turn.read(lines.ALL)))
        cries.kept(turn.rt).note(turn.asker, Cry.of(found), turn.now)
    wishes.alert(turn, CRISIS, found.category, found.severity, found.rule, None)
    ticket = _ticket(turn, found)
    alarm = _alarm(turn, found, ticket)
    was = _quiet(turn)
    _is_heard(turn)  # a question of before is no silence any more
    _keep(turn, found, ticket)
    turn.talk.forget()
    turn.talk.wait(
        kind=CRISIS,
        category=found.category,
        severity=found.severity,
        rule=found.rule,
        speaker=found.speaker,
        soft=words.is_soft(found),
        question=_question(turn, found, ticket, alarm),
        alarm=alarm,
        message=turn.message.key,
        quiet=was.isoformat() if was else "",
        until=turn.in_minutes(rules().answer_minutes).timestamp(),
    )
    return words.first(turn.rt, found)


def _ticket(turn: Turn, found: Crisis) -> str:
    """Open a ticket, or turn the open one into one of a crisis; the words are not copied."""
    at = turn.talk.desk
    if at is None:
        code = wishes.opened(turn, Kind.CRISIS, found.category, found.severity)
        turn.talk.sit(Desk(code, Kind.CRISIS))
        return code
    wishes.raised(turn, at.ticket, found.category, found.severity)
    wishes.line(turn, at.ticket, Side.SYSTEM, "crisis")
    turn.talk.sit(replace(at, kind=Kind.CRISIS))
    return at.ticket


def _alarm(turn: Turn, found: Crisis, ticket: str) -> str:
    """Raise an alarm; said again within some minutes it only counts. Returns its code."""
    known = turn.talk.alarm
    if known is not None and turn.now.timestamp() < known[1]:
        _write(turn, alarms.again(known[0], found.severity, turn.now))
        return known[0]
    code = wishes.code_of(turn)
    row: dict[str, Any] = {"code": code, "ticket": ticket, "rule": found.rule}
    row |= {"category": found.category}
    row |= {"severity": found.severity, "place": turn.talk.area}
    _write(turn, alarms.raised(row, turn.now))
    turn.talk.alarm = (code, (turn.now + rules().again).timestamp())
    return code


def _question(turn: Turn, found: Crisis, ticket: str, alarm: str) -> str:
    """Keep the question, so that silence is noticed; a soft one may be left unanswered."""
    code = wishes.code_of(turn)
    row: dict[str, Any] = {"code": code, "alarm": alarm, "ticket": ticket}
    row |= {"category": found.category}
    row |= {"account": turn.message.account, "openid": turn.message.openid}
    row |= {"severity": found.severity, "due_at": turn.now + rules().silence}
    soft = words.is_soft(found)
    turn.write(_ask, row | {"state": Asked.ANSWERED if soft else Asked.WAITING})
    return code


def _quiet(turn: Turn) -> datetime | None:
    """Begin the quiet; returns when it would have ended before."""
    mine = {"a": turn.message.account, "o": turn.message.openid}
    rows = turn.read(quiet.WHEN.params(mine))
    was: datetime | None = rows[0].quiet_until if rows else None
    until = turn.now + rules().quiet
    _be_quiet(turn, until if was is None else max(was, until))
    return was


def _be_quiet(turn: Turn, until: datetime | None) -> None:
    row = {"account": turn.message.account, "openid": turn.message.openid, "quiet_until": until}
    turn.write(quiet.keep(is_sqlite=turn.rt.db.is_sqlite), row)


def _keep(turn: Turn, found: Crisis, ticket: str) -> None:
    """Place a legal hold where the law wants the record kept."""
    if rules().holds(found.category, found.severity):
        row: dict[str, Any] = {"account": turn.message.account, "openid": turn.message.openid}
        row |= {"ticket": ticket}
        row |= {"reason": found.category, "placed_at": turn.now, "until": turn.now + rules().hold}
        turn.write(_hold, row | {"message": turn.message.key})


def after_crisis(turn: Turn) -> str | Pass:
    """Take the answer to the crisis question; whatever is not clearly 2 or 3 counts as danger."""
    pending = turn.talk.pending
    assert pending is not None
    assert turn.understanding is not None
    if turn.understanding.intent == "talk_to_person":
        _is_heard(turn)
        return Pass.NOT_MINE
    is_soft = bool(pending.get("soft"))
    choice = words.choice_of(turn.text, turn.understanding, soft=is_soft)
    category, severity = str(pending["category"]), int(pending["severity"])
    wishes.alert(turn, CRISIS, category, severity, str(pending["rule"]), choice)
    _settle(turn, pending, choice)
    told = words.second(turn.rt, category, severity, choice, str(pending.get("speaker", "other")))
    turn.talk.wait()
    turn.talk.calm = choice == SLIP
    if choice == SLIP:
        return told
    return f"{told}\n\n{tomorrow.ask(turn, is_calm=choice == WORRIED)}"


def _settle(turn: Turn, pending: dict[str, Any], choice: str) -> None:
    """Note what the answer changes: the question, the alarm, the ticket, the quiet, the hold."""
    if not turn.is_trial:
        cries.kept(turn.rt).answered(turn.asker, turn.message.key)
    _is_heard(turn)
    _write(turn, alarms.answered(str(pending.get("alarm", "")), choice, turn.now))
    _without_card(turn)
    at = turn.talk.desk
    if at is not None:
        wishes.line(turn, at.ticket, Side.SYSTEM, f"choice_{choice}")
        if choice == DANGER:
            wishes.raised(turn, at.ticket, str(pending["category"]), alarms.NOW)
        if choice == SLIP:
            said = {"of": at.ticket, "said": pending.get("message", ""), "lifted": turn.now}
            turn.write(_let_go, said)
    if choice == SLIP and "quiet" in pending:
        was = str(pending["quiet"])
        _be_quiet(turn, datetime.fromisoformat(was) if was else None)


def _is_heard(turn: Turn) -> None:
    """Note that the parent has said something to the open question, if there is one."""
    code = (turn.talk.pending or {}).get("question")
    if code:
        row = {"asked": code, "stood": Asked.WAITING, "stands": Asked.ANSWERED}
        turn.write(_answered, row)


def _without_card(turn: Turn) -> None:
    """Drop a held card: the second reply has the same numbers."""
    for held in [one for one in turn.talk.held if one.kind == "card"]:
        wishes.shown(turn, held.number)
        turn.talk.held.remove(held)


def _write(turn: Turn, notes: Any) -> None:
    for statement, row in notes:
        turn.write(statement, row)
