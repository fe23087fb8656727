"""An entry to the text of its file: the one spelling that knowledge/content is kept in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.entry import Asking, Entry, Source

#: Words and numbers that YAML takes as they stand; punctuation of ASCII is left to quotes.
#: One class a sign: two that share letters would try every way to split a long text.
_PLAIN = re.compile(r"[0-9A-Za-z\x80-\U0010ffff][\w. \-\x80-\U0010ffff]*")
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_IDEOGRAPHIC_SPACE = "\u3000"


def markdown(entry: Entry) -> str:
    """Return the file of an entry; `files.parse` reads the same entry from it."""
    fields = {
        "id": scalar(entry.id),
        "question": scalar(entry.question),
        "summary": scalar(entry.summary),
        "topic": scalar(entry.topic),
        "ages": flow(entry.ages),
        "risk": str(entry.risk),
        "status": entry.status.value,
        "sources": _block(map(_source, entry.sources)),
        "reviewed_on": entry.reviewed_on.isoformat(),
        "review_due": entry.review_due.isoformat(),
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else "null",
        "successor": scalar(entry.successor),
        "area": scalar(entry.area),
        "owner": scalar(entry.owner),
        "similar": _block(map(_asking, entry.similar)),
        "related": flow(entry.related),
    }
    for name in ("successor", "area"):
        if not getattr(entry, name):
            del fields[name]
    head = "".join(f"{name}:{_apart(value)}\n" for name, value in fields.items())
    return f"---\n{head}---\n{entry.answer}\n"


def _apart(value: str) -> str:
    return value if value.startswith("\n") else f" {value}"


def flow(items: Iterable[str]) -> str:
    """Return a list on one line."""
    return f"[{', '.join(map(scalar, items))}]"


def _block(rows: Iterable[str]) -> str:
    return "".join(f"\n  - {{{row}}}" for row in rows) or "[]"


def _source(source: Source) -> str:
    article = "null" if source.article is None else scalar(source.article)
    name, ref = scalar(source.name), scalar(source.ref)
    return f"name: {name}, article: {article}, ref: {ref}, checked: {source.checked.isoformat()}"


def _asking(asking: Asking) -> str:
    story = asking.style == "story"  # long, with commas: quoted always, so that editing is safe
    text = _quoted(asking.text) if story else scalar(asking.text)
    return f"style: {scalar(asking.style)}, text: {text}"


def scalar(text: str) -> str:
    """Return a text as YAML reads it back: as it stands, or in quotes."""
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
