"""Look at everything the service stands on: for the command line, the console and the worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import incidents
from bot.ops import account, certificate_checks, local_checks, platform_checks, safety_checks
from bot.ops.finding import Finding
from bot.runtime import Runtime

Check = Callable[[Runtime], AsyncIterator[Finding]]

#: Before the database is known to be there.
FIRST: tuple[Check, ...] = (local_checks.settings, local_checks.disk, local_checks.store)
#: Cheap, with a database: what the worker looks at every minute.
CHEAP: tuple[Check, ...] = (
    local_checks.wal,
    safety_checks.lines,
    safety_checks.duty,
    safety_checks.texts,
    certificate_checks.key,
    local_checks.backup,
    local_checks.worker,
    local_checks.sending,
)
AFAR: tuple[Check, ...] = (platform_checks.platform, platform_checks.webhook)


async def looks(rt: Runtime, *, offline: bool) -> AsyncIterator[Finding]:
    """Yield findings as they are made; the platform is left out when `offline`."""
    if not rt.db.is_absent():
        await account.load(rt)
    is_sound = False
    for check in FIRST:
        async for finding in check(rt):
            is_sound = is_sound or finding.key == "database.ok"
            yield finding
    for check in CHEAP if is_sound else ():
        async for finding in check(rt):
            yield finding
    for check in () if offline else AFAR:
        async for finding in check(rt):
            yield finding


async def examine(rt: Runtime, *, offline: bool) -> list[Finding]:
    """Return all findings at once, for a page."""
    return [finding async for finding in looks(rt, offline=offline)]


async def found(rt: Runtime, checks: Collection[Check]) -> list[Finding]:
    """Return what some checks find."""
    return [finding for check in checks async for finding in check(rt)]


async def settle(
    tx: AsyncConnection, rt: Runtime, findings: Collection[Finding], groups: Collection[str]
) -> None:
    """Open an incident for each bad finding, and close those of these groups that are over."""
    at = rt.clock.now()
    bad = {f.key: f for f in reversed(list(findings)) if f.is_bad and f.what in groups}
    for finding in bad.values():
        await incidents.report(tx, finding.key, at, **finding.values)
    over = {key for key in await incidents.open_keys(tx) if key.partition(".")[0] in groups}
    await incidents.resolve(tx, over - bad.keys(), at)
