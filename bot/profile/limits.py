"""How far what we know of a parent may be used: not for choosing content, not for research."""

from __future__ import annotations

from sqlalchemy import bindparam, null, select, update

from bot.dialogue.turn import Turn
from bot.h5 import privacy
from bot.people import consents
from bot.people.consents import Kind
from bot.people.families import guardians

#: Kind of the numbered offer that takes the wish back.
PERSONAL = "personal_on"
_TEXTS = "limits"

_mine = (guardians.c.account == bindparam("a"), guardians.c.openid == bindparam("o"))
_off = (
    update(guardians)
    .where(*_mine)
    .values(personal_off_at=bindparam("off_at"), changed_at=bindparam("off_at"))
)
_on = update(guardians).where(*_mine).values(personal_off_at=null(), changed_at=bindparam("on_at"))


def personal_off(turn: Turn) -> str:
    """Keep the wish not to go by what we know of the family; offer to take it back."""
    account, openid = turn.message.account, turn.message.openid
    known = turn.read(
        select(guardians.c.openid).where(
            guardians.c.account == account, guardians.c.openid == openid
        )
    )
    if not known:
        return turn.say(_TEXTS, "personal_unknown")
    until = turn.in_minutes(turn.rt.settings.choice_minutes)
    turn.talk.offer(PERSONAL, [PERSONAL], until, [turn.say(_TEXTS, "personal_again")])
    return set_personal(turn, on=False)


def personal_on(turn: Turn) -> str:
    """Go by what we know of the family again."""
    assert turn.understanding is not None
    choices = turn.talk.choices
    picked = choices.pick(int(turn.understanding.slots["choice"]), turn.now) if choices else None
    if picked is None:
        return turn.say("number_choice", "out_of_range")
    return set_personal(turn, on=True)


def set_personal(turn: Turn, *, on: bool) -> str:
    """Note whether the family's stage may choose content, and return what to say."""
    mine = {"a": turn.message.account, "o": turn.message.openid}
    turn.write(_on if on else _off, mine | {"on_at" if on else "off_at": turn.now})
    return turn.say(_TEXTS, "personal_on" if on else "personal_off")


def research_off(turn: Turn) -> str:
    """Keep that this parent's questions are not for research."""
    return set_research(turn, on=False)


def set_research(turn: Turn, *, on: bool) -> str:
    """Note whether questions may be used for research, and return what to say."""
    person = (turn.message.account, turn.message.openid)
    consents.note(turn.write, person, Kind.RESEARCH, turn.now, given=on, version=privacy.version())
    return turn.say(_TEXTS, "research_on" if on else "research_off")
