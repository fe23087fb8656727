"""The rules of the crisis screen: read from intents/crisis/, checked, matched one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from intents import needles, template, yamlfile
from intents.errors import CatalogueError, TemplateError
from intents.folding import Folding
from intents.template import Either, Named, Part

CATEGORIES = (
    "parent_breakdown",
    "sexual",
    "self_harm",
    "medical",
    "runaway",
    "domestic_violence",
    "bullying",
    "abuse",
)
SPEAKER_WORDS = frozenset(("told_of", "adult", "child"))
#: Characters on either side in which a harmless setting (a film, a lesson) is looked for.
_SETTING = 26
#: Characters on either side of a match in which `with` and `also` are looked for.
_WINDOW = 20
#: Characters on either side in which `not` is looked for.
_NEAR = 6
_NEEDED = ("with", "also")
_EXPRESSIONS = (*_NEEDED, "not", "urgent")
_KEYS = frozenset((*_EXPRESSIONS, "any", "near", "unless", "severity", "window", "check", "firm"))


@dataclass(frozen=True)
class Rule:
    """One reason for alarm; expressions are compiled when first needed.

    An anchor of the rule must match; `with_` and `also` must match within `window` characters of
    it; `beside` must not match within `near` characters; none of the `settings` may surround it;
    `urgent` raises the severity to 3. What a `firm` rule finds the second look never drops.
    """

    id: str
    category: str
    severity: int
    needs_check: bool
    firm: bool
    window: int
    with_: str
    also: str
    beside: str
    near: int
    settings: str
    urgent: str

    @property
    def highest(self) -> int:
        """The severity this rule can reach."""
        return 3 if self.urgent else self.severity

    @cached_property
    def _needed(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(source) for source in (self.with_, self.also) if source)

    @cached_property
    def _forbidden(self) -> tuple[tuple[re.Pattern[str], int], ...]:
        pairs = ((self.beside, self.near), (self.settings, _SETTING))
        return tuple((re.compile(source), size) for source, size in pairs if source)

    @cached_property
    def _urgent(self) -> re.Pattern[str] | None:
        return re.compile(self.urgent) if self.urgent else None

    def severity_at(self, text: str, match: re.Match[str]) -> int:
        """Return the severity of an anchor's match in folded text, 0 if it does not count."""
        around = _around(text, match, self.window)
        if not all(needed.search(around) for needed in self._needed):
            return 0
        if any(p.search(_around(text, match, size)) for p, size in self._forbidden):
            return 0
        return 3 if self._urgent and self._urgent.search(around) else self.severity


@dataclass(frozen=True)
class Anchor:
    """One `any` line of a rule, with the words it cannot match without.

    Of each set of `also` the message must hold a word, too, or the rule cannot count.
    """

    rule: Rule
    source: str
    needles: frozenset[str]
    also: tuple[frozenset[str], ...] = ()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.source)

    def severity_in(self, text: str) -> int:
        """Return the gravest severity this anchor finds in folded text, 0 for none."""
        rule = self.rule
        return max((rule.severity_at(text, m) for m in self._pattern.finditer(text)), default=0)


def _around(text: str, match: re.Match[str], size: int) -> str:
    return text[max(0, match.start() - size) : match.end() + size]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The anchors of all rules, categories in the order that decides between equals.

    `speakers` are the words that tell who writes, by their name in speakers.yaml.
    """

    anchors: tuple[Anchor, ...]
    speakers: Mapping[str, re.Pattern[str]]


def load(folder: Path, folding: Folding) -> RuleBook:
    """Read all rules of the folder.

    Raises:
        CatalogueError: a rule or a list is faulty; the message names file and line.
    """
    reader = _Reader(folder, folding)
    anchors: list[Anchor] = []
    for category in CATEGORIES:
        path = folder / "rules" / f"{category}.yaml"
        for name, node in yamlfile.read(path).items.items():
            anchors += reader.rule(path, category, name, node)
    path = folder / "speakers.yaml"
    words = yamlfile.block(path, yamlfile.read(path), SPEAKER_WORDS)
    speakers = {name: re.compile(reader.joined(path, words[name])) for name in SPEAKER_WORDS}
    return RuleBook(tuple(anchors), speakers)


class _Reader:
    """Holds the named lists and settings while the rules are read."""

    def __init__(self, folder: Path, folding: Folding) -> None:
        self.folding = folding
        self.lists: dict[str, Named] = {}
        weak = self._read_lists(folder / "lists.yaml")
        self.worth = needles.Worth(folding.common, weak)
        path = folder / "settings.yaml"
        pairs = yamlfile.read(path).items.items()
        self.settings = {name: self.joined(path, node) for name, node in pairs}

    def _read_lists(self, path: Path) -> frozenset[str]:
        """Read the named lists; those under `weak` never serve as a cheap test."""
        top = yamlfile.block(path, yamlfile.read(path), frozenset(("weak", "strong")))
        for group in ("weak", "strong"):
            for name, node in yamlfile.block(path, top[group]).items():
                part = self.part(path, node.line, yamlfile.text(path, node))
                self.lists[name] = template.named(name, part)
        return frozenset(yamlfile.block(path, top["weak"]))

    def part(self, path: Path, line: int, source: str) -> Part:
        try:
            return template.parse(source, self.lists, self.folding.literal)
        except TemplateError as error:
            raise CatalogueError(path, line, str(error)) from error

    def joined(self, path: Path, node: yamlfile.Node) -> str:
        """Return one expression for a list of templates."""
        return "|".join(template.regex(p) for p in self._parts(path, node))

    def _parts(self, path: Path, node: yamlfile.Node) -> tuple[Part, ...]:
        return tuple(self.part(path, t.line, t.value) for t in yamlfile.texts(path, node))

    def _needed(
        self, path: Path, fields: Mapping[str, yamlfile.Node]
    ) -> tuple[frozenset[str], ...]:
        """Return the sets of words of which `with` and `also` need one each."""
        nodes = (fields[key] for key in _NEEDED if key in fields)
        parts = (Either(self._parts(path, node)) for node in nodes)
        return tuple(words for part in parts for words in needles.every(part, self.worth))

    def rule(self, path: Path, category: str, name: str, node: yamlfile.Node) -> list[Anchor]:
        fields = yamlfile.block(path, node, _KEYS)
        if "any" not in fields or "severity" not in fields:
            raise CatalogueError(path, node.line, f"rule `{name}` needs `any` and `severity`")
        expressions = {
            key: self.joined(path, fields[key]) if key in fields else "" for key in _EXPRESSIONS
        }
        rule = Rule(
            id=f"{category}.{name}",
            category=category,
            severity=_number(path, fields, "severity", 0, range(1, 4)),
            needs_check=_flag(path, fields, "check"),
            firm=_flag(path, fields, "firm"),
            window=_number(path, fields, "window", _WINDOW, range(1, 121)),
            with_=expressions["with"],
            also=expressions["also"],
            beside=expressions["not"],
            near=_number(path, fields, "near", _NEAR, range(1, 31)),
            settings=self._settings_of(path, fields),
            urgent=expressions["urgent"],
        )
        needed = self._needed(path, fields)
        return [self._anchor(path, rule, t, needed) for t in yamlfile.texts(path, fields["any"])]

    def _settings_of(self, path: Path, fields: Mapping[str, yamlfile.Node]) -> str:
        if "unless" not in fields:
            return ""
        names = yamlfile.texts(path, fields["unless"])
        for name in names:
            if name.value not in self.settings:
                raise CatalogueError(path, name.line, f"no setting is called `{name.value}`")
        return "|".join(self.settings[name.value] for name in names)

    def _anchor(
        self, path: Path, rule: Rule, source: yamlfile.Text, needed: tuple[frozenset[str], ...]
    ) -> Anchor:
        part = self.part(path, source.line, source.value)
        words = needles.find(part, self.worth)
        if words is None:
            raise CatalogueError(path, source.line, f"`{source.value}` has no telling word")
        also = (*needles.every(part, self.worth), *needed)
        return Anchor(rule, template.regex(part), words, also)


def _number(
    path: Path, fields: Mapping[str, yamlfile.Node], key: str, default: int, allowed: range
) -> int:
    if key not in fields:
        return default
    value = yamlfile.text(path, fields[key])
    if not value.isdigit() or int(value) not in allowed:
        raise CatalogueError(
            path, fields[key].line, f"`{key}` must be {allowed.start}..{allowed.stop - 1}"
        )
    return int(value)


def _flag(path: Path, fields: Mapping[str, yamlfile.Node], key: str) -> bool:
    if key not in fields:
        return False
    return yamlfile.choice(path, fields[key], frozenset(("true", "false"))) == "true"
