"""One lesson: all of it for everybody; step by step for who takes the course and stands here."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.errors import InvalidInput, NotFound
from bot.h5.links import PREFIX
from bot.h5.page import Page, get, greet, post
from bot.h5.visit import Visit
from bot.learning import acts, at_hand, doing, learner, page_words
from bot.learning.at_hand import Told
from bot.learning.learner import Taken
from bot.school import steps
from bot.school.states import Standing, Step
from bot.school.steps import Act, Do, Outcome, Place, Said
from knowledge.courses import Course, Lesson

_NUMBER_MOST = 2  # characters of an option's number
_GOING = (Standing.ACTIVE, Standing.FINISHED)
#: What an answer's page has to know besides what happened: which question, which branch.
_COUNTED = {Said.RIGHT: "question", Said.WRONG: "question", Said.TIP: "branch"}


async def show(visit: Visit) -> web.Response:
    """Show a lesson: the step at hand, what was just learned, or all of it to read."""
    taken = await learner.opened(visit, visit.request.match_info["course"])
    number, lesson = _lesson(taken.course, visit.request.match_info["lesson"])
    row, query = taken.row, visit.request.query
    if row is not None and row.state in _GOING:
        place = acts.place(row)
        said = at_hand.told(lesson, query, row.due_at, visit.now)
        if said and said.said == Said.RIGHT and steps.learned(place) == number + 1:
            return _learned(visit, taken, number, place, said)
        if place.lesson == number and place.step is not Step.DONE and "read" not in query:
            return _step(visit, taken, lesson, place, said)
    lessons = taken.course.lessons
    return visit.render(
        "learning/lesson.html", taken=taken, course=taken.course, lesson=lesson, number=number + 1,
        next=lessons[number + 1] if number + 1 < len(lessons) else None, words=page_words,
    )  # fmt: skip


def _lesson(course: Course, name: str) -> tuple[int, Lesson]:
    """Return a lesson and its place in the course, from 0.

    Raises:
        NotFound: the course has no such lesson.
    """
    for number, lesson in enumerate(course.lessons):
        if lesson.name == name:
            return number, lesson
    raise NotFound


def _learned(
    visit: Visit, taken: Taken, number: int, place: Place, said: Told
) -> web.Response:  # fmt: skip
    lessons = taken.course.lessons
    return visit.render(
        "learning/learned.html", taken=taken, course=taken.course, lesson=lessons[number],
        number=number + 1, told=said, learned=steps.learned(place), words=page_words,
        next=None if place.step is Step.DONE else lessons[place.lesson],
    )  # fmt: skip


def _step(
    visit: Visit, taken: Taken, lesson: Lesson, place: Place, said: Told | None
) -> web.Response:
    assert taken.row is not None
    settings, now = visit.rt.settings, visit.now
    times = {
        "offered": at_hand.offered(settings, now),
        "every": at_hand.every(settings),
        "chosen": taken.row.clock,
    }
    return visit.render(
        "learning/step.html", taken=taken, course=taken.course, lesson=lesson, place=place,
        number=place.lesson + 1, far=at_hand.far(lesson, place), here=doing.told(place), told=said,
        times=times if place.step is Step.PRACTICE else None, words=page_words,
    )  # fmt: skip


async def begin(visit: Visit) -> web.Response:
    """Begin a course or go on with it, and show the step at hand."""
    name = visit.request.match_info["course"]
    await doing.begin(visit, name)
    return await _at_hand(visit, name)


async def _at_hand(visit: Visit, name: str) -> web.Response:
    taken = await learner.opened(visit, name)
    if taken.at is None or (taken.row is not None and taken.row.state == Standing.FINISHED):
        return visit.redirect(f"{PREFIX}/school/{name}")
    return visit.redirect(f"{PREFIX}/school/{name}/{taken.at.name}")


async def act(visit: Visit) -> web.Response:
    """Go one step; a form of another place changes nothing and leads to the step at hand."""
    name, lesson = visit.request.match_info["course"], visit.request.match_info["lesson"]
    form = await visit.form()
    wish, here = _act(form), form.get("here", "")
    clock = doing.chosen(visit, form.get("clock", "")) if wish.do is Do.TIME else None
    outcome = await doing.go(visit, name, here, wish, clock)
    if outcome is None:
        return await _at_hand(visit, name)
    return visit.redirect(f"{PREFIX}/school/{name}/{lesson}", **_said(outcome, wish, here))


def _act(form: Mapping[str, str]) -> Act:
    """Return what a form wishes.

    Raises:
        InvalidInput: the steps know no such act; taking a course again is not one of a lesson.
    """
    wish, number = form.get("do", ""), form.get("number", "0")
    is_number = number.isascii() and number.isdigit() and len(number) <= _NUMBER_MOST
    if wish not in set(Do) - {Do.RETAKE} or not is_number:
        raise InvalidInput("there is no such act")
    return Act(Do(wish), int(number))


def _said(outcome: Outcome, wish: Act, here: str) -> dict[str, str]:
    """Return what the next page has to say, for its address."""
    counted = _COUNTED.get(outcome.said, "")
    if counted == "question":
        return {"said": outcome.said, "n": str(int(here.rpartition(".")[2]) + 1)}
    if counted == "branch":
        return {"said": outcome.said, "n": str(wish.number)}
    return {} if outcome.said in (Said.MOVED, Said.NOT_DONE) else {"said": outcome.said}


async def again(visit: Visit) -> web.Response:
    """Lead a chat's link to the step at hand, after a login."""
    return await _at_hand(visit, visit.request.match_info["course"])


PAGES: tuple[Page, ...] = (
    greet("/school/{course}/{lesson}", show),
    post("/school/{course}", begin, login=True),
    post("/school/{course}/{lesson}", act, login=True),
    get("/mine/learning/{course}", again, login=True),
)
