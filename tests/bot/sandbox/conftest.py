"""A scripted webhook and a sandbox that pushes to it, both on a free port."""

import asyncio
import json
from collections.abc import Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox import wire
from bot.sandbox.app import make_app
from bot.sandbox.config import SandboxConfig
from bot.sandbox.weixin import PLATFORM

NOON = 1_700_020_800.0  # 2023-11-15 12:00 in Beijing


class Webhook:
    """Answers pushes as a test says and remembers them."""

    def __init__(self):
        self.pushes: list[dict] = []
        self.queries: list[dict] = []
        self.headers: list[dict] = []
        self.hold = asyncio.Event()
        self.answer: Callable = lambda _fields: "success"

    @staticmethod
    def read(body):
        """Return the fields of a push; what cannot be read is empty."""
        try:
            if body.startswith(b"{"):
                return json.loads(body)
            return wire.as_fields(wire.parse_xml(body))
        except ValueError:
            return {}

    async def handle(self, request):
        body = await request.read()
        self.queries.append(dict(request.query))
        self.headers.append(dict(request.headers))
        fields = self.read(body)
        self.pushes.append(fields)
        done = self.answer(fields)
        if asyncio.iscoroutine(done):
            done = await done
        return done if isinstance(done, web.StreamResponse) else web.Response(text=done)


class Sandbox:
    """The sandbox as a test drives it."""

    def __init__(self, client, platform):
        self.client = client
        self.platform = platform
        self._token = ""

    async def api(self, path, body=None, method="POST"):
        async with self.client.request(method, f"/sandbox/api{path}", json=body or {}) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def phone(self, name="妈妈", follow=True):
        phone = await self.api("/phones", {"name": name})
        if follow:
            await self.act(phone, "follow")
        return phone

    async def act(self, phone, what, **body):
        return await self.api(f"/phones/{phone['openid']}/{what}", body)

    async def log(self, phone):
        return await self.api(f"/phones/{phone['openid']}/log", method="GET")

    async def token(self):
        config = self.platform.config
        body = {
            "grant_type": "client_credential",
            "appid": config.app_id,
            "secret": config.app_secret,
        }
        return (await self.raw("POST", "/cgi-bin/stable_token", body))["access_token"]

    async def raw(self, method, path, body=None, **query):
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        async with self.client.request(method, path, params=query, data=data) as answer:
            return await answer.json(content_type=None)

    async def wx(self, path, body=None):
        """Call with a good token; GET when there is no body."""
        token = await self.token()
        method = "GET" if body is None else "POST"
        return await self.raw(method, path, body, access_token=token)

    async def custom(self, phone, words="您好"):
        body = {"touser": phone["openid"], "msgtype": "text", "text": {"content": words}}
        return (await self.wx("/cgi-bin/message/custom/send", body))["errcode"]


@pytest.fixture
async def webhook():
    hook = Webhook()
    app = web.Application()
    app.router.add_route("*", "/wechat", hook.handle)
    async with TestServer(app) as server:
        hook.url = str(server.make_url("/wechat"))
        yield hook
        hook.hold.set()


@pytest.fixture
async def sandbox(webhook):
    config = SandboxConfig(webhook_url=webhook.url, frozen_at=NOON, job_event_delay_s=0.0)
    app = make_app(config)
    async with TestClient(TestServer(app)) as client:
        yield Sandbox(client, app[PLATFORM])


@pytest.fixture
def reply():
    """Return the XML of a text reply to a push."""

    def text(fields, content):
        return wire.to_xml(
            {
                "ToUserName": fields["FromUserName"],
                "FromUserName": fields["ToUserName"],
                "CreateTime": int(NOON),
                "MsgType": "text",
                "Content": content,
            }
        )

    return text
