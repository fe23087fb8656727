"""Text as WeChat accepts it: no forbidden characters, cut by bytes without breaking a character."""

from __future__ import annotations

import re
import unicodedata

TEXT_LIMIT_BYTES = 2048  # Source: WECHAT.md R5; errcode 45002 gives no number beside it

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SENTENCE_END = re.compile("[\u3002\uff01\uff1f!?\uff1b;\u2026][\u201d\u2019\u300d\u300f\uff09)]*")
_LINK = re.compile(r"<a\s[^>]*>.*?</a>", re.DOTALL)
_ZERO_WIDTH_JOINER = "\u200d"


def clean(text: str) -> str:
    r"""Return a text without what XML 1.0 and databases refuse; line ends become `\n`.

    Removed: C0 controls except tab and line feed, lone surrogates, U+FFFE and U+FFFF.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _FORBIDDEN.sub("", text)


def fit(text: str, limit_bytes: int = TEXT_LIMIT_BYTES) -> str:
    """Return `clean(text)` cut to the limit; the rest is lost, so callers `cut` before."""
    return cut(clean(text), limit_bytes)[0]


def cut(text: str, limit_bytes: int = TEXT_LIMIT_BYTES, tail: str = "") -> tuple[str, str]:
    """Split a text so that the head, with `tail` behind it, fits; return the head and the rest.

    A text that fits comes back whole, without the tail, and the rest is empty. Otherwise the head
    already carries the tail, and head without tail + rest == text. The cut stands after a line
    break or a sentence in the last third where there is one, never inside a character made of
    several code points (emoji families, flags, skin tones, accents) and never inside a link,
    unless one such thing alone is longer than the limit.

    Raises:
        ValueError: the limit leaves no room beside the tail.
    """
    if len(text) * 4 <= limit_bytes or len(text.encode("utf-8", "replace")) <= limit_bytes:
        return text, ""
    room = limit_bytes - len(tail.encode())
    if room < 4:  # noqa: PLR2004 - the longest code point in UTF-8
        raise ValueError("the limit leaves no room for the text beside its tail")
    most = _code_points_within(text, room)
    at = _clear_of_links(text, _preferred(text, most))
    at = _whole_character(text, at) or _whole_character(text, most) or most
    return text[:at] + tail, text[at:]


def units(text: str) -> int:
    """Return how many UTF-16 units a text has: an astral emoji is two, the careful count."""
    return len(text) + sum(character > "\uffff" for character in text)


def leading(text: str, limit: int) -> str:
    """Return the leading whole characters that have at most `limit` UTF-16 units together."""
    if units(text) <= limit:
        return text
    at = taken = 0
    while taken + units(text[at]) <= limit:
        taken += units(text[at])
        at += 1
    return text[: _whole_character(text, at)]


def _code_points_within(text: str, room: int) -> int:
    """Return how many leading code points fit into `room` bytes of UTF-8."""
    data = text[:room].encode("utf-8", "replace")[:room]
    return len(data.decode("utf-8", "ignore"))


def _preferred(text: str, most: int) -> int:
    """Return the end of the last line or sentence in the last third, else `most`."""
    earliest = most * 2 // 3
    line = text.rfind("\n", earliest, most)
    if line >= 0:
        return line + 1
    ends = [found.end() for found in _SENTENCE_END.finditer(text, earliest, most)]
    return ends[-1] if ends else most


def _clear_of_links(text: str, at: int) -> int:
    """Return the start of the link that stands across `at`, or `at` itself."""
    for link in _LINK.finditer(text):
        if link.start() < at < link.end():
            return link.start()
    return at


def _whole_character(text: str, at: int) -> int:
    """Return the nearest border of whole characters at or before `at`; 0 when there is none."""
    while 0 < at < len(text) and _belongs_together(text, at):
        at -= 1
    return at


def _belongs_together(text: str, at: int) -> bool:
    """Say whether the code points on both sides of `at` make one visible character."""
    before, after = text[at - 1], text[at]
    return (
        before == _ZERO_WIDTH_JOINER
        or _extends(after)
        or (before == "\r" and after == "\n")
        or (_is_flag_half(before) and _is_flag_half(after) and _odd_flag_halves(text, at))
    )


def _extends(character: str) -> bool:
    """Say whether a code point changes the one before it: accent, joiner, skin tone, tag."""
    return (
        character == _ZERO_WIDTH_JOINER
        or unicodedata.category(character)[0] == "M"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _odd_flag_halves(text: str, at: int) -> bool:
    start = at
    while start > 0 and _is_flag_half(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 1
