"""Roles and permissions as data: roles.yaml, checked when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Role:
    """A bundle of permissions; `second_factor` says that a password alone is not enough."""

    id: str
    name: str
    may: frozenset[str]
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Roles:
    """Everything of roles.yaml."""

    permissions: Mapping[str, str]
    roles: Mapping[str, Role]
    #: Permissions that only a role for the whole city gives.
    whole: frozenset[str]
    #: Permissions that only a role for the whole city or a whole district gives.
    district: frozenset[str]


@cache
def load() -> Roles:
    """Read roles.yaml; a role that allows an unknown thing is a bug and rises."""
    path = Path(__file__).parent / "roles.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    permissions: dict[str, str] = data["permissions"]
    roles = {}
    for name, fields in data["roles"].items():
        unknown = set(fields["may"]) - permissions.keys()
        assert not unknown, f"role {name} allows what is not defined: {sorted(unknown)}"
        roles[name] = Role(name, fields["name"], frozenset(fields["may"]), fields["second_factor"])
    whole = frozenset(data["whole"])
    district = frozenset(data["district"])
    assert whole | district <= permissions.keys()
    return Roles(permissions, roles, whole, district)


def needs_second_factor(names: list[str]) -> bool:
    """Say whether one of these roles asks for a second factor."""
    return any(load().roles[n].second_factor for n in names if n in load().roles)
