"""An entry to the text of its file: the one spelling that knowledge/content is kept in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.entry import Asking, Entry, Source

#: Words and numbers that YAML takes as they stand; punctuation of ASCII is left to quotes.
_PLAIN = re.compile(r"(?:[^\W_]|[^\x00-\x7f])(?:[\w. -]|[^\x00-\x7f])*")
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_IDEOGRAPHIC_SPACE = "\u3000"


def markdown(entry: Entry) -> str:
    """Return the file of an entry; `files.parse` reads the same entry from it."""
    fields = {
        "id": _scalar(entry.id),
        "question": _scalar(entry.question),
        "summary": _scalar(entry.summary),
        "topic": _scalar(entry.topic),
        "ages": _flow(entry.ages),
        "risk": str(entry.risk),
        "status": entry.status.value,
        "sources": _block(map(_source, entry.sources)),
        "reviewed_on": entry.reviewed_on.isoformat(),
        "review_due": entry.review_due.isoformat(),
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else "null",
        "area": _scalar(entry.area),
        "owner": _scalar(entry.owner),
        "similar": _block(map(_asking, entry.similar)),
        "related": _flow(entry.related),
    }
    if not entry.area:
        del fields["area"]
    head = "".join(f"{name}:{_apart(value)}\n" for name, value in fields.items())
    return f"---\n{head}---\n{entry.answer}\n"


def _apart(value: str) -> str:
    return value if value.startswith("\n") else f" {value}"


def _flow(items: Iterable[str]) -> str:
    return f"[{', '.join(map(_scalar, items))}]"


def _block(rows: Iterable[str]) -> str:
    return "".join(f"\n  - {{{row}}}" for row in rows) or "[]"


def _source(source: Source) -> str:
    article = "null" if source.article is None else _scalar(source.article)
    name, ref = _scalar(source.name), _scalar(source.ref)
    return f"name: {name}, article: {article}, ref: {ref}, checked: {source.checked.isoformat()}"


def _asking(asking: Asking) -> str:
    story = asking.style == "story"  # long, with commas: quoted always, so that editing is safe
    text = _quoted(asking.text) if story else _scalar(asking.text)
    return f"style: {_scalar(asking.style)}, text: {text}"


def _scalar(text: str) -> str:
    return text if _is_plain(text) else _quoted(text)


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or text != text.strip() or not _is_shown(text):
        return False
    return not text.isascii() or (text[0].isalpha() and text.lower() not in _WORDS)


def _is_shown(text: str) -> bool:
    return text.replace(_IDEOGRAPHIC_SPACE, "").isprintable()


def _quoted(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if _is_shown(character):
        return character
    return f"\\U{ord(character):08x}" if ord(character) > 0xFFFF else f"\\u{ord(character):04x}"  # noqa: PLR2004 - what four digits can hold
