"""A second spelling of a message for patterns, slots and classifier: Mandarin, without slips.

The lexicons of the knowledge base and the words of variants.yaml are mapped in one pass, beside the
raw text and never instead of it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from intents import yamlfile
from intents.errors import CatalogueError
from knowledge.lexicons import LEXICON, Lexicon, read_pairs

_PATH = Path(__file__).with_name("variants.yaml")
_LEXICONS = ("synonyms", "typos", "yue")


def pairs(path: Path = _PATH) -> dict[str, str]:
    """Return the word for every variant; words that are kept map to themselves.

    Raises:
        CatalogueError: a variant stands twice in the file.
    """
    fields = yamlfile.block(path, yamlfile.read(path), frozenset(("words", "kept")))
    own: dict[str, str] = {}
    for word, node in yamlfile.block(path, fields["words"]).items():
        for variant in yamlfile.text(path, node).split("|"):
            if own.setdefault(variant, word) != word:
                raise CatalogueError(path, node.line, f"`{variant}` is `{own[variant]}` already")
    kept = {text.value: text.value for text in yamlfile.texts(path, fields["kept"])}
    shared: dict[str, str] = {}
    for name in _LEXICONS:
        shared |= read_pairs(LEXICON / f"{name}.tsv")
    return shared | own | kept


@cache
def _lexicon() -> Lexicon:
    return Lexicon(pairs())


def mapped(normalised: str) -> str:
    """Return the text in Mandarin and without known slips; the very same if there is none."""
    return _lexicon().apply(normalised)
