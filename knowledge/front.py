"""Front matter: the `field: value` lines above an answer, which may come from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import FileFault

#: A list of rows with named parts, inside the fields: more is nobody's entry.
_DEPTH = 3
#: The first line of front matter is the second of its file, and YAML counts from 0.
_OFFSET = 2


def read(
    head: str, path: Path, *, depth: int = _DEPTH, first: int = _OFFSET
) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the fields, and the line of the file that each begins on.

    `first` is the line of the file that the fields begin on, `depth` how deep they may nest.
    Anchors, aliases and tags are refused: a few lines with them can stand for gigabytes.

    Raises:
        FileFault: it is not a mapping of YAML, or a field stands twice.
    """
    try:
        _plain(head, path, depth, first)
        loader = yaml.CSafeLoader(head)
        node = loader.get_single_node()
        lines = _lines(node, path, first)
        fields = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + first if error.problem_mark else None
        raise FileFault(path, line, f"front matter is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:  # a character that YAML does not know
        raise FileFault(path, None, f"front matter is not YAML: {error}") from error
    except (ValueError, OverflowError) as error:  # a date such as 2026-13-01
        raise FileFault(path, None, f"front matter: {error}") from error
    return fields, lines


def _plain(head: str, path: Path, most: int, first: int) -> None:
    depth = 0
    for event in yaml.parse(head, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + first if event.start_mark else None
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise FileFault(path, line, "front matter must not use `&`, `*` or `!`")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > most:
            raise FileFault(path, line, f"front matter must not be more than {most} deep")


def _lines(node: yaml.Node | None, path: Path, first: int) -> dict[str, int]:
    if not isinstance(node, yaml.MappingNode):
        raise FileFault(path, first, "front matter must be `field: value` lines")
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + first
        if not isinstance(key, yaml.ScalarNode):
            raise FileFault(path, line, "front matter must be `field: value` lines")
        if key.value in lines:
            raise FileFault(path, line, f"`{key.value}` stands twice")
        lines[key.value] = line
    return lines
