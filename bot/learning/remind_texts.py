"""What a reminder of a course says, by channel; the words are remind_texts.yaml and lesson.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.clock import GUANGZHOU
from bot.delivery.order import LINK, Content
from bot.h5 import links
from bot.learning import showing
from bot.learning.offers import Shown
from bot.logs import log
from bot.runtime import Runtime
from bot.school.states import Step
from bot.school.steps import Place
from bot.wechat import notice_fields
from knowledge import hotlines
from knowledge.courses import Course

#: Texts whose question is about the course as a whole: they lead to what the parent learns.
WHOLE = frozenset(("ask", "resume"))
_PRACTICES = frozenset(("tonight", "today"))


def content(rt: Runtime, said: str, course: Course, place: Place, at: datetime) -> Content:
    """Return what is said on the page of messages, in the chat, and as a subscription notice."""
    words, lesson = _filled(said, course, place), course.lessons[place.lesson]
    path = f"{links.PREFIX}/mine/learning"
    if said not in WHOLE:
        path = f"{links.PREFIX}/school/{course.id}/{lesson.name}"
    link = LINK if rt.settings.public_url else ""
    chat = "\n".join(part for part in (shown(rt, said, course, place).whole, link) if part)
    return Content(
        pull={"title": words["title"], "text": words["text"], "url": path},
        custom={"text": chat},
        notice=_notice(rt, words["notice"], course, place, at),
        target=path if link else "",
    )


def shown(rt: Runtime, said: str, course: Course, place: Place) -> Shown:
    """Return what is said in the chat, with its numbered choices."""
    if said in _PRACTICES:
        return showing.reminder(rt, course, place)
    if said == "ask":
        return showing.asked(rt, course)
    if said in ("lesson", "resume"):
        return showing.nudge(rt, course, place, "nudge" if said == "lesson" else said)
    there = Place(place.lesson, Step.CHECK)
    asked = showing.step(rt, course, there, 0, rt.clock.now())
    return replace(asked, text=_filled(said, course, place)["text"])


def line(said: str, course: Course, place: Place) -> str:
    """Return the line in front of the next reply, where no message could be pushed."""
    return _filled(said, course, place)["line"]


def later(said: str, course: Course, place: Place) -> str:
    """Return that line as it is said on a later day; empty: it makes no sense any more."""
    return _filled(said, course, place)["later"]


def _notice(
    rt: Runtime, what: str, course: Course, place: Place, at: datetime
) -> dict[str, Any] | None:
    """Return the subscription notice, its fields cut to their rules; None where none is used."""
    template = rt.settings.course_notice
    if not template:
        return None
    here, lesson = at.astimezone(GUANGZHOU), course.lessons[place.lesson]
    values = {"course": course.title, "lesson": lesson.title, "what": what,
              "day": here.strftime("%Y-%m-%d"), "time": here.strftime("%H:%M")}  # fmt: skip
    wanted = dict(pair.split("=") for pair in rt.settings.course_notice_fields.split())
    data = {key: notice_fields.fit(key, values[name]) for key, name in wanted.items()}
    wrong = notice_fields.faults(data, list(data))
    if wrong:  # the platform would refuse it for everybody: the other channels are used
        log.error("course_notice_refused", fields=[one.key for one in wrong])
        return None
    return {"template_id": template, "data": data, "url": LINK if rt.settings.public_url else ""}


def _filled(said: str, course: Course, place: Place) -> Mapping[str, str]:
    lesson = course.lessons[place.lesson]
    practice = lesson.practice
    values = {
        "course": course.title,
        "lesson": lesson.title,
        "minutes": str(practice.minutes if said in _PRACTICES else lesson.minutes),
        "practice": practice.title,
        "do": hotlines.fill(practice.do),
    }
    return {name: text.format(**values) for name, text in _texts()[said].items()}


@cache
def _texts() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("remind_texts.yaml")
    found: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
