"""The base that answers now: entries, index and judge, swapped at once when one is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot.clock import day
from bot.errors import StartRefused
from bot.library import tables, weigh
from bot.logs import log
from bot.runtime import REMEMBERED, Runtime
from knowledge import entry as entries
from knowledge import files
from knowledge.archive import load, loads, save
from knowledge.entry import Entry, Status
from knowledge.errors import IndexBroken
from knowledge.index import Index, version_of
from knowledge.judge import Judge, load_judge
from knowledge.scope import Scope
from knowledge.search import Found, search

_SHELF = "answers.base"
#: Hits looked at for a parent; `bot ask` shows more.
HITS = 5


@dataclass(frozen=True, slots=True)
class Base:
    """An immutable published base; `versions` keeps each entry's content hash ready."""

    entries: Mapping[str, Entry]
    versions: Mapping[str, str]
    index: Index
    judge: Judge
    #: Texts made once an entry; `compose` fills it.
    ready: dict[str, Any] = field(default_factory=dict)

    #: `search` on this base, remembering its last answers; a publish makes another base.
    search: Callable[[str, Scope, int], Found] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        def asked(question: str, scope: Scope, limit: int) -> Found:
            return search(self.index, question, self.judge, scope=scope, limit=limit)

        object.__setattr__(self, "search", lru_cache(maxsize=REMEMBERED)(asked))

    def barred(self, today: date) -> frozenset[str]:
        """Return the entries that are past their last valid day."""
        return frozenset(e.id for e in self.entries.values() if not e.is_valid_on(today))


def now(rt: Runtime) -> Base:
    """Return the base in force."""
    base: Base = rt.shelf[_SHELF]
    return base


def is_loaded(rt: Runtime) -> bool:
    """Say whether this process holds a base."""
    return _SHELF in rt.shelf


def put(rt: Runtime, base: Base) -> None:
    """Make a base the one in force, from the next message on."""
    rt.shelf[_SHELF] = base
    rt.shelf.pop("answers.barred", None)
    rt.is_answered = lambda text: is_answered(rt, text)


def find(rt: Runtime, question: str, *, limit: int = HITS) -> Found:
    """Return what the base in force knows of a question."""
    return now(rt).search(question, scope(rt), limit)


def is_answered(rt: Runtime, question: str) -> bool:
    """Say whether the base in force plainly answers a question, with no danger in it."""
    return weigh.is_plain(find(rt, question), now(rt).entries)


def scope(rt: Runtime) -> Scope:
    """Return for whom and when an answer is looked for: today, and what holds everywhere.

    Where a parent belongs is not known yet; entries of one area alone answer nobody until it is.
    """
    return Scope(day=day(rt.clock.now()), area="")


def barred(rt: Runtime) -> frozenset[str]:
    """Return the entries that may no longer answer today; the list is kept for the day."""
    today = day(rt.clock.now())
    kept: tuple[date, frozenset[str]] | None = rt.shelf.get("answers.barred")
    if kept is None or kept[0] != today:
        kept = rt.shelf["answers.barred"] = (today, now(rt).barred(today))
    return kept[1]


def refresh(rt: Runtime, tx: Connection) -> None:
    """Load the published base when it is not the one in force: a publish on any replica counts.

    Raises:
        StartRefused: nothing is published; run `bot init`.
    """
    version = tx.scalar(select(tables.base.c.version))
    if version is None:
        raise StartRefused("no entry is published: run `bot init`")
    held: Base | None = rt.shelf.get(_SHELF)
    if held is not None and held.index.version == version:
        return
    try:
        index = loads(tx.scalar(select(tables.base.c.index)) or b"")
    except IndexBroken as broken:
        raise StartRefused(f"the published index {broken}: run `bot init`") from broken
    put(rt, _base(_served(tx, held), index))
    log.info("base_loaded", version=version, entries=len(now(rt).entries))


def _served(tx: Connection, held: Base | None) -> dict[str, tuple[Entry, str]]:
    """Return the published entries; those that have not changed are taken from the base before."""
    table = tables.published
    versions = {r.entry: r.version for r in tx.execute(select(table.c.entry, table.c.version))}
    kept = (
        {}
        if held is None
        else {i: (held.entries[i], v) for i, v in versions.items() if held.versions.get(i) == v}
    )
    rows = select(table.c.version, table.c.content)
    wanted = sorted(versions.keys() - kept.keys())
    if kept:
        rows = rows.where(table.c.entry.in_(wanted))
    # the wordings live in the index; an answer needs the rest of its entry
    read = [
        (replace(entries.from_json(row.content), similar=()), row.version)
        for row in (tx.execute(rows) if wanted else ())
    ]
    return kept | {entry.id: (entry, version) for entry, version in read}


def from_files(cache: Path | None = None) -> Base:
    """Return the base of knowledge/content; `cache` keeps the fitted index between calls."""
    served = [e for e in files.load() if e.status is Status.PUBLISHED]
    return _base({e.id: (e, e.version) for e in served}, _index(served, cache))


def _index(served: list[Entry], cache: Path | None) -> Index:
    if cache is not None and cache.exists():
        try:
            index = load(cache)
        except IndexBroken as broken:
            log.warning("index_rebuilt", reason=str(broken))
        else:
            if index.version == version_of(served):
                return index
    from knowledge.fit import fit  # scikit-learn: only when an index is built

    index = fit(served)
    if cache is not None:
        save(index, cache)
    return index


def _base(served: Mapping[str, tuple[Entry, str]], index: Index) -> Base:
    return Base(
        entries={i: e for i, (e, _) in served.items()},
        versions={i: v for i, (_, v) in served.items()},
        index=index,
        judge=load_judge(),
    )
