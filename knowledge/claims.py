"""What answers claim: the same number everywhere, and a document where a rule is named.

The facts are data (claims.yaml); a correction is made there, and every answer that still says
otherwise is named with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from knowledge.entry import Entry
from knowledge.errors import FileFault

_PATH = Path(__file__).parent / "claims.yaml"
#: The mark of a source that is practice, not a document.
_PRACTICE = "method"
_NUMBER = "(\\d+|[\u4e00\u4e8c\u4e24\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]+)"
_SENTENCE = re.compile("[^\u3002\uff01\uff1f\uff1b\n]+")


class Fact(NamedTuple):
    """A number of law or policy: where it is said, and how it may be written."""

    name: str
    document: str
    about: re.Pattern[str]
    says: re.Pattern[str]
    right: frozenset[str]

    def wrong_in(self, sentence: str) -> Iterator[str]:
        """Yield each number the sentence says of the fact that is not the right one."""
        if self.about.search(sentence):
            for found in self.says.finditer(sentence):
                if found[1] not in self.right:
                    yield found[1]


class Claims(NamedTuple):
    """All facts, and the words by which an answer rests on a rule."""

    facts: tuple[Fact, ...]
    rests_on_a_rule: re.Pattern[str]


@cache
def claims(path: Path = _PATH) -> Claims:
    """Read the file of claims.

    Raises:
        FileFault: the file is missing, is not YAML, lacks a field or holds a broken expression.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        facts = tuple(map(_fact, data["facts"]))
        return Claims(facts, re.compile(data["rests_on_a_rule"]))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise FileFault(path, line, f"is not YAML: {error.problem}") from error
    except (OSError, KeyError, TypeError, re.error) as error:
        raise FileFault(path, None, f"is not a file of claims: {error}") from error


def _fact(one: dict[str, Any]) -> Fact:
    about, says = re.compile(one.get("about", "")), re.compile(_grouped(one["says"]))
    return Fact(one["name"], one["from"], about, says, frozenset(map(str, one["right"])))


def _grouped(says: str) -> str:
    """Write NUM out; it is the group unless the expression has one of its own."""
    own = "(NUM" in says or "(\\d" in says
    return says.replace("NUM", f"(?:{_NUMBER[1:-1]})" if own else _NUMBER)


def sentences(answer: str) -> list[str]:
    """Return the sentences of an answer; a semicolon ends one, too."""
    return [found.strip() for found in _SENTENCE.findall(answer)]


def wrong_numbers(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield (line, sentence) for each number that is not that of the document."""
    for line in (entry.summary, *entry.answer.splitlines()):
        for sentence in sentences(line):
            for fact in claims().facts:
                for said in fact.wrong_in(sentence):
                    right = "/".join(sorted(fact.right))
                    yield line, f"`{said}`: {fact.name} is {right} ({fact.document})"


def uncited(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield a fault where an answer rests on a rule and names practice alone."""
    if any(source.ref != _PRACTICE for source in entry.sources):
        return
    for line in entry.answer.splitlines():
        found = claims().rests_on_a_rule.search(line)
        if found:
            yield line, f"`{found[0]}` rests on a rule: `sources` must name the document"
