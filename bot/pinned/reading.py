"""The form of a pinned answer to an entry, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.forms import Form
from bot.console.visit import Visit
from bot.library import pins as library
from bot.org import scope, tree
from bot.people.actor import Actor
from bot.pinned.actions import Wanted
from bot.pinned.numbers import numbers
from bot.pinned.queries import Pinned
from bot.pinned.surge_queries import EDIT
from knowledge.entry import Asking, Entry, Source, Status
from knowledge.topics import topics

#: The city's path in the form: an empty choice is none.
CITY = "city"
_WEEK = timedelta(days=7)
_SUMMARY = 40


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person may choose from: paths with their names, topics with theirs."""

    areas: tuple[tuple[str, str], ...]
    topics: tuple[tuple[str, str], ...]


async def choices(tx: AsyncConnection, visit: Visit) -> Choices:
    """Return the city if all of it is the person's, districts, and nodes named in grants."""
    own = visit.actor.areas(EDIT)
    districts = await tree.districts(tx)
    named = await tree.named(tx, [area for area in own if area])
    units = {u.path: u for u in (*districts, *named.values()) if u.archived_at is None}
    mine = [u for u in units.values() if any(scope.contains(area, u.path) for area in own)]
    city = [(CITY, visit.text("pinned.city"))] if "" in own else []
    areas = [(u.path, u.label(visit.today)) for u in mine if len(u.path.split("/")) > 1]
    return Choices((*city, *areas), topic_choices(visit.actor))


def topic_choices(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the topics a person may write about, named with their top."""
    return tuple(
        (leaf, f"{t.top_name} / {t.name}")
        for leaf, t in topics().items()
        if actor.may(EDIT, topic=leaf)
    )


def read(form: Form, offered: Choices, today: date, surge: int | None) -> Wanted | None:
    """Return what the form asks for; None when it has errors, which it then holds."""
    rule, limits = numbers()["announcement"], library.numbers()
    area = form.one_of("area", [path for path, _ in offered.areas])
    topic = form.one_of("topic", [leaf for leaf, _ in offered.topics])
    wordings = _lines(form, "wordings", rule["wordings_most"])
    source = Source(
        form.text("source", most=120), None, form.text("ref", most=300, needed=False),
        form.day("checked") or today,
    )  # fmt: skip
    hours = form.whole("hours", 1, limits["most_hours"])
    answer, owner = form.text("answer", most=rule["most"]), form.text("owner", most=80)
    if not form:
        return None
    first, rest = wordings[0], wordings[1:]
    entry = Entry(
        id="", question=first, summary=first[:_SUMMARY], topic=topic, ages=(),
        risk=topics()[topic].risk, status=Status.PUBLISHED, sources=(source,), reviewed_on=today,
        review_due=today + _WEEK, valid_until=None, owner=owner,
        similar=tuple(Asking(text, "plain") for text in rest), related=(), answer=answer,
        area="" if area == CITY else area,
    )  # fmt: skip
    return Wanted(entry, hours, surge)


def _lines(form: Form, name: str, most: int) -> list[str]:
    typed = form.text(name, most=4000).splitlines()
    found = list(dict.fromkeys(line.strip() for line in typed if line.strip()))
    if len(found) > most:
        form.wrong(name, "pinned.many_wordings", most=most)
    return found


def values(pinned: Pinned) -> dict[str, str]:
    """Return what stands in the form of a pinned answer."""
    entry = pinned.entry
    source = entry.sources[0]
    return {
        "area": entry.area or CITY, "topic": entry.topic, "wordings": "\n".join(entry.askings()),
        "answer": entry.answer, "source": source.name, "ref": source.ref,
        "checked": source.checked.isoformat(), "owner": entry.owner,
        "hours": str(pinned.row.hours), "revision": str(pinned.row.revision),
        "surge": str(pinned.row.surge or ""),
    }  # fmt: skip


def blank(visit: Visit, *, area: str, topic: str, wordings: Iterable[str]) -> dict[str, str]:
    """Return what stands in an empty form, filled from a surge where it is for one."""
    lines: Sequence[str] = list(wordings)
    return {
        "area": area or CITY, "topic": topic, "wordings": "\n".join(lines),
        "checked": visit.today.isoformat(), "owner": visit.actor.name,
        "hours": str(library.numbers()["hours"]),
    }  # fmt: skip
