"""Articles on the pretend platform: drafted, published or mass-sent, refused, taken back."""

import json
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot import app
from bot.campaigns import links, ordering, publishing, running, withdrawing
from bot.campaigns.draft import Words
from bot.campaigns.states import State
from bot.delivery import freeze
from bot.delivery.states import Channel
from bot.dialogue import batch
from bot.wechat import events
from tests.bot.campaigns.test_run import crew
from tests.support import world
from tests.support.campaigning import draft
from tests.support.samples import picture
from tests.support.waiting import until

TEXT = "本周六上午有一节公开课。\n详情见 {link}"
EVENT_NOBODY = "oSandboxOfPublications00000000"


@asynccontextmanager
async def pressed(settings, **config):
    async with crew(settings) as (team, office, people):
        office.platform.config = replace(office.platform.config, publish_delay_s=0.0, **config)
        gateway = await office.rt.connect()
        cover, _ = await gateway.add_material("image", picture(), "cover.png")
        yield team, office, people, cover


@pytest.fixture
async def press(settings):
    async with pressed(settings) as found:
        yield found


def words(cover, **more):
    given = {"title": "家庭教育公开课", "text": TEXT, "publish": True, "cover": cover,
             "description": "周六见", "card": True}  # fmt: skip
    return Words(**(given | more))


async def approved(team, made):
    number = await team.create("ann", made)
    await team.submit("ann", number, "bob")
    await team.approve("bob", number, count=30)
    assert (await team.one("ann", number)).state is State.APPROVED
    return number


async def settled(office):
    """Let the platform's own work end."""
    await until(lambda: all(p.status != 1 for p in office.platform.account.publications.values()))


async def prepared(office, turns=4):
    for _ in range(turns):
        await ordering.order_approved(office.rt)
        await settled(office)
        office.clock.turn(seconds=25)


async def sent(team, office, number):
    broadcast = (await team.one("ann", number)).broadcast
    await freeze.freeze(office.rt, broadcast)
    office.clock.turn(seconds=120)
    await office.look()
    await office.send(broadcast)
    return broadcast


async def test_an_article_is_published_and_the_card_leads_to_it(press):
    team, office, people, cover = press
    number = await approved(team, draft(words=words(cover, target="/h/past")))
    await prepared(office)
    campaign = await team.one("ann", number)
    assert campaign.state is State.ORDERED
    (job,) = office.platform.account.publications.values()
    (article,) = job.articles
    assert article["title"] == "家庭教育公开课"
    assert "详情见" in article["content"]
    assert article["content_source_url"].endswith("/h/past")
    await sent(team, office, number)
    assert office.shown() == dict.fromkeys(people, 1)
    (row,) = await office.rows("SELECT content FROM broadcast")
    (said,) = json.loads(row["content"])
    assert said["target"] == article["url"]
    assert said["custom"]["url"] == "{link}"
    assert links.is_played(office.rt, said["target"])
    assert not office.platform.account.mass_jobs, "publishing spends no mass send"
    assert await ordering.order_approved(office.rt) == 0
    assert len(office.platform.account.publications) == 1


async def test_the_event_alone_tells_the_address(press):
    team, office, _, cover = press
    number = await approved(team, draft(words=words(cover)))
    await ordering.order_approved(office.rt)
    await settled(office)
    await ordering.order_approved(office.rt)
    assert (await team.one("ann", number)).state is State.APPROVED, "asked too early"
    (row,) = await office.rows("SELECT publish_id, stage FROM campaign_article")
    assert row["stage"] == "publishing"
    at = int(office.clock.timestamp())
    for which in ("999", row["publish_id"]):
        said = (which, 0, "A1", ("http://mp.weixin.qq.com/s?__biz=1",), ())
        push = events.Published(world.ACCOUNT, EVENT_NOBODY, at, f"e{which}", *said)
        await office.rt.db.transact(partial(
            batch.run, office.rt, app.engine(), jobs=[(batch.Received(push), False)], careful=True
        ))  # fmt: skip
    await ordering.order_approved(office.rt)
    assert (await team.one("ann", number)).state is State.ORDERED
    (row,) = await office.rows("SELECT content FROM broadcast")
    assert json.loads(row["content"])[0]["target"] == "https://mp.weixin.qq.com/s?__biz=1"


REFUSALS = {
    "review": ({"publish_status": 4}, "campaign.unpublished_4"),
    "originality": ({"publish_status": 2}, "campaign.unpublished_2"),
    "banned": ({"publish_banned": True}, "发布功能被封 (53500). 登录公众平台查看通知"),
}


@pytest.mark.parametrize("why", REFUSALS)
async def test_a_refused_article_gives_the_campaign_back_with_its_sentence(sqlite_settings, why):
    config, note = REFUSALS[why]
    async with pressed(sqlite_settings, **config) as (team, office, _, cover):
        number = await approved(team, draft(words=words(cover)))
        await prepared(office)
        campaign = await team.one("ann", number)
        assert (campaign.state, campaign.broadcast) == (State.REJECTED, None)
        row = (await office.rows("SELECT * FROM campaign_review ORDER BY id DESC"))[0]
        assert (row["verdict"], row["note"], row["by"]) == ("returned", note, 0)
        assert office.shown() == {}
        healed = {"publish_status": 0, "publish_banned": False}
        office.platform.config = replace(office.platform.config, **healed)
        await withdrawing.withdraw_articles(office.rt)
        await team.submit("ann", number, "bob")
        await team.approve("bob", number, count=30)
        await prepared(office)
        assert (await team.one("ann", number)).state is State.ORDERED, "it can be tried again"


async def test_a_cover_the_platform_does_not_know_is_told(sqlite_settings):
    async with pressed(sqlite_settings) as (team, office, _, _cover):
        number = await approved(team, draft(words=words("gone")))
        await prepared(office, turns=1)
        assert (await team.one("ann", number)).state is State.REJECTED
        (row,) = await office.rows("SELECT note FROM campaign_review WHERE verdict = 'returned'")
        assert "40007" in row["note"]


async def test_undone_in_the_hold_the_article_is_taken_back(press):
    team, office, _, cover = press
    number = await approved(team, draft(words=words(cover)))
    await prepared(office)
    (job,) = office.platform.account.publications.values()
    assert await team.do(running.stop, "ann", number) is True
    assert await withdrawing.withdraw_articles(office.rt) == 1
    assert job.articles[0]["is_deleted"] is True
    assert await withdrawing.withdraw_articles(office.rt) == 0


async def test_it_is_published_half_an_hour_before_its_time_and_not_earlier(press):
    team, office, _, cover = press
    made = draft(words=words(cover))
    at = office.clock.now() + timedelta(hours=3)
    number = await approved(team, replace(made, not_before=at))
    await prepared(office, turns=2)
    assert not office.platform.account.drafts
    office.clock.turn(hours=2, minutes=35)
    await prepared(office)
    campaign = await team.one("ann", number)
    assert campaign.state is State.ORDERED
    (row,) = await office.rows("SELECT not_before FROM broadcast")
    assert row["not_before"] is not None


async def test_an_order_without_an_answer_is_made_again(press):
    team, office, _, cover = press
    number = await approved(team, draft(words=words(cover)))
    await ordering.order_approved(office.rt)
    await office.change("UPDATE campaign_article SET publish_id = '', stage = 'making'")
    await settled(office)
    office.clock.turn(seconds=30)
    await prepared(office, turns=5)
    assert (await team.one("ann", number)).state is State.ORDERED
    assert len(office.platform.account.publications) == 2


async def test_a_mass_send_is_the_article_of_its_draft(press):
    team, office, people, cover = press
    said = words(cover, publish=False, card=False, mass="article", target="/h/past")
    number = await approved(team, draft(words=said, excluded=frozenset({Channel.CUSTOM})))
    await prepared(office, turns=1)
    media = (await team.one("ann", number)).article
    assert office.platform.account.drafts[media].articles[0]["title"] == "家庭教育公开课"
    await sent(team, office, number)
    (job,) = office.platform.account.mass_jobs.values()
    assert (job.kind, job.draft_id, job.asked) == ("mpnews", media, len(people))
    assert not office.platform.account.publications


async def test_a_changed_text_never_goes_with_the_draft_of_the_old_one(press):
    team, office, _, cover = press
    made = draft(words=words(cover, publish=False, card=False, mass="article", target="/h/past"))
    number = await team.create("ann", made)
    await office.change("UPDATE campaign SET state = 'rejected', article = 'old' WHERE id = :n",
                        n=number)  # fmt: skip
    await team.change("ann", number, replace(made, words=replace(made.words, title="改过的")))
    assert (await team.one("ann", number)).article == ""


def test_addresses_of_the_platform_get_tls_and_others_stay():
    assert publishing.secure("http://mp.weixin.qq.com/s?a=1#rd") == (
        "https://mp.weixin.qq.com/s?a=1#rd"
    )
    assert publishing.secure("http://127.0.0.1:1/s/x") == "http://127.0.0.1:1/s/x"
