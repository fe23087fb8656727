"""JSON to an audience: every fault names its field."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from bot.errors import InvalidInput
from bot.org.tables import PATH_MAX
from bot.people.audience_shape import CITY, ROLES, STAGES, Audience, Behaviour, codes, widest

DAYS_MAX = 3650
AREAS_MAX = 200
EXCLUDING_MAX = 10
_VALUE_MAX = 64
_NUMBER_MAX = 2**62
_PATH = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)*")
_FIELDS = frozenset(one.name for one in fields(Audience))
_BEHAVIOURS = frozenset(one.name for one in fields(Behaviour))


class NotAnAudience(InvalidInput):
    """A definition that cannot be taken; `field` says where."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field


def loads(text: str) -> Audience:
    """Read the text of a definition.

    Raises:
        NotAnAudience: as `from_json`.
    """
    try:
        data = json.loads(text)
    except ValueError:
        raise NotAnAudience("audience", "is not JSON") from None
    return from_json(data)


def dumps(audience: Audience) -> str:
    """Return a definition as text: the same audience is the same text."""
    return json.dumps(audience.to_json(), ensure_ascii=False, sort_keys=True)


def from_json(data: object, *, at: str = "", inner: bool = False) -> Audience:
    """Read plain values.

    Raises:
        NotAnAudience: something is unknown, of the wrong kind or out of bounds.
    """
    given = _object(data, at or "audience", _FIELDS)
    if given.get("tags"):
        raise NotAnAudience(f"{at}tags", "parents have no tags, and families get no labels")
    if inner and given.get("excluding"):
        raise NotAnAudience(f"{at}excluding", "an excluded audience excludes nobody itself")
    return Audience(
        areas=_areas(given.get("areas", [CITY]), f"{at}areas"),
        stages=_some(given.get("stages", []), f"{at}stages", STAGES),
        grades=_some(given.get("grades", []), f"{at}grades", codes()),
        roles=_some(given.get("roles", []), f"{at}roles", ROLES),
        behaviours=_behaviours(given.get("behaviours", {}), f"{at}behaviours"),
        features=_features(given.get("features", {}), f"{at}features"),
        excluding=_excluding(given.get("excluding", []), f"{at}excluding"),
    )


def _object(data: object, at: str, known: Collection[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise NotAnAudience(at, "is not an object")
    unknown = sorted(set(data) - set(known)) if known is not None else []
    if unknown:
        raise NotAnAudience(f"{at}.{unknown[0]}", "is not known")
    return data


def _texts(data: object, at: str, most: int) -> list[str]:
    if not isinstance(data, list) or not all(isinstance(one, str) for one in data):
        raise NotAnAudience(at, "is not a list of texts")
    if len(data) > most:
        raise NotAnAudience(at, f"has more than {most}")
    return data


def _areas(data: object, at: str) -> tuple[str, ...]:
    listed = _texts(data, at, AREAS_MAX)
    if not listed:
        raise NotAnAudience(at, "is empty; the whole city is an empty text")
    for path in listed:
        if path != CITY and (len(path) > PATH_MAX or not _PATH.fullmatch(path)):
            raise NotAnAudience(at, "holds what is no path")
    return widest(listed)


def _some(data: object, at: str, known: Collection[str]) -> tuple[str, ...]:
    listed = _texts(data, at, len(known))
    unknown = [one for one in listed if one not in known]
    if unknown:
        raise NotAnAudience(at, f"{unknown[0][:_VALUE_MAX]!r} is not one of {', '.join(known)}")
    return tuple(one for one in known if one in listed)


def _behaviours(data: object, at: str) -> Behaviour:
    given = _object(data, at, _BEHAVIOURS)
    for name, value in given.items():
        most = DAYS_MAX if name.endswith("_days") else _NUMBER_MAX
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise NotAnAudience(f"{at}.{name}", f"is not a whole number from 1 to {most}")
    return Behaviour(**given)


def _features(data: object, at: str) -> dict[str, str]:
    given = _object(data, at)
    for name, value in given.items():
        if not isinstance(value, str) or not 0 < len(value) <= _VALUE_MAX:
            raise NotAnAudience(f"{at}.{name}", f"is not a text of 1 to {_VALUE_MAX} characters")
    return dict(given)


def _excluding(data: object, at: str) -> tuple[Audience, ...]:
    if not isinstance(data, list) or len(data) > EXCLUDING_MAX:
        raise NotAnAudience(at, f"is not a list of at most {EXCLUDING_MAX} audiences")
    return tuple(from_json(one, at=f"{at}.{n}.", inner=True) for n, one in enumerate(data))
