"""What one is learning: where, what comes next, when to be reminded; pause, stop, take again."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.h5 import sdk
from bot.h5.links import PREFIX
from bot.h5.page import Page, get, post
from bot.h5.visit import Visit
from bot.learning import acts, at_hand, doing, learner, page_words
from bot.learning.learner import Taken
from bot.school import record, steps
from bot.school.states import Standing

_PATH = "/mine/learning"
#: Running courses first, then what rests, what is finished, what was stopped.
_ORDER = (Standing.ACTIVE, Standing.RESTING, Standing.FINISHED, Standing.STOPPED)


async def show(visit: Visit) -> web.Response:
    """Show every course this parent takes or took."""
    async with visit.rt.db.read() as tx:
        taken = await learner.every(visit.rt, tx, visit.person)
        rows = (await tx.execute(record.of(visit.person))).all()
    settings = visit.rt.settings
    return visit.render(
        "learning/mine.html", words=page_words, done=visit.request.query.get("done", ""),
        listed=sorted((_listed(one) for one in taken), key=lambda one: one["order"]),
        times=at_hand.every(settings), quiet=(settings.quiet_from, settings.quiet_to),
        hours=f"{record.minutes(rows) / record.hours()['hour']:.1f}",
        notice=settings.course_notice, script=sdk.SCRIPT,
    )  # fmt: skip


def _listed(taken: Taken) -> dict[str, Any]:
    assert taken.row is not None
    place, row = acts.place(taken.row), taken.row
    return {
        "taken": taken,
        "order": _ORDER.index(row.state),
        "learned": steps.learned(place),
        "next": at_hand.next_thing(taken.course, place),
        "clock": "" if row.clock is None else at_hand.clock(row.clock),
    }


async def change(visit: Visit) -> web.Response:
    """Pause, stop, go on, take again, or set the time for reminders."""
    form = await visit.form()
    name, wish = form.get("course", ""), form.get("do", "")
    said = await doing.settle(visit, name, wish, form.get("clock", ""))
    return visit.redirect(f"{PREFIX}{_PATH}", **({"done": said} if said else {}))


PAGES: tuple[Page, ...] = (
    get(_PATH, show, login=True, sdk=True),
    post(_PATH, change, login=True),
)
