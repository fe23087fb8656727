"""The sentences the classifier is fitted on, and a digest that tells whether they have changed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from intents import template, variants, yamlfile
from intents.catalogue import FOLDER, Catalogue, Intent
from intents.patterns import Patterns
from intents.slots.topics import load_topics
from intents.template import Around, Chain, Either, Gap, Literal, Named, Part
from knowledge import files, text

#: Sentences drawn from one pattern, and from all patterns of an intent.
_DRAWN, _MOST = 24, 160
#: Only a pattern tells which number was chosen, so an intent with this slot is not guessed.
_CHOICE = "choice"
_SERVICE = "svc"
_NEAR_MISSES = FOLDER / "near_misses.yaml"
#: One file an intent: sentences of several authors, to be fitted on.
SPOKEN = FOLDER / "examples"
_ORDINARY = FOLDER / "crisis" / "examples" / "ordinary.yaml"


class Sentence(NamedTuple):
    """A sentence and its intent. `source`: example, spoken, pattern, wording, near, topic, ...

    Sentences of one `group` are so alike that a fair measure takes all of them out together.
    """

    label: str
    text: str
    source: str
    group: str


def sentences(catalogue: Catalogue) -> list[Sentence]:
    """Return what the intents' files hold: examples and sentences drawn from patterns."""
    found: dict[tuple[str, str], Sentence] = {}
    for sentence in _of_intents(catalogue):
        found.setdefault((sentence.label, text.normalise(sentence.text)), sentence)
    return list(found.values())


def questions(catalogue: Catalogue) -> Iterator[Sentence]:
    """Yield what is no command: the base's wordings, near misses, words of topics, ...

    What a pattern knows as a command is left out. Wordings about this service itself are of the
    source `service`: they are as good as commands, nothing is fitted on them.
    """
    known = Patterns(catalogue, {"choice": Literal("2")})
    for sentence in _told(catalogue.default):
        if known.match(text.normalise(sentence.text)) is None:
            yield sentence


def _told(label: str) -> Iterator[Sentence]:
    for entry in files.load():
        source = "service" if entry.topic.startswith(_SERVICE) else "wording"
        yield from (Sentence(label, asked, source, entry.id) for asked in entry.askings())
    for told in yamlfile.read(_NEAR_MISSES).items.values():
        yield from (
            Sentence(label, t.value, "near", t.value) for t in yamlfile.texts(_NEAR_MISSES, told)
        )
    for word, topic in load_topics().words.values.items():
        if not topic.startswith(_SERVICE):
            yield Sentence(label, word, "topic", word)
    for sentence in _ordinary(_ORDINARY):
        yield Sentence(label, sentence, "ordinary", sentence)


def digest(found: Iterable[Sentence]) -> str:
    """Return a digest of sentences in both spellings; what is fitted on others is stale."""
    lines = sorted(f"{s.label}\t{_both(text.normalise(s.text))}" for s in found)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _both(plain: str) -> str:
    return f"{plain}\t{variants.mapped(plain)}"


def _of_intents(catalogue: Catalogue) -> Iterator[Sentence]:
    lists = _lists(catalogue)
    for intent in catalogue.intents.values():
        if intent.event or _CHOICE in intent.slots:
            continue
        name = intent.name
        yield from (Sentence(name, told, "example", told) for told in intent.examples)
        yield from (Sentence(name, told, "spoken", told) for told in _spoken(name))
        yield from (Sentence(name, told, "pattern", group) for group, told in _drawn(intent, lists))


def _spoken(intent: str) -> Iterator[str]:
    """Yield the many ways of saying it, written for the fit alone."""
    path = SPOKEN / f"{intent}.yaml"
    if path.exists():
        block = yamlfile.block(path, yamlfile.read(path), frozenset(("spoken",)))
        yield from (told.value for told in yamlfile.texts(path, block["spoken"]))


def _lists(catalogue: Catalogue) -> dict[str, Named]:
    found = {"choice": template.named("choice", Literal("2"))}
    for name, source in catalogue.lists.items():
        found[name] = template.named(name, template.parse(source.text, found))
    return found


def _drawn(intent: Intent, lists: dict[str, Named]) -> Iterator[tuple[str, str]]:
    each = max(2, min(_DRAWN, _MOST // max(1, len(intent.patterns))))
    for number, source in enumerate(intent.patterns):
        part = template.parse(source.text, lists)
        draw = random.Random(crc32(source.text.encode()))  # noqa: S311 - seeded, no secret
        told = dict.fromkeys(_draw(part, draw) for _ in range(each))
        yield from ((f"{intent.name}:{number}", sentence) for sentence in told if sentence)


def _draw(part: Part, draw: random.Random) -> str:
    match part:
        case Literal(written):
            return written
        case Gap() | Around():
            return ""
        case Named(_, inner, _):
            return _draw(inner, draw)
        case Either(options):
            return _draw(draw.choice(options), draw)
        case Chain(parts):
            return "".join(_draw(p, draw) for p in parts)


def _ordinary(path: Path) -> Iterator[str]:
    """Yield ordinary messages that lie near a crisis."""
    for node in yamlfile.read(path).items.values():
        yield from (told.value for told in yamlfile.texts(path, node))
