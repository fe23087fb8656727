"""A campaign that leads to an article, on the console: written, tried, given back with a reason."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from bot import app
from bot.campaigns import ordering
from bot.campaigns.draft import Words
from bot.campaigns.tables import phones
from bot.delivery.states import Channel
from tests.support import world
from tests.support.campaigning import Team, draft, parents
from tests.support.office import TIANHE, Office
from tests.support.samples import picture
from tests.support.waiting import until

FORM = {
    "name": "公开课", "title": "家庭教育公开课", "text": "本周六上午有一节公开课。", "card": "1",
    "description": "周六见", "publish": "1", "cover": "", "area": TIANHE, "purpose": "events",
    "mass": "none", "valid": "120",
}  # fmt: skip


@pytest.fixture
async def press(sqlite_settings):
    async with world.pretended() as (platform, address):
        given = sqlite_settings.model_copy(update={"wechat_api": address})
        async with Office.open(given, base=True) as office, app.reachable(office.rt):
            platform.config = replace(platform.config, publish_delay_s=0.0)
            await office.units()
            await parents(office)
            gateway = await office.rt.connect()
            cover, _ = await gateway.add_material("image", picture(), "cover.png")
            yield office, platform, cover


async def test_it_is_composed_with_a_cover_and_needs_no_address(press):
    office, _, cover = press
    ann = await office.staff("ann", ("operator", TIANHE, ""))
    made = await ann.post("/campaigns/new", **FORM)
    page = (await ann.get(made.location.partition("?")[0].removeprefix("/console"))).text
    assert "图文要有封面" in page
    assert "卡片要有链接地址" not in page
    made = await ann.post("/campaigns/new", **(FORM | {"cover": cover}))
    path = made.location.partition("?")[0].removeprefix("/console")
    page = (await ann.get(path)).text
    assert "图文要有封面" not in page
    edit = (await ann.get(f"{path}/edit")).text
    box = edit[edit.index('name="publish"') - 200 : edit.index('name="publish"') + 200]
    assert "checked" in box


async def test_a_cover_is_uploaded_and_voids_what_was_submitted(press):
    office, platform, _ = press
    team = Team(office)
    ann = await team.join("ann")
    words = Words(title="公开课", text="周六见。", publish=True)
    number = await team.create("ann", draft(words=words))
    path = f"/campaigns/{number}/cover"
    assert "还没有封面" in (await ann.get(f"/campaigns/{number}")).text
    for sent, told in (("", "请选一张图片"), (b"no picture", "封面只能是 2 MB 以内")):
        files = {"picture": ("x.png", sent)} if sent else {}
        refused = await ann.post(path, files)
        assert (refused.status, told in refused.text) == (422, True)
    done = await ann.post(path, {"picture": ("x.png", picture())})
    assert done.location.endswith("done=campaign.cover_done")
    campaign = await team.one("ann", number)
    assert platform.media(campaign.draft.words.cover)
    assert (campaign.draft.words.publish, campaign.revision) == (True, 2)
    assert "已有封面" in (await ann.get(f"/campaigns/{number}")).text
    await office.change("UPDATE campaign SET state = 'approved'")
    late = await ann.post(path, {"picture": ("x.png", picture())})
    assert late.status == 400


async def test_the_trial_shows_the_article_and_leaves_no_draft(press):
    office, platform, cover = press
    phone = platform.add_phone("trial")
    phone.is_following = True
    phone.window.open(50, 172_800, platform.clock.now())
    team = Team(office)
    ann = await team.join("ann")
    mine = {"staff": team.actors["ann"].id, "code": "", "account": world.ACCOUNT}
    async with office.rt.db.write() as tx:
        await tx.execute(insert(phones).values(mine | {"openid": phone.openid}))
    words = Words(title="公开课", text="周六见。", publish=True, cover=cover, card=True)
    number = await team.create("ann", draft(words=words))
    done = await ann.post(f"/campaigns/{number}/test")
    assert done.location.endswith("done=campaign.test_done")
    left = platform.ledger.rows(0, 10**9)
    assert [row["channel"] for row in left] == ["preview", "custom"]
    assert not platform.account.drafts


async def test_what_the_platform_refuses_stands_on_the_campaigns_page(press):
    office, platform, cover = press
    platform.config = replace(platform.config, publish_status=4)
    team = Team(office)
    ann = await team.join("ann")
    await team.join("bob")
    words = Words(title="公开课", text="周六见。", publish=True, cover=cover)
    number = await team.create("ann", draft(words=words))
    await team.submit("ann", number, "bob")
    await team.approve("bob", number)
    page = (await ann.get(f"/campaigns/{number}")).text
    assert "图文正在放进公众号并发布" in page
    assert f'action="/console/sent/{number}/stop"' in page
    for _ in range(2):
        await ordering.order_approved(office.rt)
        jobs = platform.account.publications.values
        await until(lambda found=jobs: all(one.status != 1 for one in found()))
        office.clock.turn(seconds=25)
    page = (await ann.get(f"/campaigns/{number}")).text
    assert "没有下单，已退回：图文没有发布：微信审核没有通过" in page
    assert "没有下单，自动退回" in page
    assert (await ann.get(f"/campaigns/{number}/edit")).status == 200


async def test_undone_before_its_article_is_there_it_is_a_draft_again(press):
    office, platform, cover = press
    team = Team(office)
    await team.join("ann")
    bob = await team.join("bob")
    words = Words(title="公开课", text="周六见。", publish=True, cover=cover)
    number = await team.create("ann", draft(words=words))
    await team.submit("ann", number, "bob")
    await team.approve("bob", number)
    await bob.post(f"/sent/{number}/stop")
    assert (await team.one("ann", number)).state == "draft"
    assert await ordering.order_approved(office.rt) == 0
    assert not platform.account.drafts


@pytest.mark.parametrize(("lists", "is_told"), [(0, True), (100, False)])
async def test_the_plan_says_when_the_mass_send_goes_by_a_tag(sqlite_settings, lists, is_told):
    given = sqlite_settings.model_copy(update={"mass_lists": lists})
    async with Office.open(given, base=True) as office:
        await office.units()
        await parents(office)
        team = Team(office)
        ann = await team.join("ann")
        await team.join("bob")
        words = Words(title="公开课", text="周六见。", mass="text")
        number = await team.create("ann", draft(words=words, excluded=frozenset({Channel.CUSTOM})))
        page = (await ann.get(f"/campaigns/{number}")).text
        assert ("这次群发按标签发" in page) is is_told
        assert ("先给这 12 位家长打上" in page) is is_told
        await team.submit("ann", number, "bob")
        page = (await team.browsers["bob"].get(f"/campaigns/{number}/approve")).text
        assert ("这次群发按标签发" in page) is is_told
