"""A session as a calendar file: RFC 5545, with folded lines, escaped texts and UTC times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.sessions import rules
from bot.sessions.words import texts

#: Octets of a line before it is folded (RFC 5545, 3.1).
_LINE = 75
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
#: An alarm an hour before, by the phone itself.
_ALARM = "-PT1H"


def made(session: Any, address: str, now: datetime) -> bytes:
    """Return the calendar with this one event; `address` is the session's page, or empty."""
    said = texts()["calendar"]
    is_off = session.state == rules.CANCELLED
    title = session.title + (said["cancelled"] if is_off else "")
    alarm = [("BEGIN", "VALARM"), ("ACTION", "DISPLAY"), ("DESCRIPTION", _text(title)),
             ("TRIGGER", _ALARM), ("END", "VALARM")]  # fmt: skip
    lines = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", f"-//{_text(said['product'])}//sessions//ZH"),
        ("METHOD", "PUBLISH"),
        ("BEGIN", "VEVENT"),
        ("UID", f"{session.code}@sessions"),
        ("SEQUENCE", str(session.revision)),
        ("DTSTAMP", _instant(now)),
        ("DTSTART", _instant(session.starts_at)),
        ("DTEND", _instant(session.ends_at)),
        ("SUMMARY", _text(title)),
        ("LOCATION", _text(session.place)),
        ("DESCRIPTION", _text(session.text)),
        *([("URL", address)] if address else []),
        ("STATUS", "CANCELLED" if is_off else "CONFIRMED"),
        *([] if is_off else alarm),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]
    return b"".join(_folded(f"{name}:{value}") for name, value in lines)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    plain = "".join(c for c in value.replace("\r\n", "\n") if c == "\n" or c.isprintable())
    return "".join(_ESCAPED.get(c, c) for c in plain)


def _folded(line: str) -> bytes:
    """Return a line in pieces of 75 octets; no character is torn apart."""
    pieces: list[bytes] = []
    piece = b""
    for octets in (c.encode() for c in line):
        room = _LINE - (1 if pieces else 0)  # a space stands before what goes on
        if len(piece) + len(octets) > room:
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
