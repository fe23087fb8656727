"""Which reminders a parent wants: off by kind or altogether, on again; answers stay either way."""

from __future__ import annotations

from sqlalchemy import bindparam, null, update

from bot.dialogue.turn import Turn
from bot.h5 import privacy
from bot.people import consents
from bot.people.consents import Kind
from bot.people.followers import followers

#: Kinds of the numbered offers below.
OFF, ON = "reminders_off", "reminders_on"
ALL = "all"
KINDS = (Kind.LESSONS.value, Kind.EVENTS.value, ALL)
_TEXTS = "reminders"

_mine = (followers.c.account == bindparam("a"), followers.c.openid == bindparam("o"))
_none_at_all = update(followers).where(*_mine).values(reminders_off_at=bindparam("off_at"))
_some_again = update(followers).where(*_mine).values(reminders_off_at=null())


def unsubscribe(turn: Turn) -> str:
    """Turn the named kind off, or ask which; while a person talks there is nothing to choose."""
    kind, desk = _named(turn), turn.talk.desk
    if kind or (desk is not None and desk.is_open):
        return switched(turn, kind or ALL, on=False)
    return _ask(turn, OFF)


def reminders_on(turn: Turn) -> str:
    """Turn the named kind on again, or ask which."""
    kind = _named(turn)
    return switched(turn, kind, on=True) if kind else _ask(turn, ON)


def choose_off(turn: Turn) -> str:
    """Take the number behind which a kind is turned off."""
    return _chosen(turn, on=False)


def choose_on(turn: Turn) -> str:
    """Take the number behind which a kind is turned on."""
    return _chosen(turn, on=True)


def switched(turn: Turn, kind: str, *, on: bool) -> str:
    """Note the wish about a kind, or about all, and return what to say."""
    person = (turn.message.account, turn.message.openid)
    for one in (Kind.LESSONS, Kind.EVENTS):
        if kind in (one, ALL):
            consents.note(turn.write, person, one, turn.now, given=on, version=privacy.version())
    mine = {"a": person[0], "o": person[1]}
    if on:
        turn.write(_some_again, mine)
    elif kind == ALL:
        turn.write(_none_at_all, mine | {"off_at": turn.now})
    return turn.say(_TEXTS, f"{'on' if on else 'off'}_{kind}")


def _named(turn: Turn) -> str:
    slots = turn.understanding.slots if turn.understanding else {}
    kind = str(slots.get("kind", ""))
    return kind if kind in KINDS else ""


def _ask(turn: Turn, offer: str) -> str:
    labels = [turn.say(_TEXTS, kind) for kind in KINDS]
    until = turn.in_minutes(turn.rt.settings.choice_minutes)
    turn.talk.offer(offer, list(KINDS), until, labels)
    numbered = [f"{n} {label}" for n, label in enumerate(labels, 1)]
    head = turn.say("unsubscribe") if offer == OFF else turn.say(_TEXTS, "ask_on")
    return "\n".join([head, *numbered, turn.say(_TEXTS, "hint")])


def _chosen(turn: Turn, *, on: bool) -> str:
    assert turn.understanding is not None
    choices = turn.talk.choices
    picked = choices.pick(int(turn.understanding.slots["choice"]), turn.now) if choices else None
    if picked is None:
        return turn.say("number_choice", "out_of_range")
    return switched(turn, picked, on=on)
