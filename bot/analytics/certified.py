"""Who holds a certificate: the one place where the figures touch the rows of certificates."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from bot.db.base import metadata

#: The table of certificates; it is there once their feature is part of the service.
_TABLE = "certificate"


def holders() -> Select[Any] | None:
    """Return the people (account, openid) with a certificate in force, each once.

    None: this service issues no certificates, and the figures say so.
    """
    table = metadata.tables.get(_TABLE)
    if table is None:
        return None
    in_force = table.c.revoked_at.is_(None) & table.c.openid.is_not(None)
    return select(table.c.account, table.c.openid).where(in_force).distinct()
