"""Choosing a course: goals that fit the children's stages and grades, by number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select

from bot.clock import day
from bot.dialogue import flow_read
from bot.dialogue.turn import Pass, Turn
from bot.h5 import links
from bot.learning import chat, enrolling, showing, stepping
from bot.learning.offers import Choice, Shown
from bot.org import grades
from bot.people.families import children
from bot.school import catalogue, fitting
from bot.school.fitting import Kid
from bot.school.states import Standing
from knowledge.courses import STAGES, Course

_TEXTS = "find_course"
_SHOWN = 3


def find_course(turn: Turn) -> str:
    """List three goals for the children named or known; of no known age, ask."""
    if not catalogue.current(turn.rt, turn.read).courses:
        return turn.say(_TEXTS)
    kids = _named(turn) or _known(turn)
    return _listed(turn, kids, _topic(turn), 0) if kids else _ask(turn)


def enrol_course(turn: Turn) -> str:
    """Sign up: the same list, for nobody has named a course yet."""
    if not catalogue.current(turn.rt, turn.read).courses:
        return turn.say("enrol_course")
    return find_course(turn)


def _topic(turn: Turn) -> str:
    slots = turn.understanding.slots if turn.understanding else {}
    return str(slots.get("topic", ""))


def _named(turn: Turn) -> list[Kid]:
    """Return the children the words tell of."""
    codes = next(filter(None, (flow_read.read(turn, s) for s in ("grades", "ages"))), "")
    today = day(turn.now)
    told = [fitting.kid(*grades.place(code, today), today) for code in codes.split(",") if code]
    return [kid for kid in told if kid is not None]


def _known(turn: Turn) -> list[Kid]:
    """Return the parent's children: one indexed read."""
    account, openid = chat.person(turn)
    rows = turn.read(
        select(children.c.stage, children.c.entry_year)
        .where(children.c.account == account, children.c.openid == openid)
        .order_by(children.c.id)
    )
    told = [fitting.kid(row.stage, row.entry_year, day(turn.now)) for row in rows]
    return [kid for kid in told if kid is not None]


def _ask(turn: Turn, lead: str = "stage") -> str:
    stages = tuple(Choice(f"stage:{s}", turn.say(_TEXTS, s)) for s in STAGES)
    return stepping.courses(turn, Shown(turn.say(_TEXTS, lead), stages))


def _listed(turn: Turn, kids: Sequence[Kid], topic: str, start: int) -> str:
    """List the next goals; what is under way is named first, what is finished is left out."""
    rows = chat.own(turn)
    known = catalogue.current(turn.rt, turn.read).courses
    found = fitting.fitting(known.values(), kids, topic, without=[r.course for r in rows])
    shown = found[start : start + _SHOWN]
    if not shown:
        return _ask(turn, "none")
    choices = [Choice(f"enrol:{one.id}", one.title) for one in shown]
    lines = [_line(turn, n, one) for n, one in enumerate(shown, 1)]
    ways = [Choice("ask", turn.say(_TEXTS, "other"))]
    if len(found) > start + _SHOWN:
        more = _value(kids, topic, start + _SHOWN)
        ways.insert(0, Choice(more, turn.say(_TEXTS, "more")))
    lines += [f"{n} {way.label}" for n, way in enumerate(ways, len(choices) + 1)]
    stepping.courses(turn, Shown("", (*choices, *ways)))
    return "\n".join([*_head(turn, kids, rows if start == 0 else ()), *lines, *_page(turn)])


def _head(turn: Turn, kids: Sequence[Kid], rows: Sequence[object]) -> list[str]:
    ages = "、".join(dict.fromkeys(kid.label for kid in kids if kid.label))
    head = [turn.say(_TEXTS, "goals", ages=ages)]
    current = next(iter(chat.active(rows)), None)
    course = chat.course_of(turn, current) if current is not None else None
    if course is not None:
        head.insert(0, turn.say(_TEXTS, "taking", title=course.title))
    return head


def _line(turn: Turn, number: int, course: Course) -> str:
    name = "short" if turn.talk.is_elder else "line"
    return turn.say(_TEXTS, name, number=str(number), **showing.titles(course))


def _page(turn: Turn) -> list[str]:
    link = links.page(turn.rt, "school", big=turn.talk.is_elder)
    return [turn.say(_TEXTS, "page", link=link)] if link else []


def _value(kids: Sequence[Kid], topic: str, start: int) -> str:
    """Return what `more` stands for: the children by stage and grade, so that nothing is asked."""
    told = ",".join(f"{kid.stage}/{kid.grade}/{kid.label}" for kid in kids)
    return f"more:{start}:{topic}:{told}"


def choose(turn: Turn) -> str:
    """Take the number behind which a course, more of them, or a stage stands."""
    choices, understood = turn.talk.choices, turn.understanding
    assert choices is not None
    assert understood is not None
    value = choices.pick(int(understood.slots["choice"]), turn.now)
    return _take(turn, value) if value else turn.say("number_choice", "out_of_range")


def more(turn: Turn, values: Sequence[str]) -> str | Pass:
    """Show more courses where the list at hand has more."""
    value = next((v for v in values if v.startswith("more:")), "")
    return _take(turn, value) if value else Pass.NOT_MINE


def _take(turn: Turn, value: str) -> str:
    what, _, rest = value.partition(":")
    return _WAYS.get(what, _asked)(turn, rest)


def _asked(turn: Turn, _rest: str) -> str:
    return _ask(turn)


def _left(turn: Turn, _rest: str) -> str:
    """Take it that nothing is begun; nothing was noted."""
    return chat.leave(turn, turn.say("enrol_course", "left"))


def _of_stage(turn: Turn, stage: str) -> str:
    return _listed(turn, [Kid(stage, "", turn.say(_TEXTS, stage))], "", 0)


def _more(turn: Turn, rest: str) -> str:
    start, topic, told = rest.split(":", 2)
    return _listed(turn, [Kid(*one.split("/", 2)) for one in told.split(",")], topic, int(start))


def _again(turn: Turn, name: str) -> str:
    row = chat.enrolment(turn, name)
    course = chat.course_of(turn, row) if row is not None else None
    if row is None or course is None:
        return chat.say(turn, "gone")
    if row.state == Standing.FINISHED:
        return stepping.retake(turn, row, course)
    return chat.show_row(turn, row, course)


#: What a value of an offer stands for, by its first word.
_WAYS: Mapping[str, Callable[[Turn, str], str]] = {
    "enrol": enrolling.enrol,
    "join": enrolling.join,
    "again": _again,
    "stage": _of_stage,
    "more": _more,
    "not_now": _left,
}
