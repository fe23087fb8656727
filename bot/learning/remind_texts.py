"""What a reminder of a course says, by channel; the words are remind_texts.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.clock import GUANGZHOU
from bot.delivery.order import LINK, Content
from bot.h5 import links
from bot.logs import log
from bot.runtime import Runtime
from bot.wechat import notice_fields
from knowledge import hotlines
from knowledge.courses import Course
from knowledge.lessons import Lesson

#: Texts whose question is about the course as a whole: they lead to what the parent learns.
_WHOLE = frozenset(("ask", "resume"))


def content(rt: Runtime, said: str, course: Course, lesson: Lesson, at: datetime) -> Content:
    """Return what is said on the page of messages, in the chat, and as a subscription notice."""
    words = _filled(said, course, lesson)
    path = f"{links.PREFIX}/mine/learning"
    if said not in _WHOLE:
        path = f"{links.PREFIX}/school/{course.id}/{lesson.name}"
    link = LINK if rt.settings.public_url else ""
    chat = "\n".join(part for part in (words["text"], words["chat"], link) if part)
    return Content(
        pull={"title": words["title"], "text": words["text"], "url": path},
        custom={"text": chat},
        notice=_notice(rt, words["notice"], course, lesson, at),
        target=path if link else "",
    )


def line(said: str, course: Course, lesson: Lesson) -> str:
    """Return the line in front of the next reply, where no message could be pushed."""
    return _filled(said, course, lesson)["line"]


def later(said: str, course: Course, lesson: Lesson) -> str:
    """Return that line as it is said on a later day; empty: it makes no sense any more."""
    return _filled(said, course, lesson)["later"]


def numbers(said: str) -> str:
    """Return the numbered answers of a text."""
    return str(_texts()[said]["chat"])


def labels(said: str) -> list[str]:
    """Return the numbered answers of a text without their numbers."""
    return [row.partition(" ")[2] for row in numbers(said).splitlines()]


def answer(name: str) -> str:
    """Return the reply to an answer to the question whether to go on."""
    return str(_texts()["answers"][name])


def _notice(
    rt: Runtime, what: str, course: Course, lesson: Lesson, at: datetime
) -> dict[str, Any] | None:
    """Return the subscription notice, its fields cut to their rules; None where none is used."""
    template = rt.settings.course_notice
    if not template:
        return None
    here = at.astimezone(GUANGZHOU)
    values = {"course": course.title, "lesson": lesson.title, "what": what,
              "day": here.strftime("%Y-%m-%d"), "time": here.strftime("%H:%M")}  # fmt: skip
    wanted = dict(pair.split("=") for pair in rt.settings.course_notice_fields.split())
    data = {key: notice_fields.fit(key, values[name]) for key, name in wanted.items()}
    wrong = notice_fields.faults(data, list(data))
    if wrong:  # the platform would refuse it for everybody: the other channels are used
        log.error("course_notice_refused", fields=[one.key for one in wrong])
        return None
    return {"template_id": template, "data": data, "url": LINK if rt.settings.public_url else ""}


def _filled(said: str, course: Course, lesson: Lesson) -> Mapping[str, str]:
    values = {
        "course": course.title,
        "lesson": lesson.title,
        "minutes": str(lesson.practice.minutes if said in {"tonight", "today"} else lesson.minutes),
        "practice": lesson.practice.title,
        "do": hotlines.fill(lesson.practice.do),
    }
    return {name: text.format(**values) for name, text in _texts()[said].items()}


@cache
def _texts() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("remind_texts.yaml")
    found: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
