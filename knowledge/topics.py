"""The topics of the base: tops, leaves, and how much risk each carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from knowledge.entry import AGES
from knowledge.errors import FileFault

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True, slots=True)
class Topic:
    """One leaf: its Chinese name, its top topic's name, 0-3 risk, usual age bands."""

    id: str
    name: str
    top_name: str
    risk: int
    ages: tuple[str, ...]


@cache
def topics(path: Path = CONTENT / "_topics.yaml") -> dict[str, Topic]:
    """Return the leaves by id.

    Raises:
        FileFault: the file is missing, is not YAML, or a leaf lacks a field.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileFault(path, None, f"cannot be read ({error.strerror})") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise FileFault(path, line, f"is not YAML: {error.problem}") from error
    found: dict[str, Topic] = {}
    for top in data["topics"].values():
        for leaf, fields in top["leaves"].items():
            try:
                ages = tuple(fields["ages"])
                topic = Topic(leaf, fields["name"], top["name"], int(fields["risk"]), ages)
            except (KeyError, TypeError, ValueError) as error:
                raise FileFault(path, None, f"`{leaf}` is not complete: {error}") from error
            if not set(ages) <= set(AGES):
                raise FileFault(path, None, f"`{leaf}` names an unknown age band")
            found[leaf] = topic
    return found
