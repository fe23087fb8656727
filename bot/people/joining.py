"""A parent agrees to the service: the row that everything else about the family hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Select, select

from bot.db.upsert import upsert
from bot.people import consents
from bot.people.consents import Kind
from bot.people.families import Person, guardians

_GUARDIAN = ("role", "is_elder", "personal_off_at", "added_at", "changed_at")
Written = list[tuple[Executable, Mapping[str, Any]]]


def has_agreed(person: Person) -> Select[Any]:
    """Return a row where the parent has agreed, none where not."""
    mine = (guardians.c.account == person[0], guardians.c.openid == person[1])
    return select(guardians.c.role).where(*mine)


def agree(
    person: Person, now: datetime, version: str, *, is_elder: bool, is_sqlite: bool
) -> Written:
    """Return what notes that a parent agrees to the service, and to nothing else.

    `version` is that of the privacy text. For `turn.write(*one)` and `tx.execute(*one)` alike.
    """
    save = upsert(guardians, ("account", "openid"), _GUARDIAN, is_sqlite=is_sqlite)
    row = {"account": person[0], "openid": person[1], "role": "", "is_elder": is_elder}
    row |= {"personal_off_at": None, "added_at": now, "changed_at": now}
    noted: Written = [(save, row)]
    for kind in Kind:
        given = kind is Kind.SERVICE
        consents.note(_into(noted), person, kind, now, given=given, version=version)
    return noted


def _into(noted: Written) -> consents.Write:
    def write(statement: Executable, row: Mapping[str, Any]) -> None:
        noted.append((statement, row))

    return write
