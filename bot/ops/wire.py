"""The account at work: the gate for pushes and the gateway for calls, made from its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.delivery.tokens import SharedTokens
from bot.ops import account
from bot.runtime import Runtime
from bot.wechat.cipher import Cipher
from bot.wechat.inbound import Closed, Gate, Mode

if TYPE_CHECKING:
    import aiohttp

    from bot.wechat.gateway import Gateway
    from bot.wechat.tokens import TokenStore


def gate(rt: Runtime) -> Gate | Closed:
    """Return the gate for the platform's pushes, with current and previous keys.

    It is closed while the account is not complete.
    """
    held = account.now(rt)
    if held.missing:
        return Closed()
    keys = [key for key in (held["aes_key"], held["previous_aes_key"]) if key]
    return Gate(
        [token for token in (held["token"], held["previous_token"]) if token],
        Cipher(keys, held["app_id"]) if keys else None,
        Mode(held["mode"]),
        rt.clock,
        window_s=rt.settings.wechat_window_s,
    )


def shared_gateway(rt: Runtime, http: aiohttp.ClientSession) -> Gateway:
    """Return a gateway for the account in force; the access token is shared by the database."""
    held = account.now(rt)
    return gateway(rt, http, held.values, SharedTokens(rt.db, rt.clock, held["app_id"]))


def gateway(
    rt: Runtime,
    http: aiohttp.ClientSession,
    values: Mapping[str, str],
    store: TokenStore | None = None,
) -> Gateway:
    """Return a gateway for these values; without a store its token is its own."""
    from bot.wechat.gateway import Gateway  # wechatpy's API classes: not on the way to an answer

    return Gateway.open(
        http,
        app_id=values.get("app_id", ""),
        secret=values.get("app_secret", ""),
        base=rt.settings.wechat_api,
        timeout_s=rt.settings.wechat_timeout_s,
        clock=rt.clock,
        store=store,
    )
