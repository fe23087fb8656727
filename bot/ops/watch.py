"""What time does to health: checks every minute, the platform every ten, what is over forgotten."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import incidents
from bot.ops import account, health, local_checks, platform_checks
from bot.runtime import Runtime

#: Groups of findings the minute's checks decide about; `wechat` and `clock` have owners elsewhere.
_NEAR = (
    "settings", "disk", "wal", "hotlines", "duty", "texts", "certificates", "backup", "worker",
    "fence",
)  # fmt: skip
_FAR = ("platform", "token")
#: A refusal that was not met again for so long is over; quotas begin anew every day.
_QUIET = timedelta(hours=24)
_KEPT = timedelta(days=180)


async def look_near(rt: Runtime) -> int:
    """Open and close incidents by the cheap checks; returns how many findings are bad."""
    await account.follow(rt)
    checks = (local_checks.settings, local_checks.disk, *health.CHEAP)
    findings = await health.found(rt, checks)
    async with rt.db.write() as tx:
        await health.settle(tx, rt, findings, _NEAR)
        await _close_quiet(tx, rt)
    return sum(f.is_bad for f in findings)


async def look_far(rt: Runtime) -> int:
    """Ask the platform for its clock and try the token, if there is an account; as `look_near`."""
    held = await account.follow(rt)
    if not (held["app_id"] and held["app_secret"]):
        return 0
    findings = await health.found(rt, (platform_checks.platform,))
    keys = {f.key for f in findings}
    async with rt.db.write() as tx:
        await health.settle(tx, rt, findings, _FAR)
        clock = [f for f in findings if f.key == "clock.wrong"]
        for finding in clock:
            await incidents.report(tx, finding.key, rt.clock.now(), **finding.values)
        if "clock.ok" in keys:
            await incidents.resolve(tx, ["clock.wrong"], rt.clock.now())
        if "token.ok" in keys:
            over = [f"wechat.{code}" for code in incidents.TOKEN_CODES]
            await incidents.resolve(tx, over, rt.clock.now())
    return sum(f.is_bad for f in findings)


async def forget_old(rt: Runtime) -> int:
    """Delete incidents that were over long ago; returns how many."""
    async with rt.db.write() as tx:
        return await incidents.forget(tx, rt.clock.now() - _KEPT)


async def _close_quiet(tx: AsyncConnection, rt: Runtime) -> None:
    at = rt.clock.now()
    quiet = {
        one.key
        for one in await incidents.listed(tx)
        if one.key.startswith("wechat.") and one.last_at < at - _QUIET
    }
    await incidents.resolve(tx, quiet, at)
