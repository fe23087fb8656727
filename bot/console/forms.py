"""What was typed into a form, kept as it was, with a message beside each field that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_request import FileField

from bot.errors import InvalidInput

TEXT_MAX = 400


@dataclass(slots=True)
class Upload:
    """A file that was sent: its name as the browser says it, and its bytes."""

    name: str
    content: bytes


@dataclass(slots=True)
class Form:
    """`values` as typed, `errors` by field, `fault` of the whole; `lists` holds repeated fields."""

    messages: Mapping[str, str]
    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    fault: str | None = None

    def __bool__(self) -> bool:
        return not self.errors and self.fault is None

    def text(self, name: str, *, most: int = TEXT_MAX, needed: bool = True) -> str:
        """Return a trimmed text; notes an error when it is missing or too long."""
        value = self.values.get(name, "").replace("\r\n", "\n").strip()
        if needed and not value:
            self.wrong(name, "form.missing")
        elif len(value) > most:
            self.wrong(name, "form.too_long", most=most, have=len(value))
        return value

    def raw(self, name: str) -> str:
        """Return a text just as typed: for passwords."""
        return self.values.get(name, "")

    def one_of(self, name: str, allowed: Iterable[str]) -> str:
        """Return a value that must be one of these."""
        value = self.values.get(name, "")
        if value not in set(allowed):
            self.wrong(name, "form.choose")
        return value

    def some_of(self, name: str, allowed: Iterable[str]) -> tuple[str, ...]:
        """Return the ticked values, in the order allowed."""
        given, listed = set(self.lists.get(name, ())), list(allowed)
        if not given <= set(listed):
            self.wrong(name, "form.choose")
        return tuple(v for v in listed if v in given)

    def whole(self, name: str, low: int, high: int) -> int:
        """Return a whole number between two; notes an error otherwise."""
        text = self.values.get(name, "").strip()
        if text.isascii() and text.isdigit() and len(text) < 9 and low <= int(text) <= high:  # noqa: PLR2004
            return int(text)
        self.wrong(name, "form.number", low=low, high=high)
        return low

    def day(self, name: str, *, needed: bool = True) -> date | None:
        """Return a day (`2026-11-24`); None when empty or wrong."""
        text = self.values.get(name, "").strip()
        if not text:
            if needed:
                self.wrong(name, "form.missing")
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.wrong(name, "form.day")
            return None

    def wrong(self, name: str, key: str, **values: object) -> None:
        """Note an error beside a field: a key of messages.yaml, or a sentence."""
        self.errors.setdefault(name, said(self.messages, key, **values))

    def refuse(self, error: InvalidInput | str, name: str | None = None) -> None:
        """Note what an action refused: beside a field, or for the whole form."""
        text = said(self.messages, str(error))
        if name is None:
            self.fault = text
        else:
            self.errors.setdefault(name, text)


def said(messages: Mapping[str, str], key: str, **values: object) -> str:
    """Return the sentence of a key; a text that is no key stands for itself."""
    found = messages.get(key)
    return key if found is None else found.format(**values)


async def read(request: web.Request, messages: Mapping[str, str]) -> Form:
    """Read a form or an upload.

    Raises:
        InvalidInput: it is neither, or broken.
    """
    form = Form(messages)
    try:
        posted = await request.post()
    except (ValueError, LookupError, HttpProcessingError) as error:
        raise InvalidInput("form.unreadable") from error
    for name, value in posted.items():
        if isinstance(value, FileField):
            with value.file as sent:
                form.files.setdefault(name, Upload(value.filename, sent.read()))
        elif isinstance(value, str):
            clean = value.replace("\0", "")
            form.values.setdefault(name, clean)
            form.lists.setdefault(name, []).append(clean)
    return form
