"""A text tried as a parent's: band, hits, rules and reply; many at once; an answer looked up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation.tables import revisions
from bot.dialogue import codes
from bot.library import explain, find, pins, record, verdict
from bot.library.find import Base
from bot.library.record import Replay
from bot.library.tables import decisions, versions
from bot.people.actor import Actor
from bot.runtime import Runtime
from knowledge import entry as reading
from knowledge import hotlines
from knowledge.entry import Entry
from knowledge.judge import Band, Judge
from knowledge.scope import Scope
from knowledge.search import Found

HITS = 5
LINES_MAX, LINE_MAX = 200, 500
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Trial:
    """What one text leads to; `why` is the key of a sentence with `least` and `probability`."""

    text: str
    answer: dict[str, Any]
    rule: str
    found: Found | None
    features: dict[str, Any]
    why: str
    least: float
    candidates_at: float

    @property
    def words(self) -> list[list[str]]:
        """Return for each explained hit the parent's own words, without parts of one another."""
        return [
            _whole(part for word in hit["words"] for part in word["own"])
            for hit in self.features.get("hits", ())
        ]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: what it should hit and what it hits; `passed` None: nothing expected."""

    text: str
    band: str
    entry: str | None
    score: float
    expected: str | None
    passed: bool | None
    offered: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """An answer that was given: its record, entry as it was, who let it out, and the replay."""

    row: dict[str, Any]
    hits: list[dict[str, Any]]
    entry: Entry | None
    said: str
    approvals: list[Any]
    replay: Replay | None


def one(rt: Runtime, text: str) -> Trial:
    """Return what a parent would be told, and why."""
    assert rt.trial is not None
    answer = rt.trial(text)
    understood = rt.understand(text)
    rule = understood.crisis.rule if understood.crisis is not None else understood.rule
    if answer["band"] != "answer":  # a crisis, or a command: nothing is looked for
        return Trial(text, answer, rule, None, {}, answer["band"], 0.0, 0.0)
    base, said = find.now(rt), verdict.of(rt, text, limit=HITS)
    found = said.found
    risk = base.entries[found.hits[0].entry].risk if found.hits else 0
    least = base.judge.answer_at[risk]
    features = explain.features(rt, text, found)
    return Trial(
        text, answer, rule, found, features, _why(said, base.judge, least), least,
        base.judge.candidates_at,
    )  # fmt: skip


def _why(said: verdict.Verdict, judge: Judge, least: float) -> str:
    found = said.found
    if said.expired is not None:
        return said.rule
    if found.exact:
        return "exact"
    if not found.hits:
        return "nothing"
    if found.band is Band.ANSWER:
        return "sure"
    if found.band is Band.CANDIDATES:
        return "doubtful" if found.probability >= least else "unsure"
    return "word" if found.probability >= judge.candidates_at else "unlike"


def _whole(words: Iterable[str]) -> list[str]:
    """Return words without those that are parts of another one."""
    own = dict.fromkeys(words)
    return [w for w in own if not any(w != other and w in other for other in own)]


def lines(typed: str) -> list[str]:
    """Return the lines of a list that say something."""
    return [line.strip() for line in typed.splitlines() if line.strip()]


def many(rt: Runtime, base: Base, scope: Scope, listed: Iterable[str]) -> list[Line]:
    """Try many lines on a base: `text`, or `text|entry`, or `text|-` for what none may answer."""
    return [_line(rt, base, scope, line) for line in listed]


def _line(rt: Runtime, base: Base, scope: Scope, line: str) -> Line:
    text, bar, expected = line.rpartition("|")
    text, expected = (text.strip(), expected.strip()) if bar else (line, "")
    understood = rt.understand(text)
    if understood.crisis is not None or understood.intent != "ask_question":
        band = "crisis" if understood.crisis is not None else "task"
        passed = expected == _NOTHING if expected else None
        return Line(text, band, None, 0.0, expected or None, passed, offered=False)
    found = base.search(text, scope, HITS)
    top = found.hits[0] if found.hits else None
    return Line(
        text, str(found.band), top.entry if top else None, top.score if top else 0.0,
        expected or None, _passed(found, expected), _offered(found, expected),
    )  # fmt: skip


def _passed(found: Found, expected: str) -> bool | None:
    if not expected:
        return None
    if expected == _NOTHING:
        return found.band is not Band.ANSWER
    return found.band is Band.ANSWER and found.hits[0].entry == expected


def _offered(found: Found, expected: str) -> bool:
    return found.band is Band.CANDIDATES and expected in [h.entry for h in found.hits[:3]]


def scope_of(rt: Runtime, entry: Entry | None) -> Scope:
    """Return for whom a list is tried: parents of the place the entry speaks for."""
    everywhere = find.scope(rt)
    return everywhere if entry is None else everywhere._replace(area=entry.area)


async def look_up(rt: Runtime, tx: AsyncConnection, actor: Actor, code: str) -> list[Looked]:
    """Return the answers with this short id that the person may see, newest first."""
    await tx.run_sync(lambda connection: find.refresh(rt, connection))
    await tx.run_sync(lambda connection: pins.refresh(rt, connection))
    rows = await tx.execute(
        select(decisions, versions.c.content)
        .outerjoin(
            versions,
            (versions.c.entry == decisions.c.entry) & (versions.c.version == decisions.c.version),
        )
        .where(decisions.c.code == codes.read(code))
        .order_by(decisions.c.at.desc())
    )
    found = [dict(row) for row in rows.mappings()]
    return [await _looked(rt, tx, row) for row in found if _is_for(rt, actor, row)]


def _is_for(rt: Runtime, actor: Actor, row: dict[str, Any]) -> bool:
    """Say whether an answer lies in a place and topic of the person's; nobody's is nobody's."""
    hits = explain.kept_hits(row["hits"])
    entry = row["entry"] or (hits[0]["entry"] if hits else "")
    known = find.now(rt).entries.get(entry)
    topic = reading.from_json(row["content"]).topic if row["content"] else ""
    return actor.may("try", row.get("area", ""), topic or (known.topic if known else ""))


async def _looked(rt: Runtime, tx: AsyncConnection, row: dict[str, Any]) -> Looked:
    content = row.pop("content")
    hits = explain.kept_hits(row["hits"])
    explain.add_words(find.now(rt).index, row, hits)
    for hit in hits:
        hit["words"] = _whole(hit.get("words", ()))
    entry = reading.from_json(content) if content else None
    return Looked(
        row,
        hits,
        entry,
        hotlines.fill(entry.answer) if entry else "",
        await _approvals(tx, row["entry"], row["version"]),
        record.replay(rt, row),
    )


async def _approvals(tx: AsyncConnection, entry: str | None, version: str | None) -> list[Any]:
    """Return the revisions that have exactly this text: who wrote, and who approved."""
    query = (
        select(
            revisions.c.number, revisions.c.kind, revisions.c.by_name, revisions.c.note,
            revisions.c.at,
        )
        .where(revisions.c.entry == entry, revisions.c.version == version)
        .order_by(revisions.c.number.desc())
    )  # fmt: skip
    return list((await tx.execute(query)).all())
