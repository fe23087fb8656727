"""The asynchronous transport under wechatpy's API classes, one request at a time.

wechatpy's methods build a request and hand it to `_request`; here that returns a coroutine. The
`access_token` property hands out a marker, and the coroutine puts the real token in its place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl

import aiohttp
from wechatpy.client import WeChatClient
from yarl import URL

from bot.wechat import errors, upload
from bot.wechat.address import BASE_URL, CONNECT_TIMEOUT_S, TIMEOUT_S
from bot.wechat.awaited import (
    AwaitedDataCube,
    AwaitedJSAPI,
    AwaitedQRCode,
    AwaitedTag,
    AwaitedUser,
)
from bot.wechat.operations import WeChatOperations
from bot.wechat.tokens import Tokens, TokenStore

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from bot.clock import Clock

_MARKER = "@@access-token@@"


@dataclass(frozen=True, slots=True)
class Binary:
    """An answer that is not JSON: media, a picture."""

    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True)
class _Call:
    """A request ready to be made, once or twice."""

    method: str
    url: str
    params: Mapping[str, str]
    body: Callable[[], Any]
    timeout: aiohttp.ClientTimeout
    needs_token: bool


class AsyncWeChatClient(WeChatClient):  # type: ignore[misc] # wechatpy has no types
    """wechatpy's client over aiohttp: `await client.message.send_text(openid, text)`.

    Args:
        app_id: the appid of the account.
        secret: its AppSecret; never in a message of an error.
        http: an open session; the caller closes it.
        clock: for the life of the token.
        store: where processes share the token.
        base_url: the platform, or a sandbox.
        timeout_s: for one request, from connecting to the last byte.

    Every method raises `errors.WeChatError`. A call is made a second time only after 40001, 40014
    or 42001, which say that it was not carried out, and only with another token.
    """

    user = AwaitedUser()
    tag = AwaitedTag()
    datacube = AwaitedDataCube()
    qrcode = AwaitedQRCode()
    jsapi = AwaitedJSAPI()
    operations = WeChatOperations()

    def __init__(
        self,
        app_id: str,
        secret: str,
        http: aiohttp.ClientSession,
        *,
        clock: Clock,
        store: TokenStore | None = None,
        base_url: str = BASE_URL,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        # The parent's __init__ would open a requests session; nothing here may block the loop.
        self.appid = app_id
        self.secret = secret
        self.timeout = timeout_s
        self.base_url = base_url.rstrip("/")
        self.tokens = Tokens(self._fetch_token, clock, store)
        self._session = http

    @property
    def access_token(self) -> str:
        """Return the marker that stands for the token until the request is made."""
        return _MARKER

    def fetch_access_token(self) -> NoReturn:
        """Refuse: `cgi-bin/token` would end the token of every other process."""
        raise NotImplementedError("use `await client.tokens.get()`")

    def _request(
        self, method: str, url_or_endpoint: str, **kwargs: Any
    ) -> Coroutine[Any, Any, Any]:
        processor = kwargs.pop("result_processor", None)
        return self._make(self._call(method.upper(), url_or_endpoint, **kwargs), processor)

    def _call(
        self,
        method: str,
        endpoint: str,
        *,
        params: Mapping[str, Any] | str | None = None,
        data: Any = None,
        json: Any = None,
        files: Any = None,
        timeout: float | None = None,
        api_base_url: str | None = None,
    ) -> _Call:
        """Turn what wechatpy passes into a request; unknown arguments are a bug and raise."""
        url = endpoint if "://" in endpoint else (api_base_url or self.API_BASE_URL) + endpoint
        asked = dict(parse_qsl(params)) if isinstance(params, str) else dict(params or {})
        given = asked.pop("access_token", _MARKER)
        if isinstance(data, dict):
            data = {name: value for name, value in data.items() if value != _MARKER}
        if given != _MARKER:
            asked["access_token"] = given
        return _Call(
            method,
            url.replace(BASE_URL, self.base_url, 1),
            {name: str(value) for name, value in asked.items() if value is not None},
            upload.body(data if json is None else json, files),
            _timeout(timeout or self.timeout),
            needs_token=given == _MARKER,
        )

    async def _make(self, call: _Call, processor: Callable[[Any], Any] | None) -> Any:
        if not call.needs_token:
            answer = await self._send(call, call.params)
            return _result(answer, call, processor)
        token = await self.tokens.get()
        answer = await self._send(call, {**call.params, "access_token": token})
        if _code(answer) in errors.TOKEN_CODES:
            other = await self.tokens.renew(token)
            if other != token:
                answer = await self._send(call, {**call.params, "access_token": other})
        return _result(answer, call, processor)

    async def _send(self, call: _Call, params: Mapping[str, str]) -> Any:
        """Make one request; return parsed JSON, or `Binary` for anything else.

        aiohttp's errors are not chained: their text can hold the address with the token.
        """
        try:
            async with self._session.request(
                call.method,
                _address(call.url, tuple(params.items())),
                data=call.body(),
                timeout=call.timeout,
                allow_redirects=False,  # a redirect would carry the token away
            ) as response:
                raw = await response.read()
                status, kind = response.status, response.content_type
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise errors.unreachable(call.url) from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise errors.no_answer(call.url, call.method) from None
        if status != 200:  # noqa: PLR2004 - WeChat's errors come with status 200 too
            raise errors.no_answer(call.url, call.method)
        return _parse(raw, kind)

    async def _fetch_token(self) -> tuple[str, float]:
        """Return a stable token and its life in seconds; never with force_refresh.

        Source: getStableAccessToken, developers.weixin.qq.com, WECHAT.md 3: every caller gets the
        same token, so that replicas do not end each other's.
        """
        asked = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret,
            "force_refresh": False,
        }
        call = self._call("POST", "stable_token", data=asked)
        answer = await self._send(call, {})
        fields = _result(answer, call, None)
        value = fields.get("access_token") if isinstance(fields, dict) else None
        life_s = fields.get("expires_in") if isinstance(fields, dict) else None
        if not isinstance(value, str) or not value or not isinstance(life_s, int | float):
            raise errors.no_answer(call.url, call.method)
        return value, float(life_s)


@lru_cache(maxsize=64)
def _address(url: str, params: tuple[tuple[str, str], ...]) -> URL:
    """Return an address with its query; a broadcast uses one again and again."""
    return URL(url).update_query(params)


@lru_cache(maxsize=8)
def _timeout(total_s: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total_s, sock_connect=CONNECT_TIMEOUT_S)


def _parse(raw: bytes, content_type: str) -> Any:
    """Return an answer's JSON whatever its Content-Type says; control characters are let through.

    Source: WECHAT.md 4.1 (text/plain and raw control characters are seen in real answers).
    """
    try:
        answer = json.loads(raw.decode("utf-8", "ignore"), strict=False)
    except (ValueError, RecursionError):
        return Binary(raw, content_type)
    if isinstance(answer, dict) and isinstance(answer.get("base_resp"), dict):
        return {**answer, **answer.pop("base_resp")}
    return answer


def _code(answer: Any) -> int:
    """Return the errcode of an answer; 0 when it has none."""
    try:
        return int(answer.get("errcode") or 0) if isinstance(answer, dict) else 0
    except (TypeError, ValueError):
        return 0


def _result(answer: Any, call: _Call, processor: Callable[[Any], Any] | None) -> Any:
    code = _code(answer)
    if code:
        raise errors.classify(code, str(answer.get("errmsg", "")), call.url, call.method, answer)
    if processor is None:
        return answer
    try:
        return processor(answer)
    except (KeyError, TypeError):  # not the fields that wechatpy picks: a proxy's page, for one
        raise errors.no_answer(call.url, call.method) from None
