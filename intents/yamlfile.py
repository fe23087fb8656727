"""Read a YAML file strictly: every value is text, a list or a block, and keeps its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from intents.errors import CatalogueError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is ten times as fast


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as written."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping; keys keep their order."""

    items: Mapping[str, Node]
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int


Node: TypeAlias = Text | Block | Items


def read(path: Path) -> Block:
    """Return the file's mapping.

    Raises:
        CatalogueError: not UTF-8, not YAML, a key twice, or no mapping at the top.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            top = yaml.compose(stream, Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(path, None, f"cannot be read ({error})") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise CatalogueError(path, line, f"is not YAML: {error.problem}") from error
    if top is None:
        raise CatalogueError(path, None, "is empty")
    node = _convert(path, top)
    if not isinstance(node, Block):
        raise CatalogueError(path, 1, "expected keys at the top")
    return node


def _convert(path: Path, node: yaml.Node) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Block(_pairs(path, node), line)
    if isinstance(node, yaml.SequenceNode):
        return Items(tuple(_convert(path, n) for n in node.value), line)
    return Text(str(node.value), line)


def _pairs(path: Path, node: yaml.MappingNode) -> dict[str, Node]:
    pairs: dict[str, Node] = {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in pairs:
            raise CatalogueError(path, line, f"`{name}` stands here a second time")
        pairs[name] = _convert(path, value)
    return pairs


def text(path: Path, node: Node) -> str:
    """Return a scalar that is not empty."""
    if not isinstance(node, Text) or not node.value.strip():
        raise CatalogueError(path, node.line, "expected a text")
    return node.value.strip()


def texts(path: Path, node: Node) -> list[Text]:
    """Return a list of scalars, none empty; a single scalar counts as a list of one."""
    items = node.items if isinstance(node, Items) else (node,)
    found: list[Text] = []
    for item in items:
        if not isinstance(item, Text) or not item.value.strip():
            raise CatalogueError(path, item.line, "expected a list of texts")
        found.append(item)
    return found


def block(path: Path, node: Node, known: frozenset[str] | None = None) -> Mapping[str, Node]:
    """Return a mapping whose keys are all among `known` (any key if `known` is None)."""
    if not isinstance(node, Block):
        raise CatalogueError(path, node.line, "expected keys and values")
    for key, value in node.items.items():
        if known is not None and key not in known:
            raise CatalogueError(path, value.line, f"unknown key `{key}`")
    return node.items


def choice(path: Path, node: Node, allowed: frozenset[str]) -> str:
    """Return a scalar that is one of `allowed`."""
    value = text(path, node)
    if value not in allowed:
        options = ", ".join(sorted(allowed))
        raise CatalogueError(path, node.line, f"`{value}` is none of {options}")
    return value
