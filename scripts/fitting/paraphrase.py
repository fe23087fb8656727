"""Say a wording otherwise: light slips and changes of words, drawn with a seed."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import yaml

from knowledge import text
from knowledge.sounds import sounds

_DATA = yaml.safe_load((Path(__file__).parent / "paraphrase.yaml").read_text(encoding="utf-8"))
#: Words of more wordings than this are the base's common words; they are not put for others.
_COMMON = 60
_LONGEST = 3


class Paraphraser:
    """Draws paraphrases of a base's wordings; equal seeds draw equal ones."""

    def __init__(self, wordings: Iterable[str], seed: int) -> None:
        listed = list(wordings)
        self._dice = random.Random(seed)
        self._alike = _homophones(listed)
        counts = Counter(w for t in listed for w in _words(t))
        self._rare: dict[int, list[str]] = {}
        for word in sorted(w for w, n in counts.items() if n < _COMMON):
            self._rare.setdefault(min(len(word), _LONGEST), []).append(word)

    def said_otherwise(self, wording: str) -> str:
        """Return a wording with one to five changes, often with other words in it."""
        for _ in range(self._dice.randint(1, 5)):
            wording = self._changed(wording)
        return self._with_other_words(wording) if self._dice.random() < 0.6 else wording  # noqa: PLR2004

    def _changed(self, wording: str) -> str:
        kinds = (self._synonym, self._padded, self._shorter, self._turned, self._slipped)
        return self._dice.choices(kinds, weights=(45, 15, 18, 10, 12))[0](wording)

    def _synonym(self, wording: str) -> str:
        groups = [g for g in _DATA["same"] if any(w in wording for w in g)]
        if not groups:
            return wording
        group = self._dice.choice(groups)
        old = self._dice.choice([w for w in group if w in wording])
        return wording.replace(old, self._dice.choice([w for w in group if w != old]), 1)

    def _padded(self, wording: str) -> str:
        if self._dice.random() < 0.5:  # noqa: PLR2004
            return self._dice.choice(_DATA["before"]) + wording
        return wording + self._dice.choice(_DATA["after"])

    def _shorter(self, wording: str) -> str:
        at = self._dice.randrange(len(wording))
        if wording[at] in _DATA["kept"] or len(wording) < 7:  # noqa: PLR2004
            return wording
        return wording[:at] + wording[at + 1 :]

    def _turned(self, wording: str) -> str:
        clauses = re.split(f"[{_DATA['stops']}]", wording)
        if len(clauses) > 1:
            at = self._dice.randrange(len(clauses) - 1)
            clauses[at], clauses[at + 1] = clauses[at + 1], clauses[at]
        return _DATA["stops"][0].join(clauses)

    def _slipped(self, wording: str) -> str:
        at = self._dice.randrange(len(wording))
        others = self._alike.get(wording[at])
        return wording[:at] + self._dice.choice(others) + wording[at + 1 :] if others else wording

    def _with_other_words(self, wording: str) -> str:
        plain = text.normalise(wording)
        words = _words(wording)
        for word in self._dice.sample(words, min(self._dice.choice((1, 1, 2, 3)), len(words))):
            other = self._dice.choice(self._rare[min(len(word), _LONGEST)])
            plain = plain.replace(word, other if self._dice.random() < 0.5 else "", 1)  # noqa: PLR2004
        return plain or wording


def _words(wording: str) -> list[str]:
    return [w for w in text.words(text.normalise(wording)) if len(w) > 1]


def _homophones(wordings: list[str]) -> dict[str, list[str]]:
    chars = sorted({c for t in wordings for c in text.normalise(t) if c > "\u4e00"})
    by_sound: dict[int, list[str]] = {}
    for char, sound in zip(chars, sounds(np.array([ord(c) for c in chars])).tolist(), strict=True):
        by_sound.setdefault(sound, []).append(char)
    return {c: [o for o in cs if o != c] for cs in by_sound.values() for c in cs if len(cs) > 1}
