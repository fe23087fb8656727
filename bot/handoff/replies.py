"""The child first: help at once, one question, an alert and a ticket; then whoever asks for one."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import bindparam, func, insert, select

from bot.dialogue.conversation import Desk
from bot.dialogue.engine import CRISIS
from bot.dialogue.turn import Pass, Turn
from bot.handoff import wishes
from bot.handoff.hours import desk
from bot.handoff.tables import Kind, Side, accesses, alerts, tickets, views
from bot.logs import log
from bot.people import roles
from intents import crisis as crisis_texts

_WAIT_MINUTES = 60
_CHOICES = ("1", "2", "3")
_SEEN_MOST = 8

_alert = insert(alerts).values(
    {c.name: bindparam(c.name) for c in alerts.c if c.name not in {"id", "seen_at"}}
)


def crisis(turn: Turn) -> str:
    """Send the help of this category and wait for one answer; everything else is set aside."""
    assert turn.understanding is not None
    found = turn.understanding.crisis
    assert found is not None
    _note(turn, CRISIS, found.category, found.severity, found.rule, None)
    if not turn.is_trial:
        log.error("crisis", asker=turn.asker, category=found.category, severity=found.severity)
    _ticket_of_crisis(turn, found.category, found.severity)
    until = turn.in_minutes(_WAIT_MINUTES).timestamp()
    turn.talk.forget()
    turn.talk.wait(
        kind=CRISIS,
        category=found.category,
        severity=found.severity,
        rule=found.rule,
        until=until,
    )
    return crisis_texts.reply(found, turn.rt.hotlines)


def _ticket_of_crisis(turn: Turn, category: str, severity: int) -> None:
    """Open a ticket, or turn the open one into one of a crisis; the words are not copied."""
    at = turn.talk.desk
    if at is None:
        code = wishes.opened(turn, Kind.CRISIS, category, severity)
        turn.talk.sit(Desk(code, Kind.CRISIS))
    else:
        wishes.raised(turn, at.ticket, category, severity)
        wishes.line(turn, at.ticket, Side.SYSTEM, "crisis")
        turn.talk.sit(replace(at, kind=Kind.CRISIS))


def after_crisis(turn: Turn) -> str | Pass:
    """Take the answer to the crisis question; whatever is not clearly 2 or 3 counts as danger."""
    pending = turn.talk.pending
    assert pending is not None
    assert turn.understanding is not None
    if turn.understanding.intent == "talk_to_person":
        return Pass.NOT_MINE
    number = str(turn.understanding.slots.get("choice", "1"))
    choice = number if number in _CHOICES else "1"
    category, severity = str(pending["category"]), int(pending["severity"])
    _note(turn, CRISIS, category, severity, str(pending["rule"]), choice)
    if turn.talk.desk is not None:
        wishes.line(turn, turn.talk.desk.ticket, Side.SYSTEM, f"choice_{choice}")
    turn.talk.wait()
    turn.talk.calm = choice != "1"
    return crisis_texts.follow_up(category, severity, int(choice), turn.rt.hotlines)


def talk_to_person(turn: Turn) -> str:
    """Open a ticket and say what will happen; a second wish says that one is waiting already."""
    rules, at = desk(), turn.talk.desk
    if at is not None and at.is_open:
        return turn.say("talk_to_person", "with_person")
    when = rules.say_moment(rules.next_open(turn.now))
    if at is not None and at.matter_until:
        name = "again" if rules.is_open(turn.now) else "again_after_hours"
        return turn.say("talk_to_person", name, reference=at.ticket, hours=rules.shown, when=when)
    _note(turn, "person", "", 0, "intent", None)
    kind = Kind.PERSON if at is None else Kind(at.kind)  # a crisis has opened one by itself
    code = wishes.opened(turn, kind) if at is None else at.ticket
    if at is not None:
        wishes.line(turn, code, Side.SYSTEM, "wish")
    until = turn.in_minutes(rules.matter_minutes).timestamp()
    turn.talk.sit(Desk(code, kind, matter_until=until))
    name = "main" if rules.is_open(turn.now) else "after_hours"
    return turn.say("talk_to_person", name, reference=code, hours=rules.shown, when=when)


def end_talk(turn: Turn) -> str:
    """Let the parent go back to the bot; a ticket of a crisis is closed by the staff alone."""
    at = turn.talk.desk
    if at is None:
        return turn.say("end_talk", "nothing")
    wishes.line(turn, at.ticket, Side.SYSTEM, "parent_ended")
    if at.kind == Kind.CRISIS:
        wishes.waits(turn, at.ticket)
        turn.talk.sit(Desk(at.ticket, at.kind))
    else:
        wishes.closed(turn, at.ticket)
        turn.talk.sit(None)
    turn.talk.forget()
    return turn.say("end_talk", "main" if at.is_open else "withdrawn")


def who_saw_me(turn: Turn) -> str:
    """List who opened this parent's words, by role, when and why."""
    seen = turn.read(
        select(views.c.role, func.min(views.c.at).label("at"), accesses.c.reason)
        .select_from(views)
        .join(accesses, accesses.c.id == views.c.access)
        .join(tickets, tickets.c.id == views.c.ticket)
        .where(tickets.c.openid == turn.message.openid, tickets.c.account == turn.message.account)
        .group_by(views.c.role, accesses.c.id, accesses.c.reason)
        .order_by(func.min(views.c.at).desc())
        .limit(_SEEN_MOST)
    )
    if not seen:
        return turn.say("who_saw_me", "nobody")
    names = roles.load().roles
    told = [
        turn.say(
            "who_saw_me",
            "line",
            when=desk().say_moment(row.at),
            role=names[row.role].name if row.role in names else row.role,
            reason=row.reason,
        )
        for row in seen
    ]
    return "\n".join([turn.say("who_saw_me"), *told, turn.say("who_saw_me", "more")])


def _note(
    turn: Turn, kind: str, category: str, severity: int, rule: str, choice: str | None
) -> None:
    turn.write(
        _alert,
        {
            "at": turn.now,
            "asker": turn.asker,
            "kind": kind,
            "category": category,
            "severity": severity,
            "rule": rule,
            "choice": choice,
            "area": turn.talk.area,
            "stage": turn.stage,
        },
    )
