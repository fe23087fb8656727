"""Addresses for parents: pages for everybody, and pages of one person behind a key for an hour."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CursorResult,
    Executable,
    bindparam,
    delete,
    insert,
    literal_column,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.base import Instant
from bot.h5.tables import parent_links
from bot.people.families import Person
from bot.people.sealed import derived, fingerprint
from bot.runtime import Runtime

PREFIX = "/h"
#: What a link may open: the page of everything that is kept about its parent.
DATA = "data"
HOURS = 1
#: How often one link opens something. More than once: the platform looks at links by itself.
USES_MAX = 200
#: Days a link's row is kept to be counted, without the parent it was of.
COUNTED_DAYS = 366

_KEY_BYTES = 20
_KEY_FORM = re.compile(r"[0-9a-f]{40}").fullmatch
#: Notes a row to be written with the turn (`Turn.write`).
Write = Callable[[Executable, Mapping[str, Any]], None]

_save = insert(parent_links).values({c.name: bindparam(c.name) for c in parent_links.c})
_of_person = (
    parent_links.c.openid == bindparam("parent"),
    parent_links.c.account == bindparam("owner"),
)
# `last`: a link made earlier in the same batch must go as well
_close = (
    update(parent_links)
    .where(
        *_of_person,
        parent_links.c.purpose == bindparam("use"),
        parent_links.c.made_at < bindparam("now", type_=Instant()),
        parent_links.c.expires_at > bindparam("now", type_=Instant()),
    )
    .values(expires_at=bindparam("now", type_=Instant()))
    .execution_options(last=True)
)
_forget = (
    update(parent_links)
    .where(*_of_person)
    .values(openid=literal_column("''"), account=literal_column("''"))
    .execution_options(last=True)
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is in force: whose it is, what it opens, how long."""

    key: str
    person: Person
    purpose: str
    expires_at: datetime


def page(rt: Runtime, name: str, *, big: bool = False) -> str:
    """Return the address of a page for everybody; empty where parents cannot reach our pages.

    With `big` it opens in large type and the phone remembers that.
    """
    origin = rt.settings.public_url.rstrip("/")
    return f"{origin}{PREFIX}/{name}{'?big=1' if big else ''}" if origin else ""


def give(rt: Runtime, write: Write, person: Person, message: str, now: datetime) -> str:
    """Note a new link to a parent's own data and return its address; older ones end.

    The key comes from the message that asks, so a repeat of it is answered with the same link.
    Empty where parents cannot reach our pages.
    """
    if not rt.settings.public_url:
        return ""
    key = _key(rt, person, message)
    row = {
        "key": fingerprint(key),
        "account": person[0],
        "openid": person[1],
        "purpose": DATA,
        "made_at": now,
        "expires_at": now + timedelta(hours=HOURS),
        "uses": 0,
    }
    write(_save, row)
    write(_close, {"parent": person[1], "owner": person[0], "use": DATA, "now": now})
    return page(rt, f"{DATA}/{key}")


def forget(write: Write, person: Person) -> None:
    """Note that this parent's links end and that nobody can tell whose they were."""
    write(_forget, {"parent": person[1], "owner": person[0]})


async def opened(tx: AsyncConnection, key: str, purpose: str, now: datetime) -> Link | None:
    """Return the link of a key and count the use; None when it opens nothing (any more)."""
    if not _KEY_FORM(key):
        return None
    links = parent_links.c
    found = await tx.execute(
        update(parent_links)
        .where(
            links.key == fingerprint(key), links.purpose == purpose, links.expires_at > now,
            links.openid != "", links.uses < USES_MAX,
        )
        .values(uses=links.uses + 1)
        .returning(links.account, links.openid, links.expires_at)
    )  # fmt: skip
    row = found.first()
    return Link(key, (row.account, row.openid), purpose, row.expires_at) if row else None


async def tidy(tx: AsyncConnection, now: datetime) -> int:
    """Forget whose the expired links were, and the rows after a year; returns how many links."""
    expired = (parent_links.c.expires_at <= now) & (parent_links.c.openid != "")
    gone: CursorResult[tuple[()]] = await tx.execute(
        update(parent_links).where(expired).values(openid="", account="")
    )
    old = parent_links.c.made_at < now - timedelta(days=COUNTED_DAYS)
    await tx.execute(delete(parent_links).where(old))
    return gone.rowcount


def _key(rt: Runtime, person: Person, message: str) -> str:
    said = "\0".join((*person, DATA, message)).encode()
    key = derived(rt.code_key, "parent-link")
    return hashlib.blake2b(said, digest_size=_KEY_BYTES, key=key).hexdigest()
