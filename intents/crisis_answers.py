"""Answers in words to the question of a crisis: labels and whole answers (crisis/answers.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from intents import crisis_replies, crisis_soft, yamlfile
from intents.errors import CatalogueError
from knowledge.text import normalise

FILE = Path(__file__).parent / "crisis" / "answers.yaml"
#: To the question of replies.yaml, and to those of soft.yaml.
FIRM, SOFT = "firm", "soft"
_KEYS, _NUMBERS = frozenset((FIRM, SOFT)), frozenset(str(n) for n in crisis_replies.CHOICES)


def load(path: Path) -> Mapping[str, Mapping[str, str]]:
    """Read by question which number a whole answer stands for.

    Raises:
        CatalogueError: a question or a number is missing or unknown, or an answer stands twice.
    """
    top = yamlfile.block(path, yamlfile.read(path), _KEYS)
    if missing := sorted(_KEYS - top.keys()):
        raise CatalogueError(path, None, f"`{missing[0]}` is missing")
    return {name: _numbers(path, node, name) for name, node in top.items()}


def _numbers(path: Path, node: yamlfile.Node, name: str) -> Mapping[str, str]:
    by_number = yamlfile.block(path, node, _NUMBERS)
    if missing := sorted(_NUMBERS - by_number.keys()):
        raise CatalogueError(path, node.line, f"`{name}.{missing[0]}` is missing")
    found: dict[str, str] = {}
    for number, answers in by_number.items():
        for answer in yamlfile.texts(path, answers):
            key = _bare(answer.value)
            if found.setdefault(key, number) != number:
                raise CatalogueError(path, answer.line, f"`{answer.value}` is two numbers")
    return found


@cache
def _known() -> Mapping[str, Mapping[str, str]]:
    labels = {FIRM: _labels(crisis_replies.texts()["question"])}
    labels[SOFT] = {k: n for q in crisis_soft.choices() for k, n in _labels(q).items()}
    return {name: {**answers, **labels[name]} for name, answers in load(FILE).items()}


def _labels(question: str) -> dict[str, str]:
    return dict(_label(line) for line in question.split("\n") if line[0].isdigit())


def _label(line: str) -> tuple[str, str]:
    number, _, label = line.partition(" ")
    return _bare(label), number


def number(text: str, question: str) -> str | None:
    """Return the number that a whole answer to this question stands for, if it is a known one."""
    return _known()[question].get(_bare(text))


def _bare(text: str) -> str:
    return "".join(normalise(text).split())
