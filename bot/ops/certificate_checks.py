"""What is looked at for certificates: the key that signs them is there and opens."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.errors import InvalidInput
from bot.ops.finding import Finding, made
from bot.runtime import Runtime
from bot.school import signing_keys


async def key(rt: Runtime) -> AsyncIterator[Finding]:
    """Look whether the signing key can be used; before the first certificate there is none."""
    async with rt.db.read() as tx:
        row = await signing_keys.last(tx)
        is_needed = row is None and await signing_keys.is_needed(tx)
    if is_needed:
        yield made("certificates.no_key", "fail")
    elif row is None:
        yield made("certificates.none", "ok")
    else:
        try:
            signing_keys.opened(rt, row)
        except InvalidInput:
            yield made("certificates.unreadable", "fail", name=row.id)
        else:
            yield made("certificates.ok", "ok", name=row.id)
