"""Questions of the same need put together, one after the other, without a model.

A question joins the cluster whose members it is most like, if it is like enough, and begins a new
one otherwise. Likeness is the cosine of the question and the sum of the members, over characters,
pairs and longer words by IDF; sounds are left out, they tell no need apart (docs/gate.md). Weights
are multiples of one step: sums are exact, so that neither the order of the members nor what was
once among them leaves a trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge import text
from knowledge.holders import Holders
from knowledge.index import Index
from knowledge.vocabulary import FIRST_PAIR, FIRST_SOUND, parts

#: A question is of a cluster from this cosine on.
ALIKE = 0.16
#: What a pair and a longer word weigh against a character of the same IDF.
PAIR, LONGER = 0.7, 0.7
#: A feature of every entry has the IDF 1 and weighs nothing; rare ones weigh more than their share.
_EVERYWHERE, _POWER = 1.0, 1.3
#: Products of two weights are exact, and so are sums of them over clusters of a thousand.
_STEP = 2.0**-16
#: Characters of a good title, and how many more halve its standing.
_SHORT, _LONG, _HALF = 4, 18, 24

Key = int | str
Vector = dict[Key, float]


@dataclass(frozen=True, slots=True)
class _Member:
    cluster: int
    text: str
    vector: Vector


@dataclass(slots=True)
class _Cluster:
    """Its row among the holders, its members' ids, and the sum of their vectors."""

    row: int
    ids: dict[str, None] = field(default_factory=dict)
    total: Vector = field(default_factory=dict)


class Clusters:
    """Questions by cluster; numbers of clusters rise and are never used again.

    The weights are those of the index it is made with: rows (`put`) of any other make the same
    clusters again, because a row names its cluster.
    """

    def __init__(self, index: Index, alike: float = ALIKE) -> None:
        self._index, self._alike = index, alike
        self._members: dict[str, _Member] = {}
        self._clusters: dict[int, _Cluster] = {}
        self._holders: dict[Key, Holders] = {}
        # by row: the number of the cluster, and the square of the length of its sum
        self._numbers: list[int] = []
        self._squares = np.ones(64)
        self._same: dict[str, dict[str, None]] = {}
        self._next = 0

    def __iter__(self) -> Iterator[int]:
        """Iterate over the numbers of clusters, the oldest first."""
        return iter(sorted(self._clusters))

    def members(self, cluster: int) -> tuple[str, ...]:
        """Return the ids of a cluster's questions, sorted."""
        return tuple(sorted(self._clusters[cluster].ids))

    def of(self, name: str) -> int:
        """Return the cluster of a question's id."""
        return self._members[name].cluster

    def add(self, name: str, question: str) -> int:
        """Put a question where it belongs, and return that cluster; it may be a new one."""
        vector = vector_of(self._index, question)
        found = self._nearest(question, vector)
        return self._put(name, question, vector, self._next if found is None else found)

    def put(self, name: str, question: str, cluster: int) -> None:
        """Put a question into the cluster its row names."""
        self._put(name, question, vector_of(self._index, question), cluster)

    def nearest(self, question: str) -> int | None:
        """Return the cluster a question would join, None where it would begin one."""
        return self._nearest(question, vector_of(self._index, question))

    def merge(self, one: int, other: int) -> int:
        """Put two clusters together under the older number, and return it."""
        kept, gone = min(one, other), max(one, other)
        if kept != gone:
            for name in list(self._clusters[gone].ids):
                member = self._members[name]
                self.remove(name)
                self._put(name, member.text, member.vector, kept)
        return kept

    def remove(self, name: str) -> None:
        """Take a question away; a cluster without questions is gone."""
        member = self._members.pop(name)
        same = self._same[text.normalise(member.text)]
        del same[name]
        cluster = self._clusters[member.cluster]
        del cluster.ids[name]
        self._count(cluster, member.vector, -1.0)
        if not cluster.ids:
            del self._clusters[member.cluster]

    def title(self, cluster: int) -> str:
        """Return the question that speaks best for a cluster: central, short, in plain words."""
        held = self._clusters[cluster]
        members = [self._members[name] for name in held.ids]
        return max(members, key=lambda m: (_standing(m, held.total), m.text)).text

    def speakers(self, cluster: int, most: int) -> tuple[str, ...]:
        """Return the ids of the questions that speak best for a cluster, no two of one wording."""
        held = self._clusters[cluster]
        found: dict[str, tuple[float, str]] = {}
        for name in sorted(held.ids):
            member = self._members[name]
            rank = _standing(member, held.total), name
            plain = text.normalise(member.text)
            found[plain] = max(found.get(plain, rank), rank)
        return tuple(name for _, name in sorted(found.values(), reverse=True)[:most])

    def _put(self, name: str, question: str, vector: Vector, number: int) -> int:
        if name in self._members:
            self.remove(name)
        if number not in self._clusters:
            self._clusters[number] = self._new(number)
        cluster = self._clusters[number]
        self._members[name] = _Member(number, question, vector)
        self._same.setdefault(text.normalise(question), {})[name] = None
        self._next = max(self._next, number + 1)
        cluster.ids[name] = None
        self._count(cluster, vector, 1.0)
        return number

    def _new(self, number: int) -> _Cluster:
        row = len(self._numbers)
        self._numbers.append(number)
        if row == len(self._squares):
            self._squares = np.concatenate([self._squares, np.ones_like(self._squares)])
        self._squares[row] = 0.0
        return _Cluster(row)

    def _count(self, cluster: _Cluster, vector: Vector, sign: float) -> None:
        total, square = cluster.total, 0.0
        for key, weight in vector.items():
            old = total.get(key, 0.0)
            new = old + sign * weight
            square += new * new - old * old
            self._holders.setdefault(key, Holders()).set(cluster.row, new)
            if new:
                total[key] = new
            else:
                del total[key]
        self._squares[cluster.row] += square

    def _nearest(self, question: str, vector: Vector) -> int | None:
        same = [self._members[n].cluster for n in self._same.get(text.normalise(question), ())]
        if same:
            return min(same)
        shared = np.zeros(len(self._numbers))
        for key, weight in vector.items():
            if holders := self._holders.get(key):
                holders.add_to(shared, weight)
        squares = self._squares[: len(shared)]
        likeness = np.divide(shared, np.sqrt(squares), out=np.zeros_like(shared), where=shared > 0)
        best = likeness.max(initial=0.0)
        if best < self._alike:
            return None
        return min(self._numbers[row] for row in np.flatnonzero(likeness == best).tolist())


def assign(index: Index, new: Sequence[str], existing: Mapping[int, Iterable[str]]) -> list[int]:
    """Return the cluster of each new question, given the questions of those there are.

    A number that is not among the existing ones is a new cluster; equal numbers, the same one. The
    new questions' order changes which ones stand together as little as can be: they are taken in
    the order of their texts.
    """
    clusters = Clusters(index)
    for number in sorted(existing):
        for n, question in enumerate(existing[number]):
            clusters.put(f"{number} {n}", question, number)
    order = sorted(range(len(new)), key=lambda n: (len(new[n]), new[n]))
    found = {n: clusters.add(f"new {n}", new[n]) for n in order}
    return [found[n] for n in range(len(new))]


def vector_of(index: Index, question: str) -> Vector:
    """Return the weights of a question's features by their code or word, of length 1."""
    found = parts(text.normalise(question))
    codes = found.codes[: found.codes.searchsorted(FIRST_SOUND)]
    held = index.vocabulary.codes
    at = np.minimum(held.searchsorted(codes), max(len(held) - 1, 0))
    idf = np.full(len(codes), index.unknown_idf)
    if len(held):
        idf = np.where(held[at] == codes, index.idf[at], idf)
    weights = _weighed(idf) * np.where(codes < FIRST_PAIR, 1.0, PAIR)
    columns = [index.vocabulary.longer.get(word) for word in found.longer]
    longer = [index.unknown_idf if c is None else float(index.idf[c]) for c in columns]
    every = np.concatenate([weights, LONGER * _weighed(np.array(longer, np.float64))])
    length = float(np.sqrt(every @ every)) or 1.0
    rounded = (np.round(every / length / _STEP) * _STEP).tolist()
    keys: list[Key] = [*codes.tolist(), *found.longer]
    return {key: weight for key, weight in zip(keys, rounded, strict=True) if weight}


def _weighed(idf: NDArray[np.float64]) -> NDArray[np.float64]:
    weighed: NDArray[np.float64] = np.maximum(idf - _EVERYWHERE, 0.0) ** _POWER
    return weighed


def _standing(member: _Member, total: Vector) -> float:
    """Return how well a member speaks for its cluster: central, and of a readable length."""
    central = sum(weight * total[key] for key, weight in member.vector.items())
    length = len(member.text)
    off = max(length - _LONG, 0) + _HALF * (length < _SHORT)
    lines = 1 + member.text.count("\n")
    return central / lines / (1 + off / _HALF)
