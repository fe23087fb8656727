"""The editor's form and the entry: each fault stands beside the field it was typed into."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.console.forms import Form
from knowledge import check, files, hotlines
from knowledge.entry import AGES, STYLES, Asking, Entry, Source, Status
from knowledge.text import normalise
from knowledge.topics import topics

ANSWER_MAX, WORDING_MAX, LINES_MAX = 2000, 300, 200
_SUMMARY_MAX = 40
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_AREA_MAX = 255
_ID_MAX = 128
_PARTS = 4
_YEAR = timedelta(days=365)
#: Front ends show one box a style; a wording keeps its place among all.
BOXES = {style: f"similar_{style}" for style in STYLES}


def filled(entry: Entry) -> dict[str, str]:
    """Return what the form shows of an entry."""
    by_style = {
        box: "\n".join(a.text.replace("\n", " ") for a in entry.similar if a.style == style)
        for style, box in BOXES.items()
    }
    return by_style | {
        "topic": entry.topic,
        "question": entry.question,
        "summary": entry.summary,
        "risk": str(entry.risk),
        "area": entry.area,
        "answer": entry.answer,
        "owner": entry.owner,
        "sources": "\n".join(
            " | ".join((s.name, s.article or "", s.ref, s.checked.isoformat()))
            for s in entry.sources
        ),
        "related": "\n".join(entry.related),
        "review_due": entry.review_due.isoformat(),
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else "",
        "successor": entry.successor,
    }


def blank(today: date, **values: str) -> dict[str, str]:
    """Return the form of a new entry."""
    due = (today + _YEAR).isoformat()
    return {"risk": "0", "review_due": due, "area": ""} | values


def read(
    form: Form, areas: Iterable[str], today: date, *, before: Entry | None = None
) -> Entry | None:
    """Return the entry as typed; None when the form has errors, which it then holds.

    Args:
        form: what was typed.
        areas: paths the person may choose from.
        today: the day of the review, for a new entry.
        before: the entry that is changed; its id stays, and its wordings keep their order.
    """
    topic = form.one_of("topic", topics())
    question = form.text("question", most=200)
    risk = form.whole("risk", topics()[topic].risk if topic in topics() else 0, 3)
    found = Entry(
        id=before.id if before else _id(form, topic, question),
        question=question,
        summary=form.text("summary", most=_SUMMARY_MAX),
        topic=topic,
        ages=form.some_of("ages", AGES),
        risk=risk,
        status=Status.DRAFT,
        sources=_sources(form),
        reviewed_on=before.reviewed_on if before else today,
        review_due=form.day("review_due") or today,
        valid_until=form.day("valid_until", needed=False),
        owner=form.text("owner", most=80),
        similar=_similar(form, before),
        related=tuple(_lines(form, "related")),
        answer=form.text("answer", most=ANSWER_MAX),
        area=form.one_of("area", areas),
        successor=form.text("successor", most=_ID_MAX, needed=False),
    )
    if found.successor and (not files.ID.fullmatch(found.successor) or found.successor == found.id):
        form.wrong("successor", "entry.successor")
    if question and not normalise(question):
        form.wrong("question", "entry.no_word")
    for problem in hotlines.faults(found.answer):
        form.wrong("answer", problem)
    return found if form else None


def sketch(form: Form, areas: Sequence[str], today: date, before: Entry | None) -> Entry | None:
    """Return the entry as far as it is typed, for the preview; None when there is no topic yet."""
    trial = Form(form.messages, dict(form.values), dict(form.lists))
    for name in ("question", "summary", "owner", "answer"):
        trial.values.setdefault(name, "")
    entry = read(trial, areas, today, before=before)
    if entry is not None:
        return entry
    if trial.errors.keys() & {"topic", "risk", "sources", "ages", "area", "answer"}:
        return None
    filler = {n: trial.values.get(n) or "-" for n in ("question", "summary", "owner")}
    again = Form(form.messages, trial.values | filler, trial.lists)
    return read(again, areas, today, before=before)


def problems(entry: Entry) -> list[str]:
    """Return what the lint says of an entry."""
    return [sentence for _, sentence in check.problems(entry)]


def attach(entry: Entry, text: str, style: str) -> Entry:
    """Return the entry with one more way of asking."""
    return replace(entry, similar=(*entry.similar, Asking(text, style)))


def _id(form: Form, topic: str, question: str) -> str:
    slug = form.values.get("slug", "").strip()
    if not slug:
        slug = f"q-{hashlib.sha256(question.encode()).hexdigest()[:8]}"
    elif not _SLUG.fullmatch(slug) or len(slug) > 40:  # noqa: PLR2004 - said in the message
        form.wrong("slug", "entry.slug")
    return f"{topic}.{slug}"


def _lines(form: Form, name: str) -> list[str]:
    found = [line.strip() for line in form.values.get(name, "").splitlines() if line.strip()]
    if len(found) > LINES_MAX:
        form.wrong(name, "entry.too_many_lines", most=LINES_MAX)
    return list(dict.fromkeys(found))


def _similar(form: Form, before: Entry | None) -> tuple[Asking, ...]:
    typed = [Asking(line, style) for style, box in BOXES.items() for line in _lines(form, box)]
    for asking in typed:
        if not normalise(asking.text) or len(asking.text) > WORDING_MAX:
            form.wrong(BOXES[asking.style], "entry.wording", most=WORDING_MAX)
    kept = [a for a in (before.similar if before else ()) if a in typed]
    return (*kept, *(a for a in typed if a not in kept))


def _sources(form: Form) -> tuple[Source, ...]:
    found = []
    for number, line in enumerate(_lines(form, "sources"), 1):
        parts = [part.strip() for part in line.split("|")]
        try:
            name, article, ref, checked = parts
            found.append(Source(name, article or None, ref, date.fromisoformat(checked)))
        except ValueError:
            form.wrong("sources", "entry.source_line", line=number)
    if not found:
        form.wrong("sources", "entry.source_missing")
    return tuple(found)
