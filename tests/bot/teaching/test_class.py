"""我的班: counts alone, none of them small; a text without pressure; a plan for twenty minutes."""

import re

import pytest
from sqlalchemy import insert

from bot import app
from bot.campaigns import lint
from bot.campaigns.draft import Draft, Words
from bot.people.audience import Audience
from bot.people.code_tables import codes
from bot.teaching import class_pages, guiding, households
from bot.teaching.modules import Module
from knowledge import courses as seed
from knowledge import hotlines
from tests.support import teaching, world
from tests.support.office import CLASS, TIANHE, YUEXIU, Office
from tests.support.places import OTHER_CLASS, SCHOOL

EVERY = [Module(c, one) for c in seed.load() for one in c.lessons]


async def lin(office, *areas):
    return await office.staff("lin", *(("teacher", area, "") for area in areas or (CLASS,)))


async def test_a_class_of_31_shows_counts_and_nobody(each_staffroom):
    page = (await (await lin(each_staffroom)).get("/teaching")).text
    assert "31 户" in page
    assert "约 45 %" in page  # 14 of 31
    assert "磨蹭" in page or "拖" in page  # the topic of the lesson that 14 learned
    assert not re.search(r"o3_\d\d\d", page)
    assert each_staffroom.rt.pseudonyms.name(teaching.openid(CLASS, 0)) not in page


async def test_a_class_of_9_shows_no_figure(each_staffroom):
    page = (await (await lin(each_staffroom, OTHER_CLASS)).get("/teaching")).text
    assert "人数太少，不显示" in page
    assert "stat-value" not in page


@pytest.mark.parametrize("learned", [0, 9, 22, 31])
async def test_a_share_is_hidden_where_one_side_of_it_is_small(learned):
    assert households.share(learned, 31) is None


async def test_a_share_is_told_in_steps():
    assert [households.share(n, 31) for n in (10, 14, 21)] == [30, 45, 70]


async def test_a_teacher_sees_no_other_class(staffroom):
    browser = await lin(staffroom)
    for path in ("/teaching", "/teaching/code.png", "/teaching/guide", "/visits"):
        assert (await browser.get(path, **{"class": OTHER_CLASS})).status == 404
    assert (await browser.get("/terms")).status == 403
    changed = await browser.post("/teaching", **{"class": OTHER_CLASS, "module": teaching.LESSON})
    assert changed.status == 404


async def test_who_leads_the_school_sees_its_classes_and_no_other_school(staffroom):
    head = await staffroom.staff("susan", ("school_lead", SCHOOL, ""))
    assert "二年级1班" in (await head.get("/teaching")).text
    other = await staffroom.staff("ouyang", ("school_lead", YUEXIU, ""))
    assert "示范一小" not in (await other.get("/teaching")).text


async def test_the_code_is_saved_as_a_picture_once_it_is_made(staffroom):
    browser = await lin(staffroom)
    assert "班级码还没有做" in (await browser.get("/teaching")).text
    assert (await browser.get("/teaching/code.png", **{"class": CLASS})).status == 404
    async with staffroom.rt.db.write() as tx:
        await tx.execute(insert(codes).values(
            scene=f"class:{CLASS}", ticket="t", url="http://weixin.qq.com/q/x", permanent=True,
            area=CLASS, name="", made_at=staffroom.clock.now(), made_by=1,
        ))  # fmt: skip
    assert "保存图片" in (await browser.get("/teaching")).text
    found = await browser.get("/teaching/code.png", **{"class": CLASS})
    assert found.body.startswith(b"\x89PNG")


@pytest.fixture
async def press(settings):
    """The office with its two classes, which reaches the platform."""
    async with world.pretended() as (_, address):
        given = settings.model_copy(update={"wechat_api": address})
        async with Office.open(given, base=True) as office, app.reachable(office.rt):
            await office.units()
            await teaching.second_class(office.rt)
            yield office


async def test_a_teacher_makes_and_prints_the_code_of_the_own_class_alone(press):
    office = press
    browser = await lin(office)
    assert (await browser.get("/codes")).status == 403
    assert (await browser.get("/teaching/code", **{"class": CLASS})).status == 404
    for _ in range(2):
        made = await browser.post("/teaching/code", **{"class": CLASS})
        assert made.location.endswith("done=teaching.code_made")
    (row,) = await office.rows("SELECT scene, area, permanent FROM qr_code")
    assert (row["scene"], row["area"]) == (f"class:{CLASS}", CLASS)
    assert row["permanent"]
    sheet = await browser.get("/teaching/code", **{"class": CLASS})
    assert "打印班级码" in sheet.text
    assert "data:image" in sheet.text
    assert (await browser.post("/teaching/code", **{"class": OTHER_CLASS})).status == 404
    assert (await browser.get("/teaching/code", **{"class": OTHER_CLASS})).status == 404
    assert len(await office.rows("SELECT 1 FROM audit WHERE action = 'code.made'")) == 1


async def test_without_an_account_the_teacher_is_told(staffroom):
    refused = await (await lin(staffroom)).post("/teaching/code", **{"class": CLASS})
    assert refused.status == 400
    assert "还没有接入公众号" in refused.text


async def test_a_chosen_module_stands_for_the_week_and_in_the_guide(staffroom):
    browser, wanted = await lin(staffroom), "homework-rhythm/03-both-ends"
    await browser.post("/teaching", **{"class": CLASS, "module": wanted})
    name = next(m for m in EVERY if m.key == wanted).lesson.title
    assert f"<strong>{name}</strong>" in (await browser.get("/teaching")).text
    assert name in (await browser.get("/teaching/guide", **{"class": CLASS})).text
    assert len(await staffroom.rows("SELECT * FROM class_week")) == 1
    wrong = await browser.post("/teaching", **{"class": CLASS, "module": "no/such"})
    assert wrong.status in (400, 422)


async def test_the_page_of_a_district_has_classes_without_harm(staffroom):
    wide = await staffroom.staff("wide", ("teacher", TIANHE, ""))
    assert (await wide.get("/teaching")).status == 200
    none = await staffroom.staff("none", ("teacher", f"{YUEXIU}/dongshan-1", ""))
    assert "还没有您的班" in (await none.get("/teaching")).text


@pytest.mark.parametrize("module", EVERY, ids=lambda m: m.key)
def test_the_guide_of_every_lesson_takes_twenty_minutes_and_is_filled(module):
    made = guiding.of(module, hotlines.shown())
    assert made.minutes == 20
    assert [bool(step.card) for step in made.steps] == [False, True, True, False, False, False]
    told = " ".join([*made.mind, *(line for step in made.steps for line in step.lines)])
    assert "{" not in told
    assert module.lesson.practice.title in told


@pytest.mark.parametrize("module", EVERY, ids=lambda m: m.key)
def test_no_text_to_forward_has_a_word_that_a_campaign_is_refused_for(module):
    for text in class_pages.forward("示范一小 三年级3班", module).values():
        draft = Draft("x", Words(title="家校学堂", text=text), Audience(areas=(TIANHE,)), TIANHE)
        assert lint.check(draft, ()) == []
        assert "打卡" not in text
