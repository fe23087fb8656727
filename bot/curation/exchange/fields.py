"""A row of cells to an entry: every fault of the row is collected, none ends the reading."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date

from bot.curation.exchange import columns, problems, values
from bot.curation.exchange.rows import Fault, Row
from bot.spreadsheet import cells
from bot.spreadsheet.limits import Limits
from knowledge import files, hotlines, text
from knowledge.entry import AGES, STYLES, Asking, Entry, Source, Status
from knowledge.topics import topics

#: Control characters but tab and newline, and what is no character: no text, no XML holds them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: What the tables of the base hold.
_ID_MAX = 128
_RISK_MAX = 3
_ID_DIGITS = 8
#: More faults than a person mends in one go are not kept.
_FAULTS_MAX = 20


def read(number: int, given: Mapping[str, str], limits: Limits, *faults: Fault) -> Row:
    """Read a row: the texts of its cells by field, and the faults it is known to have."""
    reader = _Reader(number, given, limits)
    reader.faults += faults
    entry = reader.entry()
    asked = (("question", entry.question), *(("similar", a.text) for a in entry.similar))
    return Row(
        number=number,
        id=entry.id,
        entry=None if reader.faults else entry,
        faults=tuple(reader.faults),
        cells=dict(given) if reader.faults else {},
        wordings=tuple((f, t, w) for f, t in asked if (w := text.normalise(t))),
        related=entry.related,
    )


def new_id(topic: str, question: str) -> str:
    """Return the id of an entry that has none: the same for the same question, each time."""
    asked = hashlib.sha256(text.normalise(question).encode()).hexdigest()
    return f"{topic}.new-{asked[:_ID_DIGITS]}"


class _Reader:
    """Takes one row apart; `entry` is only good when no fault was found."""

    def __init__(self, number: int, given: Mapping[str, str], limits: Limits) -> None:
        self._number, self.faults = number, list[Fault]()
        self._cells = {f: self._cell(f, value, limits.cell) for f, value in given.items()}

    def entry(self) -> Entry:
        topic, question = self._topic(), self._question()
        sources = self._sources()
        reviewed_on = self._day("reviewed_on") or max(
            (s.checked for s in sources), default=date.min
        )
        return Entry(
            id=self._id(topic) or new_id(topic, question),
            question=question,
            summary=self._summary(),
            topic=topic,
            ages=self._ages(),
            risk=self._risk(topic),
            status=self._draft(),
            sources=sources,
            reviewed_on=reviewed_on,
            review_due=self._day("review_due") or reviewed_on,  # nobody reviewed it: due at once
            valid_until=self._day("valid_until"),
            owner=self._required("owner"),
            similar=self._similar(),
            related=self._related(),
            answer=self._answer(),
            area=self._area(),
            successor=self._successor(),
        )

    def _fault(self, field: str, key: str, **said: object) -> None:
        if len(self.faults) < _FAULTS_MAX:
            problem = problems.say(key, **said)
            self.faults.append(Fault(self._number, columns.header(field), problem))

    def _cell(self, field: str, value: str, most: int) -> str:
        if len(value) > most:
            self._fault(field, "too_long", value=len(value), most=most)
            value = value[:most]
        if _CONTROL.search(value):
            self._fault(field, "control")
        return value.strip()

    def _required(self, field: str) -> str:
        value = self._cells.get(field, "")
        if not value:
            self._fault(field, "required")
        return value

    def _id(self, topic: str) -> str:
        value = self._cells.get("id", "")
        if value and (len(value) > _ID_MAX or not files.ID.fullmatch(value)):
            self._fault("id", "bad_id", value=value)
        elif value and topic in topics() and value.rpartition(".")[0] != topic:
            self._fault("id", "id_topic", value=topic)
        return value

    def _question(self) -> str:
        value = self._required("question")
        if value and not text.normalise(value):
            self._fault("question", "no_words", value=value)
        return value

    def _summary(self) -> str:
        value = self._required("summary")
        if len(value) > files.SUMMARY_MAX:
            self._fault("summary", "too_long", value=len(value), most=files.SUMMARY_MAX)
        return value

    def _topic(self) -> str:
        value = values.topic(self._required("topic"))
        if value and value not in topics():
            self._fault("topic", "unknown_topic", value=value)
        return value

    def _ages(self) -> tuple[str, ...]:
        words = columns.words("ages")
        found = [values.code(item, words) for item in values.items(self._cells.get("ages", ""))]
        for age in found:
            if age not in AGES:
                self._fault("ages", "bad_age", value=age, allowed=values.allowed("ages"))
        return tuple(found)

    def _risk(self, topic: str) -> int:
        least = topics()[topic].risk if topic in topics() else 0
        value = self._cells.get("risk", "") or str(least)
        if value not in map(str, range(least, _RISK_MAX + 1)):
            self._fault("risk", "bad_risk", value=value, least=least)
            return least
        return int(value)

    def _draft(self) -> Status:
        value = values.code(self._cells.get("status", ""), columns.words("status"))
        if value and value not in list(Status):
            self._fault("status", "bad_status", value=value, allowed=values.allowed("status"))
        return Status.DRAFT

    def _day(self, field: str) -> date | None:
        value = self._cells.get(field, "")
        found = values.day(value)
        if value and found is None:
            self._fault(field, "bad_date", value=value)
        return found

    def _area(self) -> str:
        value = self._cells.get("area", "")
        if value and not files.AREA.fullmatch(value):
            self._fault("area", "bad_area", value=value)
        return value

    def _successor(self) -> str:
        value = self._cells.get("successor", "")
        if value and (len(value) > _ID_MAX or not files.ID.fullmatch(value)):
            self._fault("successor", "bad_related", value=value)
        return value

    def _sources(self) -> tuple[Source, ...]:
        listed = cells.lines(self._required("sources"))
        found = [self._source(number, cells.parts(line)) for number, line in listed]
        return tuple(source for source in found if source)

    def _source(self, number: int, parts: list[str]) -> Source | None:
        name, article, ref, checked = parts if len(parts) == 4 else ("", "", "", "")  # noqa: PLR2004 - as named
        if not (name and ref and checked):
            self._fault("sources", "source_parts", line=number)
            return None
        day = values.day(checked)
        if day is None:
            self._fault("sources", "source_date", line=number, value=checked)
            return None
        return Source(name, article or None, ref, day)

    def _similar(self) -> tuple[Asking, ...]:
        listed = cells.lines(self._cells.get("similar", ""))
        found = [self._asking(number, cells.parts(line)) for number, line in listed]
        return tuple(asking for asking in found if asking)

    def _asking(self, number: int, parts: list[str]) -> Asking | None:
        style, asked = parts if len(parts) == 2 else ("", "")  # noqa: PLR2004 - as named
        style = values.code(style, columns.words("styles"))
        if not (style and asked):
            self._fault("similar", "similar_parts", line=number)
        elif style not in STYLES:
            allowed = values.allowed("styles")
            self._fault("similar", "bad_style", line=number, value=style, allowed=allowed)
        elif not text.normalise(asked):
            self._fault("similar", "no_words", value=asked)
        return Asking(asked, style) if asked else None

    def _related(self) -> tuple[str, ...]:
        found = values.items(self._cells.get("related", ""))
        for other in found:
            if not files.ID.fullmatch(other):
                self._fault("related", "bad_related", value=other)
        return tuple(found)

    def _answer(self) -> str:
        value = self._required("answer")
        for name, number in hotlines.unfilled(value):
            if number is None:
                self._fault("answer", "unknown_placeholder", value=f"{{{{{name}}}}}")
            else:
                self._fault("answer", "unverified_hotline", value=number)
        return value
