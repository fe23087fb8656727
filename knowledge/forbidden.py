"""Words that answers must not hold, or must go with others; words that point to help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from knowledge.errors import FileFault

_PATH = Path(__file__).parent / "forbidden.yaml"


@dataclass(frozen=True, slots=True)
class Ban:
    """Words that are forbidden for one reason; `unless` lists what lets them stand in a line."""

    reason: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()

    def broken_by(self, line: str) -> Iterator[str]:
        """Yield the words of this ban that stand in the line."""
        if not any(excuse in line for excuse in self.unless):
            yield from (word for word in self.words if word in line)


@dataclass(frozen=True, slots=True)
class Must:
    """An answer that holds one of `about` must hold one word of each list of `needs`."""

    reason: str
    about: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]

    def broken_by(self, answer: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the word an answer holds with each list of which it holds nothing."""
        said = next((word for word in self.about if word in answer), None)
        if said is not None:
            for listed in self.needs:
                if not any(word in answer for word in listed):
                    yield said, listed


@dataclass(frozen=True, slots=True)
class Words:
    """Everything of forbidden.yaml."""

    bans: tuple[Ban, ...]
    musts: tuple[Must, ...]
    help: tuple[str, ...]


@cache
def words(path: Path = _PATH) -> Words:
    """Read the bans, what must go together, and the words that point to help.

    Raises:
        FileFault: the file is missing, is not YAML, or a rule lacks its reason or words.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        bans = [
            Ban(_text(b["reason"]), _texts(b["words"]), _texts(b.get("unless", [])))
            for b in data["bans"]
        ]
        musts = [
            Must(_text(m["reason"]), _texts(m["about"]), tuple(map(_texts, m["needs"])))
            for m in data.get("musts", [])
        ]
        return Words(tuple(bans), tuple(musts), _texts(data["help"]))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise FileFault(path, line, f"is not YAML: {error.problem}") from error
    except (OSError, KeyError, TypeError, AttributeError) as error:
        raise FileFault(path, None, f"is not a list of bans: {error}") from error


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{value!r} is not a text")
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r} is not a list")
    return tuple(map(_text, values))
