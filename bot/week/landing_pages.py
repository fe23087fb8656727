"""The week for everybody: what it is today, the programme, quiz, live talks, the wall. No login."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy import Row, func, select

from bot import week_dates
from bot.clock import day
from bot.errors import NotFound
from bot.h5.page import Page, get, tally
from bot.h5.visit import Visit
from bot.week import access, counting, plans, talks, wall
from bot.week.plans import Item, Plan, Question
from bot.week.wall_tables import posts
from bot.week.words import words

#: So long a week that is over is shown, before the next one is.
_AFTER = timedelta(days=60)
_FEW, _PAGE = 3, 20
_YEAR_CHARS = 4
#: Which days of a quiz this phone has answered: only its first answers are counted.
_COOKIE, _COOKIE_S = "h5-quiz", 60 * 60 * 24 * 30


@dataclass(frozen=True, slots=True)
class When:
    """Which week is shown, and where today lies: `before`, `now` or `after`; `day` from 0."""

    week: week_dates.Week
    phase: str
    day: int | None
    left: int

    @classmethod
    def of(cls, week: week_dates.Week, today: date) -> When:
        """Return a week as of a day."""
        number = week.day(today)
        if number is not None:
            return cls(week, "now", number - 1, 0)
        phase = "before" if today < week.begins else "after"
        return cls(week, phase, None, max((week.begins - today).days, 0))


def chosen(today: date, asked: str = "") -> week_dates.Week:
    """Return the week of the year asked for; else this year's until two months after it.

    Raises:
        NotFound: the year is none that has a week.
    """
    if asked:
        is_year = asked.isascii() and asked.isdigit() and len(asked) == _YEAR_CHARS
        if not is_year or not week_dates.FIRST <= int(asked) <= week_dates.LAST:
            raise NotFound
        return week_dates.of(int(asked))
    this = week_dates.of(today.year)
    return this if today <= this.ends + _AFTER else week_dates.of(today.year + 1)


async def show(visit: Visit) -> web.Response:
    """Show the week."""
    today = day(visit.now)
    when = When.of(chosen(today, visit.request.query.get("year", "")), today)
    year = when.week.year
    async with visit.rt.db.write() as tx:
        found, entries = await plans.shown(tx, year)
        live = (await tx.execute(talks.coming(visit.now, most=_FEW))).all() if found else []
        stories = (await tx.execute(wall.published(year).limit(_FEW))).all()
        pictures = await wall.pictures(tx, [s.id for s in stories])
        asked = {q.day for plan in _city(found) for q in await plans.quiz(tx, plan.id)}
        names = dict(await access.every(tx))
        if visit.request.method == "GET":
            await counting.view(visit.rt, tx, "landing")
    return visit.render(
        "week/week.html", when=when, plans=found, days=plans.by_day(entries), words=words(),
        today=_today(entries, when), live=live, stories=stories, pictures=pictures, asked=asked,
        places={plan.id: names.get(plan.area, "") for plan in found if plan.area != access.CITY},
    )  # fmt: skip


def _today(entries: Sequence[Item], when: When) -> Item | None:
    """Return the theme of the day, the city's before a district's."""
    themes = [i for i in entries if i.kind == "theme" and i.day == when.day]
    return min(themes, key=lambda i: (i.plan, i.id)) if themes else None


def _city(found: Sequence[Plan]) -> list[Plan]:
    return [plan for plan in found if plan.area == access.CITY]


async def show_quiz(visit: Visit) -> web.Response:
    """Show the questions of a day."""
    when, number, asked = await _quiz(visit)
    return visit.render(
        "week/quiz.html", when=when, day=number, questions=asked, words=words(), given=None
    )


async def answer_quiz(visit: Visit) -> web.Response:
    """Say what is right and why; the first answers of a phone are counted, and only as sums."""
    when, number, asked = await _quiz(visit)
    form = await visit.form()
    given = {q.id: _option(form.get(f"q{q.id}", ""), q) for q in asked}
    picked = {q: o for q, o in given.items() if o is not None}
    mark = f"{when.week.year}.{number}"
    seen = visit.request.cookies.get(_COOKIE, "").split("-")
    if picked and mark not in seen:
        async with visit.rt.db.write() as tx:
            await counting.answer(visit.rt, tx, picked)
            await counting.view(visit.rt, tx, "quiz")
    answer = visit.render(
        "week/quiz.html", when=when, day=number, questions=asked, words=words(), given=given
    )
    if picked:
        kept = "-".join([*[m for m in seen if m and m != mark][-_PAGE:], mark])
        answer.set_cookie(
            _COOKIE, kept, path="/h/week", max_age=_COOKIE_S, httponly=True, samesite="Lax",
            secure=visit.rt.settings.public_url.startswith("https://"),
        )  # fmt: skip
    return answer


async def _quiz(visit: Visit) -> tuple[When, int, list[Question]]:
    """Return the questions of the city's plan on a day that has come.

    Raises:
        NotFound: there are none, or it is too early.
    """
    today, text = day(visit.now), visit.request.match_info["day"]
    when = When.of(chosen(today), today)
    if text not in {str(d) for d in range(1, plans.DAYS + 1)}:
        raise NotFound
    number = int(text) - 1
    if today < when.week.begins + timedelta(days=number):
        raise NotFound
    async with visit.rt.db.read() as tx:
        found, _ = await plans.shown(tx, when.week.year)
        asked = [q for plan in _city(found) for q in await plans.quiz(tx, plan.id, number)]
    if not asked:
        raise NotFound
    return when, number, asked


def _option(text: str, question: Question) -> int | None:
    allowed = {str(n): n for n in range(len(question.options))}
    return allowed.get(text)


async def show_live(visit: Visit) -> web.Response:
    """Show the talks to come, and those to be seen again."""
    year = chosen(day(visit.now)).year
    async with visit.rt.db.write() as tx:
        coming: Sequence[Row[Any]] = (await tx.execute(talks.coming(visit.now))).all()
        past = (await tx.execute(talks.past(year, visit.now))).all()
        if visit.request.method == "GET":
            await counting.view(visit.rt, tx, "live")
    return visit.render("week/live.html", coming=coming, past=past)


async def show_wall(visit: Visit) -> web.Response:
    """Show the stories of a year, page by page."""
    year = chosen(day(visit.now), visit.request.query.get("year", "")).year
    page = _number(visit.request.query.get("page", "1"))
    async with visit.rt.db.write() as tx:
        wanted = wall.published(year).offset((page - 1) * _PAGE).limit(_PAGE + 1)
        found = (await tx.execute(wanted)).all()
        mine = (posts.c.year == year) & (posts.c.state == wall.PUBLISHED)
        total = await tx.scalar(select(func.count()).where(mine)) or 0
        pictures = await wall.pictures(tx, [s.id for s in found])
        if visit.request.method == "GET":
            await counting.view(visit.rt, tx, "wall")
    return visit.render(
        "week/wall.html", stories=found[:_PAGE], pictures=pictures, year=year, page=page,
        has_more=len(found) > _PAGE, total=total,
    )  # fmt: skip


async def show_story(visit: Visit) -> web.Response:
    """Show one story: what a share card leads to."""
    async with visit.rt.db.read() as tx:
        story = await wall.shown(tx, visit.request.match_info["story"])
        pictures = (await wall.pictures(tx, [story.id]))[story.id]
    return visit.render("week/story.html", story=story, pictures=pictures)


def _number(text: str) -> int:
    """Return the number of a page; nonsense is the first."""
    is_number = text.isascii() and text.isdigit() and len(text) < _YEAR_CHARS
    return max(int(text), 1) if is_number else 1


PAGES: tuple[Page, ...] = (
    get("/week", show),
    get("/week/quiz/{day}", show_quiz),
    tally("/week/quiz/{day}", answer_quiz),
    get("/week/live", show_live),
    get("/week/wall", show_wall),
    get("/week/wall/{story}", show_story),
)
