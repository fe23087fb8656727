"""What parents do with home visits and terms: on the pages, in the chat, and when they leave."""

import re

import pytest
from sqlalchemy import select

from bot.org.tables import units
from bot.people.look_tables import looks
from bot.teaching import planning, records, terms
from bot.teaching.leaving import export
from bot.teaching.tables import visits
from tests.bot.teaching.test_terms import begin
from tests.support import school, teaching, world
from tests.support.fair import Fair
from tests.support.places import CLASS, UNITS
from tests.support.teaching import HEAD, TEACHER, book, offer

NOW = "2026-11-24 10:00"


async def opened(fair):
    from bot.org import tree

    async with fair.rt.db.write() as tx:
        known = set((await tx.scalars(select(units.c.path))).all())
        for unit in UNITS:
            if unit.path not in known:
                await tree.add(tx, unit, fair.rt.clock.now())
    await school.publish(fair.rt, "homework-rhythm")
    return fair


@pytest.fixture
async def home(sqlite_settings):
    async with Fair.open(sqlite_settings, at=NOW) as fair:
        yield await opened(fair)


@pytest.fixture
async def each_home(settings):
    """The same on both databases."""
    async with Fair.open(settings, at=NOW) as fair:
        yield await opened(fair)


async def mother(fair, *words, name="mother", bound=True):
    parent, phone = await fair.phone(name, *words)
    if bound:
        await teaching.bind(fair.rt, (world.ACCOUNT, parent.openid), CLASS)
    return parent, phone


CHOSEN = {"topic-study": "1", "topic-mood": "1", "called": "三组小李妈妈"}


async def test_a_parent_chooses_and_gives_back_on_the_page(each_home):
    slot, *_ = await offer(each_home.rt)
    parent, phone = await mother(each_home)
    page = (await phone.get("/h/visits")).text
    assert "11.26 15:30" in page
    assert "示范一小 三年级3班" in page
    done = await phone.post("/h/visits", page="/h/visits", slot=slot.code, **CHOSEN)
    assert done.status == 303
    assert "约好了" in (await phone.get(done.headers["Location"])).text
    again = await phone.post("/h/visits", page="/h/visits", slot=slot.code, **CHOSEN)
    assert again.status == 422
    (code,) = await teaching.codes(each_home.rt, (world.ACCOUNT, parent.openid))
    gone = await phone.post(f"/h/visits/{code}/cancel", page="/h/visits")
    assert "已取消" in (await phone.get(gone.headers["Location"])).text
    assert await teaching.rows(each_home.rt, visits) == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (CHOSEN | {"called": " "}, "请写老师认得出您的称呼"),
        (CHOSEN | {"called": "长" * 21}, "请写老师认得出您的称呼"),
        ({"called": "小李妈妈"}, "请勾选想聊的内容"),
        (CHOSEN | {f"topic-{n}": "1" for n in ("habit", "talk", "other")}, "请勾选想聊的内容"),
        (CHOSEN | {"slot": ""}, "请选一个时间"),
        (CHOSEN | {"slot": "nosuchslot"}, "换一个"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(home, sent, said):
    slot, *_ = await offer(home.rt)
    _, phone = await mother(home)
    answer = await phone.post("/h/visits", page="/h/visits", **({"slot": slot.code} | sent))
    assert answer.status == 422
    assert said in answer.text
    assert sent["called"].strip() in answer.text
    assert await teaching.rows(home.rt, visits) == []


async def test_nobody_chooses_in_a_class_of_others(home):
    slot, *_ = await offer(home.rt)
    _, phone = await mother(home, bound=False)
    page = (await phone.get("/h/visits")).text
    assert "还没有绑定班级" in page
    token = re.search(r'name="token" value="([0-9a-f]{64})"', (await phone.get("/h/mine")).text)[1]
    answer = await phone.post("/h/visits", token=token, slot=slot.code, **CHOSEN)
    assert answer.status == 422


async def test_the_term_of_the_childs_school_is_shown_once_it_is_published(each_home):
    rt = each_home.rt
    _, phone = await mother(each_home)
    number = await begin(rt)
    assert "学校还没有公布" in (await phone.get("/h/school-terms")).text
    async with rt.db.write() as tx:
        plan = await terms.one(tx, HEAD, number)
        for item in await terms.entries(tx, number):
            if item.kind == "lesson" and not item.course:  # fewer lessons than entries
                await planning.remove(rt, tx, HEAD, plan, item, revision=plan.revision)
                plan = await terms.one(tx, HEAD, number)
        await planning.publish(rt, tx, HEAD, plan, revision=plan.revision)
    page = (await phone.get("/h/school-terms")).text
    assert "现场课：开学适应" in page
    assert "/h/school/homework-rhythm/01-start-time" in page
    assert "家访月" in page
    _, other = await mother(each_home, name="father", bound=False)
    assert "开学适应" not in (await other.get("/h/school-terms")).text


async def test_the_chat_tells_free_times_and_gives_back_by_a_number(each_home):
    rt = each_home.rt
    parent, _ = await mother(each_home, bound=False)
    assert "班级码" in await parent.says("家访")
    person = (world.ACCOUNT, parent.openid)
    await teaching.bind(rt, person, CLASS)
    assert "没有开放的家访时间" in await parent.says("预约家访")
    slot, *_ = await offer(rt)
    told = await parent.says("家访")
    assert "11.26 15:30 到校" in told
    assert "/h/visits" in told
    await book(rt, person, slot)
    told = await parent.says("家访")
    assert "1 11.26 15:30 到校" in told
    assert "已取消 11.26 15:30" in await parent.says("1")
    assert await teaching.rows(rt, visits) == []


async def recorded(fair, parent):
    slot, *_ = await offer(fair.rt, count=1)
    await book(fair.rt, (world.ACCOUNT, parent.openid), slot)
    fair.at("2026-11-28 10:00")
    async with fair.rt.db.write() as tx:
        await records.write(fair.rt, tx, TEACHER, slot.id, {"talked": "作业时间", "next": "两周后"})
        return (await tx.execute(select(visits.c.id))).scalar_one()


async def test_a_parent_learns_who_read_the_record(each_home):
    parent, _ = await mother(each_home)
    number = await recorded(each_home, parent)
    assert "没有工作人员" in await parent.says("谁看过我")
    async with each_home.rt.db.write() as tx:
        await records.read(each_home.rt, tx, HEAD, number)
    told = await parent.says("谁看过我")
    assert "学校负责人，看了家访记录" in told
    assert "苏校长" not in told
    async with each_home.rt.db.read() as tx:
        kept = await export(each_home.rt, tx, (world.ACCOUNT, parent.openid))
    (row,), (look,) = kept[0].rows, kept[1].rows
    assert row[2:6] == ("到校", "三组小李妈妈", "学习和作业、亲子沟通", "已完成")
    assert "谈了什么：作业时间" in row[6]
    assert look[1:] == ("家访记录", "学校负责人")


async def test_who_has_everything_deleted_leaves_nothing(each_home):
    parent, _ = await mother(each_home)
    number = await recorded(each_home, parent)
    async with each_home.rt.db.write() as tx:
        await records.read(each_home.rt, tx, HEAD, number)
    await parent.says("删除我")
    await parent.says("确认删除")
    assert await teaching.rows(each_home.rt, visits) == []
    assert await teaching.rows(each_home.rt, looks) == []


async def test_no_log_line_names_how_the_teacher_knows_the_family(home, logged):
    parent, phone = await mother(home)
    slot, *_ = await offer(home.rt)
    await phone.post("/h/visits", page="/h/visits", slot=slot.code, **CHOSEN)
    await parent.says("家访")
    assert "小李" not in logged()
    assert parent.openid not in logged()
