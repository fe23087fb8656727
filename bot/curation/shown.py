"""How entries are shown to the staff: names of topics and places, the phone, differences, hits."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.visit import Visit
from bot.curation import editing
from bot.curation.ownership import Owned
from bot.library import find, wording
from bot.org import scope, tree
from bot.runtime import Runtime
from knowledge import topics as reading
from knowledge.entry import Entry

#: Fields in the order of the editor; `shown.field` names them in messages.yaml.
FIELDS = (
    "topic", "area", "question", "summary", "ages", "risk", "answer", *editing.BOXES.values(),
    "sources", "related", "review_due", "valid_until", "successor", "owner",
)  # fmt: skip
_HITS = 3
#: Wordings looked up for the preview: the newest ones, typed last.
_LOOKED_UP = 40


@cache
def topics() -> dict[str, str]:
    """Return `top / leaf` names by leaf id."""
    return {leaf: f"{t.top_name} / {t.name}" for leaf, t in reading.topics().items()}


@cache
def tops() -> dict[str, str]:
    """Return the names of whole topics by their id."""
    return {leaf.partition(".")[0]: t.top_name for leaf, t in reading.topics().items()}


def topic_options() -> list[tuple[str, str]]:
    """Return the choices of the topic field."""
    return [("", ""), *topics().items()]


async def area_names(tx: AsyncConnection, visit: Visit, paths: Collection[str]) -> dict[str, str]:
    """Return what places are called today; the empty path is the whole city."""
    known = await tree.named(tx, [p for p in paths if p])
    names = {path: unit.label(visit.today) for path, unit in known.items()}
    return names | {"": visit.text("area.all")}


async def paths(visit: Visit, present: str | None = None) -> list[str]:
    """Return the places an entry may be given to by this person, and where it is at present."""
    async with visit.rt.db.read() as tx:
        units = await tree.districts(tx)
    own = visit.actor.areas("entries.edit") or visit.actor.areas("entries.read")
    return [path for path, _ in area_options(units, own, present, visit.today)]


def area_options(
    units: Sequence[tree.Unit], own: Iterable[str], present: str | None, today: date
) -> list[tuple[str, str]]:
    """Return the places to choose from: those a person works for, and the present one."""
    listed = list(own)
    found = [("", "")] if "" in listed or present == "" else []
    found += [
        (u.path, u.label(today))
        for u in units
        if u.path == present or any(scope.contains(area, u.path) for area in listed)
    ]
    known = {path for path, _ in found}
    wanted = dict.fromkeys([*listed, present or ""])
    found += [(area, area) for area in wanted if area and area not in known]
    return found


def phone(rt: Runtime, entry: Entry) -> list[dict[str, str]]:
    """Return the talk a parent would have about this entry."""
    ready = wording.ready(rt, entry)
    text = "\n".join([ready.head.replace(wording.ID, "········"), ready.feedback])
    return [{"side": "parent", "text": entry.question}, {"side": "account", "text": text}]


def refusal(visit: Visit, error: Exception) -> str:
    """Return why an action refused, in a sentence."""
    if isinstance(error, Owned):
        return visit.text(str(error), wording=error.wording, entry=error.entry)
    return visit.text(str(error))


@dataclass(frozen=True, slots=True)
class OtherHit:
    """A wording that is near to somebody else's entry as well."""

    text: str
    entry: str
    summary: str
    score: float
    exact: bool


def other_hits(rt: Runtime, entry: Entry, before: Entry | None) -> list[OtherHit]:
    """Return what new wordings would hit besides this entry, nearest first."""
    old = set(before.askings()) if before else set()
    fresh = [a for a in entry.askings() if a not in old][-_LOOKED_UP:]
    base, found = find.now(rt), []
    for text in fresh or [entry.question]:
        result = find.find(rt, text)
        found += [
            OtherHit(text, h.entry, base.entries[h.entry].summary, h.score, result.exact)
            for h in result.hits[:_HITS]
            if h.entry != entry.id and h.score >= 0.2  # noqa: PLR2004 - fainter ones are noise
        ]
    return sorted(found, key=lambda hit: -hit.score)[:8]


def fields_diff(old: Entry, new: Entry) -> list[tuple[str, list[Any]]]:
    """Return the fields that differ, each with the rows of the diff macro."""
    before, after = _values(old), _values(new)
    return [
        (name, list(diff(before[name], after[name])))
        for name in FIELDS
        if before[name] != after[name]
    ]


def _values(entry: Entry) -> dict[str, str]:
    return editing.filled(entry) | {"ages": " ".join(entry.ages)}


def diff(old: str, new: str) -> Iterator[tuple[str, int | None, int | None, Any]]:
    """Yield rows of a comparison by line; changed lines show which characters changed."""
    a, b = old.splitlines() or [""], new.splitlines() or [""]
    for tag, a0, a1, b0, b1 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            for n in range(a1 - a0):
                yield "same", a0 + n + 1, b0 + n + 1, a[a0 + n]
            continue
        for n in range(a0, a1):
            other = b[b0 + n - a0] if n - a0 < b1 - b0 else ""
            yield "del", n + 1, None, _marked(a[n], other, "del")
        for n in range(b0, b1):
            other = a[a0 + n - b0] if n - b0 < a1 - a0 else ""
            yield "add", None, n + 1, _marked(b[n], other, "add")


def _marked(line: str, other: str, kind: str) -> Any:
    if not other:
        return line
    matcher = difflib.SequenceMatcher(None, line, other, autojunk=False)
    parts, at = [], 0
    for start, _, size in matcher.get_matching_blocks():
        if start > at:
            parts.append((kind, line[at:start]))
        if size:
            parts.append(("same", line[start : start + size]))
        at = start + size
    return parts
