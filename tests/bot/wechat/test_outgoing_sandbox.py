"""The verbs against the sandbox: what the platform itself keeps count of."""

from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import HandClock
from bot.sandbox.app import make_app
from bot.sandbox.config import SandboxConfig
from bot.sandbox.weixin import PLATFORM
from bot.wechat import errors
from bot.wechat.custom import CustomText
from bot.wechat.gateway import Gateway
from bot.wechat.mass import MassJob, MassText

NOTICE = "SANDBOX_NOTICE_course_lesson_00000000000001"
TEMPLATE = "SANDBOX_TEMPLATE_course_start_0000000000001"
DATA = {"thing1": "家长课堂", "date2": "2026-11-30", "thing3": "请准时"}
REMINDER = {"thing1": "家长课堂", "time2": "19:30", "thing3": "请准时"}


class Stage:
    """The sandbox, a gateway to it and three followers."""

    def __init__(self, platform, gateway, url, http):
        self.platform, self.gateway, self.url, self.http = platform, gateway, url, http
        self.parents = []

    async def api(self, path, /, **body):
        async with self.http.post(f"{self.url}/sandbox/api{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def follow(self, count):
        for number in range(count):
            phone = await self.api("/phones", name=f"家长{number}")
            await self.api(f"/phones/{phone['openid']}/follow")
            self.parents.append(phone["openid"])

    def phone(self, openid):
        return self.platform.phones[openid]


async def listen(_request):
    return web.Response(text="success")


@pytest.fixture
async def webhook():
    app = web.Application()
    app.router.add_post("/wechat", listen)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/wechat"))


@pytest.fixture
async def stage(webhook):
    config = SandboxConfig(app_secret="s" * 32, webhook_url=webhook, job_event_delay_s=0)
    app = make_app(config)
    async with TestServer(app, host="127.0.0.1") as server, aiohttp.ClientSession() as http:
        url = str(server.make_url("")).rstrip("/")
        clock = HandClock(datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
        gateway = Gateway.open(
            http, app_id=config.app_id, secret=config.app_secret, clock=clock, base=url
        )
        ready = Stage(app[PLATFORM], gateway, url, http)
        await ready.follow(3)
        yield ready


async def test_a_notice_needs_an_acceptance_and_uses_it_up(stage):
    mother = stage.parents[0]
    with pytest.raises(errors.Gone) as caught:
        await stage.gateway.send_notice(mother, NOTICE, DATA)
    assert errors.is_channel_closed(caught.value)
    stage.phone(mother).accepted[NOTICE] = 1
    await stage.gateway.send_notice(mother, NOTICE, DATA)
    assert stage.phone(mother).accepted[NOTICE] == 0


async def test_a_bad_field_is_named_and_an_unknown_template_stops_the_channel(stage):
    mother = stage.parents[0]
    with pytest.raises(errors.Refused) as caught:
        await stage.gateway.send_template(mother, TEMPLATE, REMINDER | {"time2": "下午"}, key="k1")
    assert caught.value.answer.detail == "data.time2.value"
    with pytest.raises(errors.Refused) as caught:
        await stage.gateway.send_template(mother, "none", REMINDER, key="k1")
    assert errors.is_of_account(caught.value)


async def test_a_template_key_is_sent_once(stage):
    mother, father, _ = stage.parents
    first = await stage.gateway.send_template(mother, TEMPLATE, REMINDER, key="b1-1")
    assert await stage.gateway.send_template(mother, TEMPLATE, REMINDER, key="b1-1") == first
    assert await stage.gateway.send_template(father, TEMPLATE, REMINDER, key="b1-1") != first


async def test_a_mass_key_is_sent_once_a_day(stage):
    text = MassText("宣传周")
    job = await stage.gateway.mass_send(stage.parents, text, key="b1-1")
    assert not job.repeated
    with pytest.raises(errors.Retry) as caught:
        await stage.gateway.mass_send(stage.parents, text, key="b1-1")
    assert caught.value.after_s == 60
    await stage.api("/clock", move_s=61)
    again = await stage.gateway.mass_send(stage.parents, text, key="b1-1")
    assert again == MassJob(job.message_id, repeated=True)
    assert await stage.gateway.mass_status(job.message_id) in {"SENDING", "SEND_SUCCESS"}


async def test_everybody_once_a_day_then_the_quota_is_of_the_account(stage):
    await stage.gateway.mass_all(MassText("一"), "b1")
    with pytest.raises(errors.Quota) as caught:
        await stage.gateway.mass_all(MassText("二"), "b2")
    assert errors.is_of_account(caught.value)


async def test_a_tag_is_a_piece_of_the_audience(stage):
    tag = await stage.gateway.create_tag("三年级")
    assert await stage.gateway.tag(stage.parents[:2], tag.id) == ()
    assert [(t.name, t.followers) for t in await stage.gateway.list_tags()] == [("三年级", 2)]
    assert await stage.gateway.untag(stage.parents[:1], tag.id) == ()
    await stage.gateway.mass_tag(tag.id, MassText("三年级家长"), "b1")
    await stage.gateway.delete_tag(tag.id)
    assert await stage.gateway.list_tags() == ()
    with pytest.raises(errors.Refused):
        await stage.gateway.mass_tag(tag.id, MassText("三年级家长"), "b2")


async def test_previews_speed_and_quota(stage):
    await stage.gateway.mass_preview(stage.parents[0], MassText("看看"))
    await stage.gateway.mass_speed(3)
    assert stage.platform.account.mass_speed == 3
    quota = await stage.gateway.quota("message/mass/preview")
    assert (quota.used, quota.left) == (1, quota.limit - 1)


async def test_a_dropped_answer_is_unknown_and_was_sent_once(stage):
    mother = stage.parents[0]
    await stage.api(f"/phones/{mother}/text", content="你好")
    await stage.api("/faults", kind="drop", path="/cgi-bin/message/custom/send", times=1)
    with pytest.raises(errors.Unknown):
        await stage.gateway.send_custom(mother, CustomText("回答"))
    shown = [entry for entry in stage.phone(mother).log if "回答" in str(entry)]
    assert len(shown) == 1
