"""Whoever asks for a person: a ticket, when one answers, the end of it, and who saw the words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from bot.dialogue.conversation import Desk
from bot.dialogue.turn import Turn
from bot.handoff import wishes
from bot.handoff.hours import desk
from bot.handoff.tables import Kind, Side, accesses, tickets, views
from bot.people import looks, roles

_SEEN_MOST = 8


def talk_to_person(turn: Turn) -> str:
    """Open a ticket and say what will happen; a second wish says that one is waiting already."""
    rules, at = desk(), turn.talk.desk
    if at is not None and at.is_open:
        return turn.say("talk_to_person", "with_person")
    when = rules.say_moment(rules.next_open(turn.now))
    if at is not None and at.matter_until:
        name = "again" if rules.is_open(turn.now) else "again_after_hours"
        return turn.say("talk_to_person", name, reference=at.ticket, hours=rules.shown, when=when)
    wishes.alert(turn, "person", "", 0, "intent", None)
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
    others = turn.read(looks.of((turn.message.account, turn.message.openid), _SEEN_MOST))
    if not seen and not others:
        return turn.say("who_saw_me", "nobody")
    told = []
    if seen:
        lines = [_line(turn, "line", row, reason=row.reason) for row in seen]
        told += [turn.say("who_saw_me"), *lines, turn.say("who_saw_me", "more")]
    if others:
        told += [turn.say("who_saw_me", "records")]
        told += [_line(turn, row.about, row) for row in others]
    return "\n".join(told)


def _line(turn: Turn, name: str, row: Any, **more: str) -> str:
    known = roles.load().roles
    role = known[row.role].name if row.role in known else row.role
    return turn.say("who_saw_me", name, when=desk().say_moment(row.at), role=role, **more)
