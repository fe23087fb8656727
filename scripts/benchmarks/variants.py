"""The same question as a parent might also type it: slips, traditional characters, small talk.

Everything is seeded by the text itself, so that a variant does not depend on what came before.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

CHATTY = Path(__file__).parent / "chatty.yaml"
NAMES = ("clean", "traditional", "1 homophone", "2 homophones", "chatty")


def homophones(texts: Iterable[str]) -> dict[str, list[str]]:
    """Return, for each Chinese character of the texts, the others of them read the same."""
    from pypinyin import lazy_pinyin

    alphabet = sorted({c for text in texts for c in text if "\u4e00" <= c <= "\u9fff"})
    by_sound: dict[str, list[str]] = {}
    for char in alphabet:
        by_sound.setdefault(lazy_pinyin(char)[0], []).append(char)
    return {c: [o for o in same if o != c] for same in by_sound.values() for c in same}


def slip(text: str, same: dict[str, list[str]], count: int) -> str:
    """Return the text with `count` characters written as others of the same sound."""
    chance = random.Random(f"slip {count} {text}")  # noqa: S311 - a seeded choice
    places = [n for n, char in enumerate(text) if same.get(char)]
    chars = list(text)
    for place in chance.sample(places, min(count, len(places))):
        chars[place] = chance.choice(same[chars[place]])
    return "".join(chars)


def padded(text: str, prefixes: list[str], suffixes: list[str]) -> str:
    """Return the text with a greeting before it and thanks behind it."""
    chance = random.Random(f"chatty {text}")  # noqa: S311 - a seeded choice
    return chance.choice(prefixes) + text + chance.choice(suffixes)


def makers(texts: Iterable[str]) -> dict[str, Callable[[str], str]]:
    """Return how each variant is made; `texts` give the alphabet of the slips."""
    import opencc

    same = homophones(texts)
    words = yaml.safe_load(CHATTY.read_text(encoding="utf-8"))
    return {
        "clean": str,
        "traditional": opencc.OpenCC("s2t").convert,
        "1 homophone": lambda text: slip(text, same, 1),
        "2 homophones": lambda text: slip(text, same, 2),
        "chatty": lambda text: padded(text, words["prefixes"], words["suffixes"]),
    }
