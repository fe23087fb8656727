"""Codes made through the pretended platform: kept once, drawn by us, packed, right for years."""

import io
import zipfile
from datetime import timedelta

import pytest
from PIL.PdfParser import PdfParser

from bot import app
from bot.audiences import codes
from bot.errors import InvalidInput
from bot.org.tree import Unit
from bot.people.actor import Actor
from bot.wechat import events
from tests.bot.audiences.conftest import OPERATOR
from tests.support import world
from tests.support.desk import Desk
from tests.support.office import CLASS, OTHER_SCHOOL, SCHOOL, TIANHE, Office


@pytest.fixture
async def press(settings):
    """An office that reaches the platform; yields it with the platform."""
    async with world.pretended() as (platform, address):
        given = settings.model_copy(update={"wechat_api": address})
        async with Office.open(given, base=True) as office, app.reachable(office.rt):
            await office.units()
            yield office, platform


async def kept(office):
    return await office.rows("SELECT scene, url, permanent, area, expires_at FROM qr_code")


async def test_a_school_gets_the_codes_it_lacks_and_no_more(press):
    office, platform = press
    chen = await office.staff("chen", OPERATOR)
    assert "做好缺的 2 个" in (await chen.get("/codes", path=SCHOOL)).text
    done = await chen.post("/codes/make", path=SCHOOL)
    assert done.location.endswith("done=codes.made")
    assert {row["scene"] for row in await kept(office)} == {f"unit:{SCHOOL}", f"class:{CLASS}"}
    assert len(platform.account.codes) == 2
    again = await chen.post("/codes/make", path=SCHOOL)
    assert again.location.endswith("done=codes.nothing")
    assert len(platform.account.codes) == 2
    page = await chen.get("/codes", path=SCHOOL)
    assert page.text.count("data:image/svg+xml") == 2
    assert "永久码已用" in (await chen.get("/codes")).text


async def test_the_pack_holds_a_picture_for_each_door(press):
    office, _ = press
    chen = await office.staff("chen", OPERATOR)
    await chen.post("/codes/make", path=SCHOOL)
    pack = await chen.get("/codes/pack.zip", path=SCHOOL)
    with zipfile.ZipFile(io.BytesIO(pack.body)) as files:
        assert files.testzip() is None
        names = files.namelist()
        assert names == ["示范一小.png", "示范一小-小学2024级3班（三年级3班）.png"]
        assert all(files.read(name).startswith(b"\x89PNG\r\n\x1a\n") for name in names)
    sheet = await chen.get("/codes/print", path=SCHOOL)
    assert sheet.text.count('class="code-cell"') == 2
    assert "示范一小 小学2024级3班" in sheet.text
    one = await chen.get("/codes/picture", scene=f"class:{CLASS}", kind="svg")
    assert one.body.lstrip().startswith(b"<?xml")
    assert (await chen.get("/codes/picture", scene=f"class:{CLASS}", kind="gif")).status == 404


async def test_the_pack_is_a_pdf_to_print_as_well(press):
    office, _ = press
    chen = await office.staff("chen", OPERATOR)
    assert (await chen.get("/codes/pack.pdf", path=SCHOOL)).status == 404, "none is made yet"
    assert "pack.pdf" not in (await chen.get("/codes", path=SCHOOL)).text
    await chen.post("/codes/make", path=SCHOOL)
    assert "/console/codes/pack.pdf?path=" in (await chen.get("/codes", path=SCHOOL)).text
    sent = await chen.get("/codes/pack.pdf", path=SCHOOL)
    assert sent.headers["Content-Type"] == "application/pdf"
    with PdfParser(buf=sent.body) as read:
        assert len(read.pages) == 1


async def test_a_name_the_font_lacks_is_told_on_the_page(press):
    office, _ = press
    chen = await office.staff("chen", OPERATOR)
    await office.change("UPDATE unit SET name = '龑一小' WHERE path = :p", p=SCHOOL)
    await chen.post("/codes/make", path=SCHOOL)
    assert "没有“龑”" in (await chen.get("/codes", path=SCHOOL)).text
    assert (await chen.get("/codes/pack.pdf", path=SCHOOL)).status == 200


async def test_the_code_of_a_class_works_after_september(press):
    """Nothing is rewritten, nothing is printed anew: the scene is the cohort."""
    office, platform = press
    chen = await office.staff("chen", OPERATOR)
    await chen.post("/codes/make", path=SCHOOL)
    before = await kept(office)
    scene = next(c.scene for c in platform.account.codes.values() if c.scene.startswith("class"))
    desk = Desk(office.rt, app.engine(), office.clock)
    for days, label in ((0, "三年级3班"), (300, "四年级3班")):
        office.clock.turn(days=days)
        who = f"oNew_{days}"
        (reply,) = await desk.gets(desk.event(events.Subscribe, scene, "ticket", who=who))
        assert label in reply.text
        chen = await office.logged_in(chen.id)
        assert label in (await chen.get("/codes/print", path=SCHOOL)).text
    assert await kept(office) == before


async def test_an_event_lives_thirty_days_and_unknown_ones_do_no_harm(press):
    office, _ = press
    chen = await office.staff("chen", OPERATOR)
    form = {"name": "家风家教讲堂", "slug": "jiafeng-0515", "area": TIANHE}
    assert (await chen.post("/codes/event", **form)).location.endswith("done=codes.made")
    (row,) = await kept(office)
    assert (row["scene"], bool(row["permanent"]), row["area"]) == (
        "event:jiafeng-0515", False, TIANHE,
    )  # fmt: skip
    assert "event:jiafeng-0515" in (await chen.get("/codes")).text
    twice = await chen.post("/codes/event", **form)
    assert twice.status == 422
    assert "已经有人用了" in twice.text
    assert "只用小写字母" in (await chen.post("/codes/event", **(form | {"slug": "A b"}))).text
    desk = Desk(office.rt, app.engine(), office.clock)
    for scene in ("event:jiafeng-0515", "event:never-made", "event:", "event:a b/c"):
        (reply,) = await desk.gets(desk.event(events.Subscribe, scene, "ticket", who=f"o{scene}"))
        assert reply is not None
        assert reply.text
    office.clock.turn(days=31)
    chen = await office.logged_in(chen.id)
    assert "event:jiafeng-0515" not in (await chen.get("/codes")).text
    assert await codes.forget_ended(office.rt) == 1
    assert (await chen.post("/codes/event", **form)).status == 303


async def test_a_platform_that_is_full_or_away_is_told_in_words(press, monkeypatch):
    office, platform = press
    chen = await office.staff("chen", OPERATOR)
    monkeypatch.setattr("bot.school.code_making.PERMANENT_MAX", 1)
    full = await chen.post("/codes/make", path=SCHOOL)
    assert full.status == 422
    assert "用满 100,000 个" in full.text
    assert len(await kept(office)) == 1, "what was made before is kept"
    monkeypatch.undo()
    monkeypatch.setattr("bot.sandbox.calls.codes.PERMANENT_MAX", 1)
    assert "用满 100,000 个" in (await chen.post("/codes/make", path=SCHOOL)).text
    office.rt.connect = None
    assert "还没有接入公众号" in (await chen.post("/codes/make", path=SCHOOL)).text
    assert len(platform.account.codes) == 1


WHO = {
    "district": (("operator", TIANHE, ""), True),
    "school": (("operator", SCHOOL, ""), True),
    "elsewhere": (("operator", OTHER_SCHOOL, ""), False),
    "topic": (("operator", "", "study"), False),
}


@pytest.mark.parametrize("who", WHO)
async def test_codes_are_of_the_own_places(office, who):
    await office.units()
    held, is_own = WHO[who]
    await office.change(
        "INSERT INTO qr_code (scene, ticket, url, permanent, area, name, made_at, made_by) VALUES"
        " (:s, 't', 'http://weixin.qq.com/q/x', TRUE, :a, '', '2026-11-24 00:00:00.000000', 1)",
        s=f"class:{CLASS}", a=CLASS,
    )  # fmt: skip
    client = await office.staff("client", held)
    wanted = 200 if is_own else 404
    for path, query in (("/codes", {"path": SCHOOL}), ("/codes/print", {"path": SCHOOL}),
                        ("/codes/pack.zip", {"path": SCHOOL}),
                        ("/codes/pack.pdf", {"path": SCHOOL}),
                        ("/codes/picture", {"scene": f"class:{CLASS}"})):  # fmt: skip
        assert (await client.get(path, **query)).status == wanted, path
    assert (await client.post("/codes/make", path=SCHOOL)).status == (422 if is_own else 404)
    asked = await client.post("/codes/event", name="x", slug="x", area="gz/yuexiu")
    assert asked.status == 422


async def test_a_path_too_long_for_a_code_is_told(office):
    long = Unit(f"gz/tianhe/{'x' * 60}", TIANHE, "school", "长", "primary")
    with pytest.raises(InvalidInput, match=r"codes\.too_long"):
        await codes.make(office.rt, Actor(1, "chen", "陈老师", ()), [long])
    assert timedelta(days=30).total_seconds() == codes.QR_LIFE_MAX_S
