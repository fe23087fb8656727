"""Softer first words, the card of numbers, and the question of the next day: crisis/soft.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from intents import crisis_replies, yamlfile
from intents.crisis_rules import CATEGORIES
from intents.errors import CatalogueError

FILE = Path(__file__).parent / "crisis" / "soft.yaml"
_KEYS = frozenset(("soft", "choices", "silence", "card", "follow_up"))
_SPEAKERS = ("other", "self")
_WORDS = frozenset(("other", "self", "ask_other", "ask_self"))
#: Words of its own for a child, where those of a writer are a grown-up's.
_CHILD = frozenset(("child", "ask_child"))
_NUMBERS = frozenset("123")
_CARD = frozenset(("title", "line"))
_FOLLOW_UP = frozenset(("ask", "agreed", "declined", "sent"))


def load(path: Path) -> Mapping[str, str]:
    """Read the texts under ids like `soft.self_harm.other` and `follow_up.ask`.

    Raises:
        CatalogueError: a text is missing, unknown, or names what is no hotline.
    """
    top = yamlfile.block(path, yamlfile.read(path), _KEYS)
    if missing := sorted(_KEYS - top.keys()):
        raise CatalogueError(path, None, f"`{missing[0]}` is missing")
    found: dict[str, str] = {}
    for category, node in yamlfile.block(path, top["soft"], frozenset(CATEGORIES)).items():
        has_child = isinstance(node, yamlfile.Block) and not _CHILD.isdisjoint(node.items)
        found |= _block(path, f"soft.{category}", node, _WORDS | _CHILD if has_child else _WORDS)
    by_speaker = yamlfile.block(path, top["choices"], frozenset(_SPEAKERS))
    for speaker, node in by_speaker.items():
        lines = _block(path, f"choices.{speaker}", node, _NUMBERS)
        found[f"choices.{speaker}"] = "\n".join(f"{k[-1]} {v}" for k, v in sorted(lines.items()))
    if missing := sorted(set(_SPEAKERS) - by_speaker.keys()):
        raise CatalogueError(path, top["choices"].line, f"`choices.{missing[0]}` is missing")
    found |= _block(path, "card", top["card"], _CARD)
    found |= _block(path, "follow_up", top["follow_up"], _FOLLOW_UP)
    return found | {"silence": yamlfile.text(path, top["silence"])}


def _block(path: Path, name: str, node: yamlfile.Node, keys: frozenset[str]) -> dict[str, str]:
    texts = yamlfile.block(path, node, keys)
    if missing := sorted(keys - texts.keys()):
        raise CatalogueError(path, node.line, f"`{name}.{missing[0]}` is missing")
    return {f"{name}.{key}": yamlfile.text(path, texts[key]) for key in texts}


@cache
def texts() -> Mapping[str, str]:
    """Return every text of the file."""
    return load(FILE)


def is_soft(category: str, severity: int, *, needs_check: bool) -> bool:
    """Say whether a harmless reading is the likelier one, and softer words are written for it."""
    return needs_check and severity == 1 and f"soft.{category}.other" in texts()


def first(category: str, speaker: str, hotlines: Mapping[str, str]) -> str:
    """Return the softer first reply with its one question."""
    known, of = texts(), "other" if speaker == "other" else "self"
    who = speaker if f"soft.{category}.{speaker}" in known else of
    words = crisis_replies.fill(known[f"soft.{category}.{who}"], hotlines)
    return "\n".join((words, known[f"soft.{category}.ask_{who}"], known[f"choices.{of}"]))


def choices() -> tuple[str, ...]:
    """Return the numbers offered with the questions, by who speaks."""
    return tuple(texts()[f"choices.{speaker}"] for speaker in _SPEAKERS)


def say(text: str, hotlines: Mapping[str, str], /, **values: str) -> str:
    """Return one of the other texts, filled."""
    return crisis_replies.fill(texts()[text], {**hotlines, **values})
