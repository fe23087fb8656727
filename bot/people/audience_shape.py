"""Audience: who is meant, as data; to JSON and back, and cut to the places of one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Any

from bot.errors import NotAllowed
from bot.org import grades, scope

STAGES = ("infant", "kinder", "primary", "junior", "senior")
ROLES = ("mother", "father", "grandparent", "other")
#: The path of the whole city.
CITY = ""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What parents did: days are whole days of Guangzhou, `clicked` is a broadcast's number."""

    wrote_within_days: int | None = None
    silent_for_days: int | None = None
    followed_within_days: int | None = None
    clicked: int | None = None
    not_clicked: int | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Parents by place, child, role, behaviour and what features know; all must hold.

    `areas` are nodes with all below them, `CITY` is everybody. `grades` are codes (`p3`) that a
    cohort goes through; a stage that has grades among them is meant by those grades alone.
    `features` are audiences of features by name. Nobody of `excluding` is in it. `tags` are what
    parents themselves say they are interested in: nothing keeps such yet, so there are none, and
    the staff cannot put a label on a family.
    """

    areas: tuple[str, ...] = (CITY,)
    stages: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    behaviours: Behaviour = field(default_factory=Behaviour)
    features: Mapping[str, str] = field(default_factory=dict)
    excluding: tuple[Audience, ...] = ()

    @property
    def is_everywhere(self) -> bool:
        """Say whether no place is asked for."""
        return CITY in self.areas

    @property
    def is_about_children(self) -> bool:
        """Say whether a child of a stage or grade is asked for."""
        return bool(self.stages or self.grades)

    def to_json(self) -> dict[str, Any]:
        """Return plain values; what is not asked for is left out."""
        done = {k: v for k, v in asdict(self.behaviours).items() if v is not None}
        plain = {
            "areas": list(self.areas),
            "stages": list(self.stages),
            "grades": list(self.grades),
            "roles": list(self.roles),
            "tags": list(self.tags),
            "behaviours": done,
            "features": dict(self.features),
            "excluding": [other.to_json() for other in self.excluding],
        }
        return {name: value for name, value in plain.items() if value}

    def narrowed(self, own: Iterable[str]) -> Audience:
        """Return it cut to these places and all below them.

        Raises:
            NotAllowed: nothing of it lies there.
        """
        mine = tuple(own)
        kept = {area for area in self.areas if any(scope.contains(o, area) for o in mine)}
        kept |= {o for o in mine if any(scope.contains(area, o) for area in self.areas)}
        if not kept:
            raise NotAllowed
        return replace(self, areas=widest(kept))


def widest(areas: Iterable[str]) -> tuple[str, ...]:
    """Return the areas without those that lie in another one, in the order of their paths."""
    given = set(areas)
    inner = {a for a in given if any(o != a and scope.contains(o, a) for o in given)}
    return tuple(sorted(given - inner))


def common(areas: Iterable[str]) -> str:
    """Return the node that all these areas lie in; the nearest one."""
    steps = [area.split("/") for area in areas]
    shared: list[str] = []
    for level in zip(*steps, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return "/".join(shared)


@cache
def codes() -> Mapping[str, str]:
    """Return the code of every grade (`p3`) by stage and place, with the stage's name as value."""
    letters = {"kinder": "k", "primary": "p", "junior": "j", "senior": "s"}
    named = grades.words().grades
    return {
        f"{letters[stage]}{n}": stage
        for stage in STAGES
        if stage in letters
        for n in range(1, len(named[stage]) + 1)
    }
