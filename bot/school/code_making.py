"""A code of the platform, made and kept: of a place for ever, or of an event for some days.

There are 100,000 permanent codes an account (WECHAT 5.10).
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.db.upsert import upsert
from bot.errors import InvalidInput, StoreAway
from bot.org.tree import Unit
from bot.people.actor import Actor
from bot.people.code_tables import codes
from bot.people.code_tables import scene as scene_for
from bot.people.followers import SCENE_MAX
from bot.runtime import Runtime
from bot.wechat import errors

#: Permanent codes an account can have; source: WECHAT 5.10.
PERMANENT_MAX = 100_000
#: What the platform answers where there are no more permanent codes.
_NO_MORE = 45029
_VALUES = ("ticket", "url", "permanent", "area", "name", "made_at", "expires_at", "made_by")


async def permanent(tx: AsyncConnection) -> int:
    """Return how many permanent codes the account has by our count."""
    rows = select(func.count()).select_from(codes).where(codes.c.permanent.is_(True))
    return await tx.scalar(rows) or 0


async def of_place(rt: Runtime, actor: Actor, unit: Unit) -> None:
    """Make the permanent code of a place; whether the actor may, the caller has looked.

    Raises:
        InvalidInput: its path is too long for a code, or the platform gives none (any more).
    """
    scene = scene_for(unit)
    if len(scene) > SCENE_MAX:
        raise InvalidInput("codes.too_long")
    async with rt.db.read() as tx:
        if await permanent(tx) >= PERMANENT_MAX:
            raise InvalidInput("codes.full")
    await create(rt, actor, scene, unit.path, "", None)


async def create(
    rt: Runtime, actor: Actor, scene: str, area: str, name: str, life_s: int | None
) -> None:
    """Ask the platform for a code and keep it; nothing is locked while it is asked."""
    if rt.connect is None:
        raise InvalidInput("codes.no_account")
    asked_at = rt.clock.now()
    try:
        gateway = await rt.connect()
        given = await gateway.create_qrcode(scene, life_s)
    except (errors.Unknown, errors.Retry, StoreAway):
        raise InvalidInput("codes.no_answer") from None
    except errors.WeChatError as refused:
        if refused.code == _NO_MORE:
            raise InvalidInput("codes.full") from None
        raise InvalidInput(f"{refused.answer.meaning}{refused.answer.remedy}") from None
    lives = given.expires_in_s if life_s is not None else None
    expires_at = None if lives is None else asked_at + timedelta(seconds=lives)
    row = {
        "scene": scene, "ticket": given.ticket, "url": given.url, "permanent": life_s is None,
        "area": area, "name": name, "made_at": asked_at, "expires_at": expires_at,
        "made_by": actor.id,
    }  # fmt: skip
    async with rt.db.write() as tx:
        await tx.execute(upsert(codes, ("scene",), _VALUES, is_sqlite=rt.db.is_sqlite), row)
        await audit.note(rt, tx, actor, "code.made", f"code:{scene}", area=area)
