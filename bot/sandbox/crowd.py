"""Many followers at once: light phones that follow without a push, unless pushes are asked for."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox import actions, pushes
from bot.sandbox.errors import NotHere
from bot.sandbox.phones import NOT_OPENED, Phone
from bot.sandbox.windows import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.state import Platform

OPENID_LENGTH = 28
PUSHES_AT_ONCE = 20
FREEZE_FROM = 100_000


@dataclass(frozen=True)
class Wanted:
    """What the people of a crowd have in common; `wrote_ago_s` below 0 means they never wrote."""

    count: int
    prefix: str = "oBulk"
    follow: bool = True
    tag_ids: tuple[int, ...] = ()
    accepted: Mapping[str, int] | None = None
    wrote_ago_s: float = -1.0


def make(platform: Platform, wanted: Wanted) -> list[Phone]:
    """Add the phones; openids are the prefix and a number, which goes on from the last crowd.

    The collector of garbage rests meanwhile, and after a large crowd it leaves alone what is there:
    walking a million phones stopped every call for 0.4 s now and then. They hold no cycles.

    Raises:
        NotHere: an unknown tag or template, or an openid that is taken.

    """
    _check(platform, wanted)
    start = platform.crowds[wanted.prefix] + 1
    width = OPENID_LENGTH - len(wanted.prefix)
    openids = [f"{wanted.prefix}{n:0{width}d}" for n in range(start, start + wanted.count)]
    if not platform.phones.keys().isdisjoint(openids):
        raise NotHere("an openid of this crowd has a phone already", 409)
    platform.crowds[wanted.prefix] += wanted.count
    was_on = gc.isenabled()
    gc.disable()
    try:
        return _add(platform, wanted, openids)
    finally:
        if wanted.count >= FREEZE_FROM:
            gc.freeze()
        if was_on:
            gc.enable()


def _check(platform: Platform, wanted: Wanted) -> None:
    if not 1 <= len(wanted.prefix) < OPENID_LENGTH - 8 or not wanted.prefix.isascii():
        raise NotHere("prefix is 1 to 19 letters")
    for tag_id in wanted.tag_ids:
        if tag_id not in platform.account.tags:
            raise NotHere(f"there is no tag {tag_id}", 404)
    for template_id in wanted.accepted or {}:
        if template_id not in platform.account.templates:
            raise NotHere(f"there is no template {template_id}", 404)


def _add(platform: Platform, wanted: Wanted, openids: list[str]) -> list[Phone]:
    config, now = platform.config, platform.clock.now()
    wrote_at = now - wanted.wrote_ago_s if wanted.wrote_ago_s >= 0 else 0.0
    messages = config.user_messages if wrote_at else 0
    deadline = wrote_at + config.user_window_s if wrote_at else 0.0
    accepted = dict(wanted.accepted or {})
    made = [
        Phone(
            openid,
            openid,
            is_following=wanted.follow,
            followed_at=now if wanted.follow else 0.0,
            tags=wanted.tag_ids if wanted.follow else (),
            window=Window(messages, deadline),
            talked_at=wrote_at,
            accepted=accepted,
            is_light=True,
            log=NOT_OPENED,
        )
        for openid in openids
    ]
    platform.phones.update(zip(openids, made, strict=True))
    platform.roll.touch()
    return made


async def announce(platform: Platform, made: list[Phone]) -> None:
    """Push that each of them follows, a few at a time."""
    for start in range(0, len(made), PUSHES_AT_ONCE):
        some = [p for p in made[start : start + PUSHES_AT_ONCE] if p.is_following]
        events = [(p, pushes.subscribe(platform.head(p))) for p in some]
        await asyncio.gather(*[actions.push(platform, p, event) for p, event in events])
