"""The sentences the second look is fitted on: written, drawn, and stories made of both."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from intents import catalogue, crisis, crisis_rules, folding, template, training
from intents.template import Chain, Either, Literal, Named, Part
from knowledge import files
from knowledge.text import normalise

FOLDER = crisis.FOLDER / "examples"
#: Sentences drawn from a template of the grammar, and stories and letters of each label.
_DANGER, _ORDINARY, _STORIES, _LETTERS = 14, 20, 1400, 2400
#: One of so many sentences of several clauses is told again without its signs.
_SPOKEN = 4
_LONG = 80
_PAUSE = re.compile("[\uff0c\u3002\uff1f\uff01\uff1b]")
_SIGNS = re.compile(r"[\u3000-\u301f\uff01-\uff0f\uff1a-\uff20\u2018-\u201d\u2026\s,.?!;:]")
#: Slices in which a sentence has a partner of the other label: out of fold they mislead.
PAIRED = frozenset(("pairs", "more_pairs"))


class Told(NamedTuple):
    """A sentence: without a severity it is ordinary. Those of one group share a fold."""

    text: str
    source: str
    group: str
    category: str = ""
    severity: int = 0


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def every() -> list[Told]:
    """Return every sentence there is, the same ones in the same order each time."""
    rng = random.Random(1)
    grammar = read(FOLDER / "grammar.yaml")
    hand, drawn = list(written()), list(draw(grammar, rng))
    told = [*hand, *drawn, *stories(hand, grammar["around"], rng), *known()]
    told.extend(letters(hand, grammar["formal"], rng))
    told.extend(spoken(hand, rng))
    return list({t.text: t for t in reversed(told)}.values())[::-1]


def written() -> Iterator[Told]:
    for path in sorted(FOLDER.glob("danger*.yaml")):
        for category, by_severity in read(path).items():
            for severity, texts in by_severity.items():
                yield from (Told(t, path.stem, t, category, int(severity)) for t in texts)
    for path in sorted(FOLDER.glob("ordinary*.yaml")):
        for name, texts in read(path).items():
            source = "paired" if name in PAIRED else path.stem
            yield from (Told(t, source, t) for t in texts)


def draw(grammar: Any, rng: random.Random) -> Iterator[Told]:
    lists = {n: template.named(n, _parsed(s, {})) for n, s in grammar["lists"].items()}
    for category, by_severity in grammar["danger"].items():
        for severity, sources in by_severity.items():
            for source in sources:
                for text in _drawn(source, lists, _DANGER, rng):
                    yield Told(text, "drawn", source, category, int(severity))
    for sources in grammar["ordinary"].values():
        for source in sources:
            for text in _drawn(source, lists, _ORDINARY, rng):
                yield Told(text, "drawn", source)


def _parsed(source: str, lists: dict[str, Named]) -> Part:
    """Read a template; a comma is a pause, which templates write as a space."""
    return template.parse(source.replace("\uff0c", " "), lists)


def _drawn(source: str, lists: dict[str, Named], many: int, rng: random.Random) -> list[str]:
    part = _parsed(source, lists)
    return sorted({_one(part, rng) for _ in range(many * 2)})[:many]


def _one(part: Part, rng: random.Random) -> str:
    match part:
        case Literal(text):
            return text
        case Either(options):
            return _one(rng.choice(options), rng)
        case Chain(parts):
            return "".join(_one(p, rng) for p in parts)
        case Named():
            return _one(part.part, rng)
    raise ValueError(part)


def stories(hand: list[Told], around: Any, rng: random.Random) -> Iterator[Told]:
    """Yield sentences with ordinary clauses around them, half of them without a comma."""
    opens, fillers, closes = (around[name].split("|") for name in ("open", "filler", "close"))
    told = [t.text for t in known() if len(t.text) > _LONG]
    for label in (True, False):
        cores = [t for t in hand if bool(t.severity) is label and t.source != "paired"]
        for n, core in enumerate(rng.sample(cores, _STORIES)):
            some = rng.sample(fillers, 6) if n % 3 == 0 else _clauses(rng.choice(told), rng)
            cut = rng.randint(0, len(some))
            clauses = [rng.choice(opens), *some[:cut], core.text, *some[cut:], rng.choice(closes)]
            yield core._replace(text=("\uff0c" if n % 2 else "").join(clauses), source="story")


def letters(hand: list[Told], formal: Any, rng: random.Random) -> Iterator[Told]:
    """Yield sentences of both labels in the same formal frames: a register tells nothing.

    Without them the words of petitions speak for harmless ones, of which there are more.
    """
    opens, fillers, closes = (formal[name].split("|") for name in ("open", "filler", "close"))
    for label in (True, False):
        cores = [t for t in hand if bool(t.severity) is label and t.source != "paired"]
        for n, core in enumerate(rng.sample(cores, _LETTERS)):
            around = rng.sample(fillers, n % 3)
            clauses = [rng.choice(opens), *around, core.text]
            clauses += [rng.choice(closes)] * (n % 4 > 0)
            text = ("\uff1a" if n % 2 else "\uff0c").join(clauses[:2])
            text = "\uff0c".join([text, *clauses[2:]])
            yield core._replace(text=text, source="letter")


def spoken(hand: list[Told], rng: random.Random) -> Iterator[Told]:
    """Yield sentences of several clauses as a voice transcript has them: without any pause.

    Without them a long message looks graver for lack of commas alone.
    """
    told = [t for t in hand if len(_PAUSE.findall(t.text)) > 1 and t.source != "paired"]
    for one in rng.sample(told, len(told) // _SPOKEN):
        yield one._replace(text=_SIGNS.sub("", one.text), source="spoken")


def _clauses(story: str, rng: random.Random) -> list[str]:
    """Return neighbouring clauses of an ordinary story of the base."""
    clauses = [c for c in _PAUSE.split(story) if c]
    begin = rng.randint(0, max(0, len(clauses) - 6))
    return clauses[begin : begin + rng.randint(2, 6)]


def known() -> Iterator[Told]:
    """Yield what parents want of the account, and the base's wordings of risk 0-1."""
    for intent in catalogue.load(catalogue.FOLDER).intents.values():
        yield from (Told(t, "intent", t) for t in intent.examples)
    for path in sorted(training.SPOKEN.glob("*.yaml")):
        yield from (Told(t, "intent", t) for t in read(path)["spoken"])
    fold = folding.load(crisis.FOLDER / "fold.yaml")
    rules = crisis.Screen(fold, crisis_rules.load(crisis.FOLDER, fold))
    for entry in files.load():
        if entry.risk <= 1:  # its curator says: no danger; a firm rule may know better
            asked = (a for a in entry.askings() if rules.firm(normalise(a)) is None)
            yield from (Told(a, "base", entry.id) for a in asked)
