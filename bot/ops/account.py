"""The account the service speaks for: from the environment, else as set in the console.

A value of the environment wins and cannot be changed here. Processes take over a change within
seconds: `follow` compares one number.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.upsert import upsert
from bot.errors import StoreAway
from bot.logs import log
from bot.ops import seal
from bot.ops.tables import account_settings
from bot.runtime import Runtime
from bot.settings import Settings

NAMES = (
    "account_id",
    "app_id",
    "app_secret",
    "token",
    "previous_token",
    "mode",
    "aes_key",
    "previous_aes_key",
)
SECRET = frozenset({"app_secret", "token", "previous_token", "aes_key", "previous_aes_key"})
DEFAULT_MODE = "safe"
_LETTERS = string.ascii_letters + string.digits
#: Last characters that leave no stray bits: 43 of them are 258 bits for a key of 256.
_LAST = "AEIMQUYcgkosw048"
_SHELF = "ops.account"


@dataclass(frozen=True, slots=True)
class Account:
    """What is in force. `fixed` are the names the environment sets; `version` counts changes.

    `unreadable` are stored values that another installation's key has sealed.
    """

    values: Mapping[str, str] = field(repr=False)
    fixed: frozenset[str]
    version: int = 0
    unreadable: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> str:
        """Return a value, empty when it is not set."""
        return self.values.get(name, "")

    @property
    def missing(self) -> tuple[str, ...]:
        """What the webhook still needs before it can take a push."""
        needed = ["account_id", "app_id", "token"]
        if self["mode"] != "plain":
            needed.append("aes_key")
        return tuple(name for name in needed if not self[name])


@dataclass(frozen=True, slots=True)
class Kept:
    """When and by whom a value was last changed here."""

    name: str
    changed_at: datetime
    changed_by: str


def now(rt: Runtime) -> Account:
    """Return the account in force in this process."""
    held: Account | None = rt.shelf.get(_SHELF)
    return held or _merged(rt.settings, {}, 0)


async def load(rt: Runtime) -> Account:
    """Read the account anew and put it in force; without a database it is the environment's."""
    try:
        async with rt.db.read() as tx:
            rows = (await tx.execute(select(account_settings))).all()
    except (StoreAway, ProgrammingError) as away:  # away, or of before this table
        log.info("account_from_environment", reason=type(away).__name__)
        rows = []
    stored, unreadable = {}, set()
    for row in rows:
        try:
            stored[row.name] = seal.unseal(rt.code_key, row.name, row.value)
        except seal.OtherKey:
            unreadable.add(row.name)
    if unreadable:
        log.error("account_unreadable", names=sorted(unreadable))
    version = max((row.version for row in rows), default=0)
    found = _merged(rt.settings, stored, version, frozenset(unreadable))
    rt.shelf[_SHELF] = found
    return found


async def follow(rt: Runtime) -> Account:
    """Return the account in force, read anew when it has been changed anywhere.

    Raises:
        StoreAway: the database does not say; what was in force stays so.
    """
    async with rt.db.read() as tx:
        version = await tx.scalar(select(func.max(account_settings.c.version)))
    held: Account | None = rt.shelf.get(_SHELF)
    if held is not None and held.version == (version or 0):
        return held
    return await load(rt)


async def save(tx: AsyncConnection, rt: Runtime, changes: Mapping[str, str], *, by: str) -> None:
    """Keep changed values, sealed; they are in force everywhere within seconds of the commit.

    They must have passed `account_form.check`, which also keeps the former Token and key for a
    rotation.
    """
    assert set(changes) <= set(NAMES)
    last = await tx.scalar(select(func.max(account_settings.c.version)))
    row = upsert(
        account_settings,
        ("name",),
        ("value", "version", "changed_at", "changed_by"),
        is_sqlite=rt.db.is_sqlite,
    )
    for name, text in changes.items():
        values = {
            "name": name,
            "value": seal.seal(rt.code_key, name, text),
            "version": (last or 0) + 1,
            "changed_at": rt.clock.now(),
            "changed_by": by,
        }
        await tx.execute(row, values)


async def kept(tx: AsyncConnection) -> list[Kept]:
    """Return what was set here, by name; never a value."""
    c = account_settings.c
    rows = await tx.execute(select(c.name, c.changed_at, c.changed_by).order_by(c.name))
    return [Kept(*row) for row in rows]


def make_token() -> str:
    """Return a random Token of 32 letters and digits."""
    return _word(32)


def make_aes_key() -> str:
    """Return a random EncodingAESKey, as the platform's console makes them."""
    return _word(42) + secrets.choice(_LAST)


def callback_url(rt: Runtime, origin: str) -> str:
    """Return what to enter in the platform's console; `origin` is like `https://name`."""
    return origin.rstrip("/") + rt.settings.webhook_path


def _word(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _merged(
    given: Settings,
    stored: Mapping[str, str],
    version: int,
    unreadable: frozenset[str] = frozenset(),
) -> Account:
    fixed = {name: text for name in NAMES if (text := _given(given, name))}
    values = {"mode": DEFAULT_MODE} | {n: v for n, v in stored.items() if v} | fixed
    return Account(values, frozenset(fixed), version, unreadable)


def _given(given: Settings, name: str) -> str:
    """Return what the environment says; a mode that was not set there is no word of it."""
    if name == "mode" and "wechat_mode" not in given.model_fields_set:
        return ""
    value = getattr(given, f"wechat_{name}")
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)
