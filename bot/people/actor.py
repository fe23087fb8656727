"""Who acts: a staff member with grants; what may be done where, asked in Python and in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, true

from bot.errors import NotAllowed
from bot.org import scope
from bot.people import roles

#: Steps of a district's path: the city, the district.
_DISTRICT = 2


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for a node of the organisation and all below it; an empty topic means every topic.

    A topic is a leaf (`study.reading`) or a whole top (`study`).
    """

    role: str
    area: str
    topic: str = ""

    def allows(self, permission: str) -> bool:
        """Say whether the role, given for this part or for the whole city, holds a permission."""
        known = roles.load()
        role = known.roles.get(self.role)
        is_part = bool(self.area or self.topic)
        return (
            role is not None
            and permission in role.may
            and not (is_part and permission in known.whole)
            and (permission not in known.district or self.is_wide)
        )

    @property
    def is_wide(self) -> bool:
        """Say whether it is for the whole city or a whole district, and for every topic."""
        return not self.topic and len(self.area.split("/")) <= _DISTRICT

    def covers(self, area: str, topic: str) -> bool:
        """Say whether the grant reaches this node and topic."""
        return scope.contains(self.area, area) and _holds(self.topic, topic)


@dataclass(frozen=True, slots=True)
class Actor:
    """One staff member for one request; everything not granted is refused."""

    id: int
    login: str
    name: str
    grants: tuple[Grant, ...]

    def giving(self, permission: str) -> Iterator[Grant]:
        """Yield the grants that hold a permission."""
        return (g for g in self.grants if g.allows(permission))

    def may(self, permission: str, area: str | None = None, topic: str | None = None) -> bool:
        """Say whether this may be done there; without a place: anywhere at all."""
        return any(
            (area is None or scope.contains(g.area, area))
            and (topic is None or _holds(g.topic, topic))
            for g in self.giving(permission)
        )

    def require(self, permission: str, area: str | None = None, topic: str | None = None) -> None:
        """Refuse what may not be done.

        Raises:
            NotAllowed: no grant reaches it.
        """
        if not self.may(permission, area, topic):
            raise NotAllowed

    def areas(self, permission: str) -> tuple[str, ...]:
        """Return the nodes for which the permission is given, the widest first."""
        return tuple(sorted({g.area for g in self.giving(permission)}, key=len))

    def sees(
        self,
        permission: str,
        area: ColumnElement[str] | None = None,
        topic: ColumnElement[str] | None = None,
    ) -> ColumnElement[bool]:
        """Return the condition for rows this permission reaches; nothing granted, nothing seen."""
        return scope.either(_within(g, area) & _about(g, topic) for g in self.giving(permission))

    def sees_widely(self, permission: str, area: ColumnElement[str]) -> ColumnElement[bool]:
        """Return the condition as `sees`, by roles for the whole city or a whole district alone."""
        return scope.either(_within(g, area) for g in self.giving(permission) if g.is_wide)

    def reads(
        self, permission: str, area: ColumnElement[str], topic: ColumnElement[str]
    ) -> ColumnElement[bool]:
        """Return the condition for rows that lie in or speak for a place of the permission.

        What holds for the whole city is read in every district.
        """
        return scope.either(
            (_within(g, area) | scope.speaks_for(area, g.area)) & _about(g, topic)
            for g in self.giving(permission)
        )

    @property
    def role_names(self) -> list[str]:
        """Return the names of the roles, each once."""
        known = roles.load().roles
        return list(dict.fromkeys(known[g.role].name for g in self.grants if g.role in known))


def _holds(topic: str, other: str) -> bool:
    return not topic or other == topic or other.startswith(f"{topic}.")


def _within(grant: Grant, area: ColumnElement[str] | None) -> ColumnElement[bool]:
    if area is None or not grant.area:
        return true()
    return scope.is_below(area, grant.area)


def _about(grant: Grant, topic: ColumnElement[str] | None) -> ColumnElement[bool]:
    if topic is None or not grant.topic:
        return true()
    return (topic == grant.topic) | topic.startswith(f"{grant.topic}.", autoescape=True)
