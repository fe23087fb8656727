"""The topic a message names: a leaf of the knowledge base's topics, or a top topic."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from intents import yamlfile
from intents.slots import words
from intents.slots.words import Words
from knowledge import topics

_PATH = Path(__file__).with_name("topics.yaml")


@dataclass(frozen=True, slots=True)
class TopicWords:
    """Words of the topics."""

    words: Words

    def find(self, text: str) -> str | None:
        """Return the topic with the longest word, a leaf before a top, then the first named."""
        best: str | None = None
        worth = (False, 0)
        for found in self.words.find(text):
            own = ("." in found.value, found.end - found.start)
            if own > worth:
                best, worth = found.value, own
        return best


def load_topics(path: Path = _PATH) -> TopicWords:
    """Read the words, and the names of the topics themselves.

    Raises:
        CatalogueError: a word has two topics, or a topic is not one of the base.
    """
    leaves = topics.topics()
    names = {leaf.name: leaf.id for leaf in leaves.values()}
    names |= {leaf.top_name: _top(leaf.id) for leaf in leaves.values()}
    known = frozenset(leaves) | frozenset(map(_top, leaves))
    fields = yamlfile.block(path, yamlfile.read(path), frozenset(("words", "harmless")))
    values = words.by_value(path, fields["words"], known)
    return TopicWords(Words({**names, **values}, words.expand(path, fields["harmless"])))


def _top(leaf: str) -> str:
    return leaf.partition(".")[0]
