"""The catalogue: every intent with its patterns, examples and replies, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intents import yamlfile
from intents.errors import CatalogueError

FOLDER = Path(__file__).parent
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_TOP = frozenset(("placeholders", "default", "intents"))
_ENTRY = frozenset(("answered_by", "example", "slots", "event"))
_FILE = frozenset(("patterns", "examples", "replies"))
_COMMON = frozenset(("common", "lead_ins", "tails", "lists"))


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence template as written, with its place for the messages about faults."""

    text: str
    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Intent:
    """One intent. `event`: chosen by the bot itself, never recognised from text."""

    name: str
    answered_by: str
    slots: tuple[str, ...]
    event: bool
    patterns: tuple[Source, ...]
    examples: tuple[str, ...]
    replies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All intents, and what their patterns share.

    `lists` are named word lists, `common` characters that tell nothing; `lead_ins` and `tails` may
    surround a pattern.
    """

    intents: Mapping[str, Intent]
    default: str
    lists: Mapping[str, Source]
    common: frozenset[str]
    lead_ins: Source
    tails: Source


def load(folder: Path = FOLDER) -> Catalogue:
    """Read `catalogue.yaml` and `zh/`.

    Raises:
        CatalogueError: the first fault, as one sentence with file and line.
    """
    path = folder / "catalogue.yaml"
    top = yamlfile.block(path, yamlfile.read(path), _TOP)
    placeholders = frozenset(t.value for t in yamlfile.texts(path, top["placeholders"]))
    entries = yamlfile.block(path, top["intents"])
    _same_names(path, entries, folder / "zh")
    intents = {
        name: _intent(path, name, node, folder / "zh" / f"{name}.yaml", placeholders)
        for name, node in entries.items()
    }
    default = yamlfile.choice(path, top["default"], frozenset(intents))
    return Catalogue(intents, default, *_common(folder / "zh" / "_common.yaml"))


def _same_names(path: Path, entries: Mapping[str, yamlfile.Node], folder: Path) -> None:
    files = {p.stem for p in folder.glob("*.yaml") if not p.stem.startswith("_")}
    for name in sorted(files - set(entries)):
        raise CatalogueError(folder / f"{name}.yaml", 1, f"the catalogue has no intent `{name}`")
    for name, node in entries.items():
        if name not in files:
            raise CatalogueError(path, node.line, f"zh/{name}.yaml is missing")


def _intent(
    path: Path, name: str, node: yamlfile.Node, file: Path, placeholders: frozenset[str]
) -> Intent:
    entry = yamlfile.block(path, node, _ENTRY)
    if "answered_by" not in entry or "example" not in entry:
        raise CatalogueError(path, node.line, f"`{name}` needs `answered_by` and `example`")
    yamlfile.text(path, entry["example"])
    body = yamlfile.read(file)
    fields = yamlfile.block(file, body, _FILE)
    for key in sorted(_FILE - set(fields)):
        raise CatalogueError(file, 1, f"`{key}` is missing")
    slots = yamlfile.texts(path, entry["slots"]) if "slots" in entry else []
    return Intent(
        name=name,
        answered_by=yamlfile.text(path, entry["answered_by"]),
        slots=tuple(s.value for s in slots),
        event="event" in entry and yamlfile.text(path, entry["event"]) == "true",
        patterns=tuple(Source(t.value, file, t.line) for t in _list(file, fields["patterns"])),
        examples=tuple(t.value for t in _list(file, fields["examples"])),
        replies=_replies(file, fields["replies"], placeholders),
    )


def _list(path: Path, node: yamlfile.Node) -> list[yamlfile.Text]:
    """Return a list of texts that may be empty."""
    if isinstance(node, yamlfile.Items) and not node.items:
        return []
    return yamlfile.texts(path, node)


def _replies(path: Path, node: yamlfile.Node, placeholders: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in yamlfile.block(path, node).items():
        text = yamlfile.text(path, value)
        for placeholder in _PLACEHOLDER.findall(text):
            if placeholder not in placeholders:
                raise CatalogueError(
                    path, value.line, f"the catalogue has no placeholder `{{{placeholder}}}`"
                )
        found[name] = text
    if not found:
        raise CatalogueError(path, node.line, "`replies` is empty")
    return found


def _common(path: Path) -> tuple[dict[str, Source], frozenset[str], Source, Source]:
    fields = yamlfile.block(path, yamlfile.read(path), _COMMON)
    lists = {
        name: Source(yamlfile.text(path, node), path, node.line)
        for name, node in yamlfile.block(path, fields["lists"]).items()
    }
    ends = [
        Source(yamlfile.text(path, fields[key]), path, fields[key].line)
        for key in ("lead_ins", "tails")
    ]
    return lists, frozenset(yamlfile.text(path, fields["common"])), ends[0], ends[1]
