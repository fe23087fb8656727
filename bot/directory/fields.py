"""The texts of a row to a place: every fault of the row is collected, none ends the reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.directory.place import Place
from bot.directory.words import say, words
from bot.spreadsheet import values
from knowledge.topics import topics

#: Control characters but tab and newline, and what is no character.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PHONE = re.compile(r"\d{3,5}(?:-?\d{3,8}){0,2}(?:-\d{1,6})?")
_PHONES = re.compile("[;\uff1b\\s\u3001,\uff0c]+")
_PLAIN = (
    "street", "address", "hours", "booking", "fee", "audience", "languages", "accessibility",
    "operator", "note", "verified_by",
)  # fmt: skip
_EXAMPLES = {"lat": "23.1291", "lng": "113.2644"}


@dataclass(slots=True)
class Reading:
    """A row being read: texts by field, districts by the names people write, faults by field."""

    given: Mapping[str, str]
    #: Paths of the city and its districts by name, also without its last character.
    areas: Mapping[str, str]
    today: date
    faults: dict[str, str] = field(default_factory=dict)

    def place(self, code: str) -> Place | None:
        """Return the place; None where there is a fault. An empty code of the row takes `code`."""
        lat, lng = self._degrees("lat"), self._degrees("lng")
        if (lat is None) != (lng is None):
            self.wrong("lat", "half_place")
        made = Place(
            code=self._code() or code,
            name=self._text("name", needed=True),
            kind=self._one("kind", words().kinds, needed=True),
            level=self._one("level", words().levels) or "street",
            area=self._area(),
            lat=lat,
            lng=lng,
            phones=self._phones(),
            services=self._some("services", words().services),
            topics=self._topics(),
            ages=self._some("ages", words().ages),
            source_url=self._url(),
            verified_at=self._day("verified_at"),
            valid_until=self._day("valid_until"),
            status=self._one("status", words().statuses) or "unverified",
            **{name: self._text(name) for name in _PLAIN},
        )
        self._verified(made)
        return None if self.faults else made

    def wrong(self, name: str, key: str, **said: object) -> None:
        """Note what is wrong with a field; its first fault is kept."""
        self.faults.setdefault(name, say(key, **said))

    def _text(self, name: str, *, needed: bool = False) -> str:
        text = " ".join(self.given.get(name, "").split())
        if _CONTROL.search(text):
            self.wrong(name, "control")
        if needed and not text:
            self.wrong(name, "required")
        most = words().most[name]
        if len(text) > most:
            self.wrong(name, "too_long", value=len(text), most=most)
        return text

    def _code(self) -> str:
        text = self._text("code")
        if text and not _CODE.fullmatch(text):
            self.wrong("code", "bad_code", value=text)
        return text

    def _one(self, name: str, known: Mapping[str, str], *, needed: bool = False) -> str:
        text = self._text(name, needed=needed)
        found = _codes(known).get(text, "")
        if text and not found:
            self.wrong(name, "unknown_code", value=text, allowed=" ".join(known.values()))
        return found

    def _some(self, name: str, known: Mapping[str, str]) -> str:
        codes, found = _codes(known), dict[str, None]()
        for item in values.items(self._text(name)):
            if item not in codes:
                self.wrong(name, "unknown_code", value=item, allowed=" ".join(known.values()))
            else:
                found[codes[item]] = None
        return ",".join(found)

    def _topics(self) -> str:
        names = {t.name: t.id for t in topics().values()}
        found = dict[str, None]()
        for item in values.items(self._text("topics")):
            leaf = names.get(item, item)
            if leaf not in topics():
                self.wrong("topics", "unknown_topic", value=item)
            found[leaf] = None
        return ",".join(found)

    def _area(self) -> str:
        text = self._text("district", needed=True)
        found = self.areas.get(text, "")
        if text and not found:
            self.wrong("district", "unknown_district", value=text, allowed=self._allowed())
        return found

    def _allowed(self) -> str:
        """Return the districts by their first, full names."""
        full: dict[str, str] = {}
        for name, path in self.areas.items():
            full.setdefault(path, name)
        return " ".join(full.values())

    def _degrees(self, name: str) -> float | None:
        text = self._text(name)
        if not text:
            return None
        low, high = words().bounds[name]
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if low <= number <= high:
            return round(number, 6)
        self.wrong(
            name, "bad_degrees", value=text, what=words().header(name), example=_EXAMPLES[name]
        )
        return None

    def _phones(self) -> str:
        found = [part for part in _PHONES.split(self._text("phones")) if part]
        for number in found:
            if not _PHONE.fullmatch(number):
                self.wrong("phones", "bad_phone", value=number)
        return ";".join(found)

    def _url(self) -> str:
        text = self._text("source_url")
        if text and not text.startswith(("https://", "http://")):
            self.wrong("source_url", "bad_url", value=text)
        return text

    def _day(self, name: str) -> date | None:
        text = self._text(name)
        found = values.day(text) if text else None
        if text and found is None:
            self.wrong(name, "bad_date", value=text)
        return found

    def _verified(self, made: Place) -> None:
        if made.status == "active" and not (made.verified_by and made.verified_at):
            self.wrong("status", "not_verified")
        if made.verified_at is not None and made.verified_at > self.today:
            self.wrong("verified_at", "verified_later", value=made.verified_at.isoformat())


def _codes(known: Mapping[str, str]) -> dict[str, str]:
    """Return codes by themselves and by the words people read."""
    return {code: code for code in known} | {word: code for code, word in known.items()}


def texts(place: Place, names: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of a place by field, as people read them; `Reading` reads them back.

    `names` are names by path.
    """
    known = words()
    row = {k: "" if v is None else str(v) for k, v in place.to_row().items() if k != "area"}
    row["district"] = names.get(place.area, place.area)
    row["kind"] = known.kinds.get(place.kind, place.kind)
    row["level"] = known.levels.get(place.level, place.level)
    row["status"] = known.statuses.get(place.status, place.status)
    row["services"] = ", ".join(known.services[c] for c in _listed(place.services))
    row["ages"] = ", ".join(known.ages[c] for c in _listed(place.ages))
    row["topics"] = ", ".join(topics()[c].name for c in _listed(place.topics))
    return row


def _listed(codes: str) -> list[str]:
    return [code for code in codes.split(",") if code]
