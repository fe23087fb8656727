"""Pushes as the platform makes them, a gate for them, and a platform that answers calls."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import HandClock
from bot.wechat import signature
from bot.wechat.cipher import Cipher
from bot.wechat.client import AsyncWeChatClient
from bot.wechat.gateway import Gateway
from bot.wechat.inbound import Gate, Mode

TOKEN = "GuangzhouToken1"
APP_ID = "wxba5fad812f8e6fb9"
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ACCOUNT, OPENID = "gh_d3e07d51b513", "oPKu7jgOibOA-De4u8J2RuNKpZRw"


@pytest.fixture
def clock():
    return HandClock(NOW)


@pytest.fixture
def cipher():
    return Cipher(["N" * 43, "P" * 43], APP_ID)


@pytest.fixture
def gate(clock):
    return Gate([TOKEN, "PreviousToken"], None, Mode.PLAIN, clock)


@pytest.fixture
def safe_gate(clock, cipher):
    return Gate([TOKEN, "PreviousToken"], cipher, Mode.SAFE, clock)


@pytest.fixture
def xml():
    """Makes the body of a push: `xml(MsgType="text", Content="…")`, CDATA but for numbers."""

    def make(inner="", **fields):
        head = {"ToUserName": ACCOUNT, "FromUserName": OPENID, "CreateTime": 1795161600}
        parts = [
            f"<{name}>{value if isinstance(value, int) else f'<![CDATA[{value}]]>'}</{name}>"
            for name, value in (head | fields).items()
            if value is not None
        ]
        return f"<xml>{''.join(parts)}{inner}</xml>".encode()

    return make


@pytest.fixture
def text_push(xml):
    return xml(MsgType="text", Content="孩子写作业拖拉怎么办", MsgId=24341234567890123)


@pytest.fixture
def plain_query(clock):
    """Makes the query of a plain push; every part can be set."""

    def make(token=TOKEN, **fields):
        timestamp = fields.get("timestamp", str(int(clock.timestamp())))
        nonce = fields.get("nonce", "1792106704")
        signed = signature.sign(token, timestamp, nonce)
        return {
            "signature": signed,
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": OPENID,
        } | fields

    return make


@pytest.fixture
def sealed_push(clock, cipher):
    """Makes query and body of a safe-mode push around a plain body."""

    def make(body, *, key=0, token=TOKEN, as_json=False, encrypt=None, **query):
        encrypt = encrypt or cipher.encrypt(body, key)
        timestamp, nonce = str(int(clock.timestamp())), "415670741"
        fields = {
            "signature": signature.sign(token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": OPENID,
            "encrypt_type": "aes",
            "msg_signature": signature.sign(token, timestamp, nonce, encrypt),
        }
        outer = {"ToUserName": ACCOUNT, "Encrypt": encrypt}
        as_xml = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in outer.items())
        wrapped = json.dumps(outer) if as_json else f"<xml>{as_xml}</xml>"
        return fields | query, wrapped.encode()

    return make


class Platform:
    """Stands in for api.weixin.qq.com: scripted answers by path, every request kept.

    An answer is a dict, bytes, a status, `drop` (the request is taken and the connection cut), or a
    function of the request; the last of a list is given for ever.
    """

    def __init__(self):
        self.answers = defaultdict(lambda: [{"errcode": 0, "errmsg": "ok"}])
        self.answers["/cgi-bin/stable_token"] = [{"access_token": "T1", "expires_in": 7200}]
        self.requests = []

    def script(self, path, *answers):
        self.answers[path] = list(answers)

    def made(self, path):
        return [request for request in self.requests if request["path"] == path]

    async def handle(self, request):
        raw = await request.read()
        self.requests.append(
            {
                "path": request.path,
                "method": request.method,
                "query": dict(request.query),
                "body": raw,
                "headers": request.headers,
            }
        )
        script = self.answers[request.path]
        answer = script.pop(0) if len(script) > 1 else script[0]
        if callable(answer):
            answer = answer(request)
        if answer == "drop":
            request.transport.abort()
            return web.Response()
        if isinstance(answer, int):
            return web.Response(status=answer, text="busy")
        if isinstance(answer, bytes):
            return web.Response(body=answer, content_type="image/jpeg")
        return web.Response(text=json.dumps(answer, ensure_ascii=False))


@pytest.fixture
async def platform():
    stand_in = Platform()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stand_in.handle)
    async with TestServer(app, host="127.0.0.1") as server:
        stand_in.url = str(server.make_url("")).rstrip("/")
        yield stand_in


@pytest.fixture
async def client(platform, clock):
    async with aiohttp.ClientSession() as http:
        yield AsyncWeChatClient("wx1", "the-secret", http, clock=clock, base_url=platform.url)


@pytest.fixture
def gateway(client):
    return Gateway(client)
