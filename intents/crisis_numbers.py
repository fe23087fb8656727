"""Numbers that may not be shown leave a text with the clause they stand in; 110 and 120 never."""

from __future__ import annotations

import re
from collections.abc import Collection

_NAMED = re.compile(r"\{(hotline_\d+)\}")
#: A line, cut after each sentence and half-sentence; the signs stay with what they end.
_ENDS, _STOPS, _HALF = "\u3002\uff1b\uff01\uff1f", "\uff0c\u3001", "\uff1b"
_SENTENCES = re.compile(f"[^{_ENDS}]*[{_ENDS}]?")
_CLAUSES = re.compile(f"[^{_STOPS}]*[{_STOPS}]?")
_ITEM = re.compile(r"\d+\. ")
_NUMBER = re.compile(r"\d+(?=\. )")
#: Two numbers with `or` between them.
_PAIR = re.compile(r"(\{hotline_\d+\})(?:\u6216|\u3001)(\{hotline_\d+\})")


def named(text: str) -> tuple[str, ...]:
    """Return the placeholders of a text, each once, in their order."""
    return tuple(dict.fromkeys(_NAMED.findall(text)))


def without(text: str, gone: Collection[str]) -> str:
    """Return the text without these placeholders and the words that lead to them."""
    if not any(name in gone for name in named(text)):
        return text
    lines = [kept for line in text.split("\n") if (kept := _line(line, gone))]
    return "\n".join(_counted(lines))


def _line(line: str, gone: Collection[str]) -> str:
    item = _ITEM.match(line)
    head = item[0] if item else ""
    told = ""
    for sentence in filter(None, _SENTENCES.findall(line[len(head) :])):
        kept = _sentence(sentence, gone)
        told = told + kept if kept else _closed(told)
    return head + _closed(told) if told else ""


def _closed(told: str) -> str:
    """End a sentence whose second half has gone."""
    return told[:-1] + "\u3002" if told and told[-1] in _STOPS + _HALF else told


def _sentence(sentence: str, gone: Collection[str]) -> str:
    """Keep a sentence without the clauses of what is gone, or nothing if that was its matter."""
    sentence = _PAIR.sub(lambda pair: _either(pair, gone), sentence)
    names = named(sentence)
    if not any(name in gone for name in names):
        return sentence
    if all(name in gone for name in names):
        return ""
    end = sentence[-1] if sentence[-1] in _ENDS else ""
    body = sentence[: len(sentence) - len(end)]
    clauses = [c for c in _CLAUSES.findall(body) if c and not _is_gone(c, gone)]
    return "".join(clauses).rstrip(_STOPS) + end


def _either(pair: re.Match[str], gone: Collection[str]) -> str:
    """Return what is left of `one or the other`."""
    left = [p for p in (pair[1], pair[2]) if p[1:-1] not in gone]
    return left[0] if len(left) == 1 else pair[0]


def _is_gone(clause: str, gone: Collection[str]) -> bool:
    return any(name in gone for name in named(clause))


def _counted(lines: list[str]) -> list[str]:
    """Count the items of a list anew: one of them may have gone."""
    number = 0
    counted = []
    for line in lines:
        if _ITEM.match(line):
            number += 1
            counted.append(_NUMBER.sub(str(number), line, count=1))
        else:
            counted.append(line)
    return counted
