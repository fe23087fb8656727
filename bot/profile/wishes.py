"""A wish turned on or off on a page, with the effect its words have in the chat."""

from __future__ import annotations

from bot.dialogue import aside
from bot.dialogue.turn import Turn
from bot.errors import InvalidInput
from bot.h5.visit import Visit
from bot.profile import limits, reminders

PERSONAL, RESEARCH = "personal", "research"
_KNOWN = frozenset({PERSONAL, RESEARCH, *reminders.KINDS})


async def change(visit: Visit) -> None:
    """Turn a kind of reminder, or a use of what is known, on or off, as the form says.

    Raises:
        InvalidInput: there is no such wish.
    """
    form = await visit.form()
    what, on = form.get("what", ""), form.get("on") == "1"
    if what not in _KNOWN:
        raise InvalidInput("there is no such wish")

    def work(turn: Turn) -> None:
        if what == PERSONAL:
            limits.set_personal(turn, on=on)
        elif what == RESEARCH:
            limits.set_research(turn, on=on)
        else:
            reminders.switched(turn, what, on=on)

    await aside.act(visit.rt, visit.person, work)
