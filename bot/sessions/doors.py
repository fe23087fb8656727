"""At the door: passes that parents show, make-ups, the code of a poster."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.db.upsert import insert_new, upsert
from bot.errors import InvalidInput, StoreAway
from bot.people.actor import Actor
from bot.people.families import Person
from bot.runtime import Runtime
from bot.sessions import check_in, rules
from bot.sessions.rules import Moment
from bot.sessions.tables import makeups, passes, posters
from bot.wechat import errors
from bot.wechat.gateway import QR_LIFE_MAX_S

#: How long a parent's pass is good, its digits, and the most people one make-up counts.
PASS_LASTS, PASS_DIGITS, COUNT_MAX = timedelta(minutes=10), 6, 50
#: A make-up is entered until so long after the end.
MAKEUP_UNTIL = timedelta(days=7)
_P = passes.c


async def give_pass(rt: Runtime, tx: AsyncConnection, session: Row[Any], person: Person) -> str:
    """Return the digits of a new pass; the parent's one before is void.

    Raises:
        InvalidInput: so many passes are out that no digits were found.
    """
    now = rt.clock.now()
    mine = (_P.account == person[0]) & (_P.openid == person[1])
    old = (_P.session == session.id) & (mine | (_P.until <= now))
    await tx.execute(delete(passes).where(old))
    columns = ("session", "digits", "account", "openid", "until")
    row = {
        "session": session.id,
        "account": person[0],
        "openid": person[1],
        "until": now + PASS_LASTS,
    }
    for _ in range(20):
        digits = f"{secrets.randbelow(10**PASS_DIGITS):0{PASS_DIGITS}d}"
        statement = insert_new(passes, columns, is_sqlite=rt.db.is_sqlite)
        if (await tx.execute(statement, row | {"digits": digits})).first() is not None:
            return digits
    raise InvalidInput("session.no_digits")


async def pass_of(
    tx: AsyncConnection, number: int, person: Person, now: datetime
) -> Row[Any] | None:
    """Return the digits of a parent's pass that is good, and until when."""
    mine = (_P.account == person[0]) & (_P.openid == person[1]) & (_P.until > now)
    wanted: Select[Any] = select(_P.digits, _P.until).where(_P.session == number, mine)
    found: Row[Any] | None = (await tx.execute(wanted)).first()
    return found


async def admit(
    rt: Runtime, tx: AsyncConnection, actor: Actor, session: Row[Any], digits: str,
    *, reason: str = "",
) -> bool:  # fmt: skip
    """Check in whoever shows these digits; with a reason it is a make-up. False: was there already.

    Raises:
        InvalidInput: the digits are wrong or too old, or it is not the time.
    """
    _check_time(rt, session, is_makeup=bool(reason))
    now = rt.clock.now()
    found = await tx.execute(
        delete(passes)
        .where(_P.session == session.id, _P.digits == digits, _P.until > now)
        .returning(_P.account, _P.openid)
    )
    row = found.first()
    if row is None:
        raise InvalidInput("session.no_pass")
    way = check_in.MAKEUP if reason else check_in.STAFF
    is_new = await check_in.note(
        rt, tx, session, (row.account, row.openid), way, reason=reason, by_staff=actor.id
    )
    await _note(rt, tx, actor, f"session.{'made_up' if reason else 'admitted'}", session, 1)
    return is_new


async def make_up(
    rt: Runtime, tx: AsyncConnection, actor: Actor, session: Row[Any], count: int, reason: str
) -> None:
    """Count in people who cannot scan: how many and why, never who.

    Raises:
        InvalidInput: it is not the time.
    """
    _check_time(rt, session, is_makeup=True)
    row = {
        "session": session.id, "count": count, "reason": reason, "by_staff": actor.id,
        "at": rt.clock.now(),
    }  # fmt: skip
    await tx.execute(insert(makeups).values(row))
    await _note(rt, tx, actor, "session.made_up", session, count)


def _check_time(rt: Runtime, session: Row[Any], *, is_makeup: bool) -> None:
    now = rt.clock.now()
    moment = rules.moment(session, now)
    if session.state != rules.OPEN or moment is Moment.EARLY:
        raise InvalidInput("session.too_early")
    last = session.ends_at + (MAKEUP_UNTIL if is_makeup else timedelta())
    if now >= last:
        raise InvalidInput("session.too_late")


async def _note(
    rt: Runtime, tx: AsyncConnection, actor: Actor, action: str, session: Row[Any], count: int
) -> None:
    about = f"session:{session.id}"
    await audit.note(rt, tx, actor, action, about, area=session.area, count=count)


async def poster(tx: AsyncConnection, number: int, now: datetime) -> str:
    """Return the address behind a poster's code; empty where there is none that works."""
    wanted = select(posters.c.url).where(posters.c.session == number, posters.c.expires_at > now)
    return str(await tx.scalar(wanted) or "")


async def make_poster(rt: Runtime, actor: Actor, session: Row[Any]) -> None:
    """Ask the platform for a session's code, good for 30 days at most, and keep it.

    Raises:
        InvalidInput: the platform does not give one.
    """
    if rt.connect is None:
        raise InvalidInput("session.no_platform")
    asked_at = rt.clock.now()
    try:
        given = await (await rt.connect()).create_qrcode(f"session:{session.code}", QR_LIFE_MAX_S)
    except (errors.WeChatError, StoreAway):
        raise InvalidInput("session.no_platform") from None
    lasts = timedelta(seconds=given.expires_in_s or QR_LIFE_MAX_S)
    row = {"session": session.id, "url": given.url, "expires_at": asked_at + lasts}
    async with rt.db.write() as tx:
        save = upsert(posters, ("session",), ("url", "expires_at"), is_sqlite=rt.db.is_sqlite)
        await tx.execute(save, row)
        await _note(rt, tx, actor, "session.poster", session, 0)


async def forget_old(rt: Runtime) -> int:
    """Delete passes and posters that are over; returns how many."""
    now = rt.clock.now()
    async with rt.db.write() as tx:
        gone = await tx.execute(delete(passes).where(_P.until <= now))
        ended = await tx.execute(delete(posters).where(posters.c.expires_at <= now))
    return int(gone.rowcount) + int(ended.rowcount)
