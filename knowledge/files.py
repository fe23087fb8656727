"""content/ to entries: every fault is reported with its file and line, all of them at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from knowledge import front, hotlines, text
from knowledge.entry import AGES, STYLES, Asking, Entry, Source, Status
from knowledge.errors import FileFault, KnowledgeError
from knowledge.topics import CONTENT, topics

ID = re.compile(r"[a-z]+\.[a-z_]+\.[a-z0-9]+(?:-[a-z0-9]+)*")
AREA = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)*")
_FENCE = "---\n"
_REQUIRED = (
    "id", "question", "summary", "topic", "ages", "risk", "status", "sources",
    "reviewed_on", "review_due", "valid_until", "owner", "similar", "related",
)  # fmt: skip
_OPTIONAL = ("area", "successor")
SUMMARY_MAX = 40


class BaseBroken(KnowledgeError):
    """The base cannot be loaded; the message lists every fault, a line each."""

    def __init__(self, faults: list[FileFault]) -> None:
        super().__init__("\n".join(str(f) for f in faults))
        self.faults = faults


def load(folder: Path = CONTENT) -> list[Entry]:
    """Read every entry below the folder, sorted by id.

    Raises:
        BaseBroken: one or more files are broken; all faults are listed.
    """
    entries, faults = [], []
    for path in sorted(folder.glob("*/*.md")):
        try:
            entries.append(read(path))
        except FileFault as fault:
            faults.append(fault)
    if not entries and not faults:
        faults.append(FileFault(folder, None, "holds no entry"))
    faults += _cross_faults(folder, entries)
    if faults:
        raise BaseBroken(faults)
    return sorted(entries, key=lambda entry: entry.id)


def read(path: Path) -> Entry:
    """Read one entry file.

    Raises:
        FileFault: the front matter or the answer is not as docs/content-guide.md says.
    """
    try:
        raw = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FileFault(path, None, "is not UTF-8") from error
    return parse(raw, path)


def parse(raw: str, path: Path, *, placed: bool = True) -> Entry:
    """Read the text of one entry file; `path` is named in faults.

    `placed` says that the text belongs into that folder under that name, which its id must tell.

    Raises:
        FileFault: the front matter or the answer is not as docs/content-guide.md says.
    """
    head, fence, answer = raw.removeprefix(_FENCE).partition("\n" + _FENCE)
    if not (raw.startswith(_FENCE) and fence):
        raise FileFault(path, 1, "must begin with front matter between two lines `---`")
    fields, lines = front.read(head + "\n", path)
    entry = _Reader(path, fields, lines, placed=placed).entry(answer.strip())
    body_line = head.count("\n") + 4
    for problem in hotlines.faults(entry.answer):
        raise FileFault(path, body_line, problem)
    return entry


class _Reader:
    """Takes one front matter apart, field by field."""

    def __init__(
        self, path: Path, fields: Mapping[str, Any], lines: Mapping[str, int], *, placed: bool
    ) -> None:
        self._path, self._fields, self._lines = path, fields, lines
        self._placed = placed

    def entry(self, answer: str) -> Entry:
        for name in _REQUIRED:
            if name not in self._fields:
                raise self._fault(name, "is missing")
        for name in self._fields:
            if name not in (*_REQUIRED, *_OPTIONAL):
                raise self._fault(name, "is not a field of an entry")
        if not answer:
            raise FileFault(self._path, None, "has no answer below the front matter")
        return Entry(
            id=self._id(),
            question=self._text("question"),
            summary=self._summary(),
            topic=self._topic(),
            ages=self._subset("ages", AGES),
            risk=self._risk(),
            status=self._status(),
            sources=self._sources(),
            reviewed_on=self._date("reviewed_on"),
            review_due=self._date("review_due"),
            valid_until=self._date("valid_until") if self._fields["valid_until"] else None,
            owner=self._text("owner"),
            similar=self._similar(),
            related=self._related(),
            answer=answer,
            area=self._area(),
            successor=self._successor(),
        )

    def _fault(self, field: str, problem: str) -> FileFault:
        return FileFault(self._path, self._lines.get(field), f"`{field}` {problem}")

    def _area(self) -> str:
        area = self._text("area") if "area" in self._fields else ""
        if area and not AREA.fullmatch(area):
            raise self._fault("area", "must be a path such as gz/tianhe")
        return area

    def _successor(self) -> str:
        other = self._text("successor") if "successor" in self._fields else ""
        if other and (not ID.fullmatch(other) or other == self._fields["id"]):
            raise self._fault("successor", "must be the id of another entry")
        return other

    def _text(self, field: str) -> str:
        value = self._fields[field]
        if not isinstance(value, str) or not value.strip():
            raise self._fault(field, "must be text")
        return value.strip()

    def _list(self, field: str) -> list[Any]:
        value = self._fields[field]
        if not isinstance(value, list):
            raise self._fault(field, "must be a list")
        return value

    def _related(self) -> tuple[str, ...]:
        value = self._list("related")
        if not all(isinstance(item, str) for item in value):
            raise self._fault("related", "must list ids")
        return tuple(value)

    def _id(self) -> str:
        value = self._text("id")
        if not ID.fullmatch(value):
            raise self._fault("id", "must look like `topic.leaf.short-name`")
        if self._placed and value != f"{self._path.parent.name}.{self._path.stem}":
            raise self._fault("id", "must be folder name + `.` + file name")
        return value

    def _summary(self) -> str:
        value = self._text("summary")
        if len(value) > SUMMARY_MAX:
            raise self._fault("summary", f"is {len(value)} characters, at most {SUMMARY_MAX}")
        return value

    def _topic(self) -> str:
        value = self._text("topic")
        if value not in topics():
            raise self._fault("topic", f"`{value}` is not in _topics.yaml")
        if self._placed and value != self._path.parent.name:
            raise self._fault("topic", "must be the folder's name")
        if value != self._text("id").rpartition(".")[0]:
            raise self._fault("topic", "must be what the id begins with")
        return value

    def _subset(self, field: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        value = self._list(field)
        for item in value:
            if item not in allowed:
                raise self._fault(field, f"holds `{item}`, not one of {', '.join(allowed)}")
        return tuple(value)

    def _risk(self) -> int:
        value, least = self._fields["risk"], topics()[self._text("topic")].risk
        if type(value) is not int or not least <= value <= 3:  # noqa: PLR2004 - the scale is 0-3
            raise self._fault("risk", f"must be a whole number from {least} (the topic's) to 3")
        return value

    def _status(self) -> Status:
        try:
            return Status(self._text("status"))
        except ValueError as error:
            allowed = ", ".join(Status)
            raise self._fault("status", f"must be one of {allowed}") from error

    def _date(self, field: str) -> date:
        value = self._fields[field]
        if type(value) is not date:
            raise self._fault(field, "must be a date like 2026-11-24")
        return value

    def _sources(self) -> tuple[Source, ...]:
        found = []
        for item in self._list("sources"):
            if not isinstance(item, dict) or set(item) != {"name", "article", "ref", "checked"}:
                raise self._fault("sources", "each needs name, article, ref and checked")
            if not isinstance(item["name"], str) or type(item["checked"]) is not date:
                raise self._fault("sources", "name must be text and checked a date")
            article = None if item["article"] is None else str(item["article"])
            found.append(Source(item["name"], article, str(item["ref"]), item["checked"]))
        if not found:
            raise self._fault("sources", "must name at least one")
        return tuple(found)

    def _similar(self) -> tuple[Asking, ...]:
        found = []
        for item in self._list("similar"):
            if not isinstance(item, dict) or set(item) != {"style", "text"}:
                raise self._fault("similar", "each needs style and text")
            if item["style"] not in STYLES:
                raise self._fault("similar", f"style `{item['style']}` is unknown")
            if not text.normalise(str(item["text"])):
                raise self._fault("similar", "holds a wording without a word")
            found.append(Asking(str(item["text"]).strip(), item["style"]))
        return tuple(found)


def _cross_faults(folder: Path, entries: Iterable[Entry]) -> list[FileFault]:
    """Find what only shows between files: unknown relatives, one wording in two entries."""
    by_id = {e.id: e for e in entries}
    faults: list[FileFault] = []
    owner: dict[str, str] = {}
    for entry in by_id.values():
        path = folder / entry.topic / f"{entry.id.rsplit('.', 1)[1]}.md"
        faults += [
            FileFault(path, None, f"`related` names `{other}`, which does not exist")
            for other in entry.related
            if other not in by_id
        ]
        if entry.successor and entry.successor not in by_id:
            told = f"`successor` names `{entry.successor}`, which does not exist"
            faults.append(FileFault(path, None, told))
        for wording in dict.fromkeys(text.normalise(a) for a in entry.askings()):
            first = owner.setdefault(wording, entry.id)
            if first != entry.id:
                faults.append(FileFault(path, None, f"`{wording}` also asks for {first}"))
    return faults
