"""P7, live talks: booked on the page and in the chat, reminded of, moved, cancelled, seen again."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.week import reminding, talks
from bot.week.tables import bookings
from tests.support.fair import CHEN
from tests.support.world import ACCOUNT


async def book(phone, talk, verb="book"):
    path = f"/h/week/talks/{talk}"
    return await phone.post(f"{path}/{verb}", page=path)


async def orders(fair):
    return await fair.rows("SELECT * FROM broadcast ORDER BY id")


async def test_a_talk_is_booked_and_taken_back_on_its_page(each_fair):
    fair = each_fair
    talk = await fair.talk()
    _, phone = await fair.phone()
    listed = await fair.house.get("/h/week/live")
    assert "怎么说孩子才听" in listed.text
    assert (await fair.house.get(f"/h/week/talks/{talk}")).status == 303  # log in first
    for _ in range(2):
        done = await book(phone, talk)
        assert done.headers["Location"].endswith("done=booked")
    assert len(await fair.rows("SELECT 1 FROM live_booking")) == 1
    assert "取消预约" in (await phone.get(f"/h/week/talks/{talk}")).text
    await book(phone, talk, "unbook")
    assert await fair.rows("SELECT 1 FROM live_booking") == []


async def test_a_talk_is_booked_and_taken_back_in_the_chat(each_fair):
    fair = each_fair
    await fair.talk()
    parent = await fair.house.parent()
    fair.house.wait(seconds=1)
    told = await parent.says("今晚有直播吗")
    assert "1 5.12 19:30「怎么说孩子才听」" in told
    booked = await parent.says("1")
    assert "约好了：5.12 19:30「怎么说孩子才听」，视频号" in booked
    fair.house.wait(seconds=1)
    assert "（已预约）" in await parent.says("今晚有直播吗")
    assert "已取消预约" in await parent.says("1")
    assert await fair.rows("SELECT 1 FROM live_booking") == []


async def test_without_a_talk_the_honest_word_stays(fair):
    parent = await fair.house.parent()
    fair.house.wait(seconds=1)
    assert await parent.says("今晚有直播吗") == fair.rt.say("live_talk")


async def test_who_booked_is_reminded_once_half_an_hour_before(each_fair):
    fair = each_fair
    talk = await fair.talk()
    parent, phone = await fair.phone()
    await book(phone, talk)
    fair.at("2027-05-12 18:40")
    assert await reminding.remind(fair.rt) == 0
    fair.at("2027-05-12 18:51")
    assert [await reminding.remind(fair.rt) for _ in range(2)] == [1, 0]
    (order,) = await orders(fair)
    assert (order["kind"], order["about"], order["account"]) == (
        "reminder", f"live:{talk}:remind:1", ACCOUNT,
    )  # fmt: skip
    assert json.loads(order["audience"]) == {
        "areas": [""], "features": {"booked_live": str(talk)},
    }  # fmt: skip
    content = json.loads(order["content"])[0]
    assert content["pull"]["url"] == f"/h/week/talks/{talk}"
    assert "19:30 开始" in content["custom"]["text"]
    async with fair.rt.db.read() as tx:
        found = (await tx.execute(fair.rt.audiences["booked_live"](str(talk)))).all()
    assert [tuple(row) for row in found] == [(ACCOUNT, parent.openid)]
    starts = (await fair.rows("SELECT not_before FROM broadcast"))[0]["not_before"]
    assert "11:00" in str(starts) or "19:00:00+08" in str(starts)  # 19:00 in Guangzhou


async def test_a_moved_talk_is_told_and_reminded_of_anew(fair):
    talk = await fair.talk()
    _, phone = await fair.phone()
    await book(phone, talk)
    fair.at("2027-05-12 19:00")
    await reminding.remind(fair.rt)
    async with fair.rt.db.write() as tx:
        row = await talks.one(tx, CHEN, talk)
        fields = ("title", "speaker", "platform", "url", "replay_url", "area", "year", "minutes")
        values = {f: getattr(row, f) for f in fields}
        values["starts_at"] = row.starts_at + timedelta(days=1)
        await talks.put(fair.rt, tx, CHEN, values, row, 1)
        await reminding.tell_moved(fair.rt, tx, await talks.one(tx, CHEN, talk))
    fair.at("2027-05-13 19:00")
    assert await reminding.remind(fair.rt) == 1
    assert [o["about"].split(":")[2] for o in await orders(fair)] == ["remind", "moved", "remind"]


async def test_a_cancelled_talk_is_told_and_not_reminded_of(fair):
    talk = await fair.talk()
    _, phone = await fair.phone()
    await book(phone, talk)
    async with fair.rt.db.write() as tx:
        row = await talks.one(tx, CHEN, talk)
        await talks.cancel(fair.rt, tx, CHEN, row, 1)
        await reminding.tell_cancelled(fair.rt, tx, row)
    fair.at("2027-05-12 19:00")
    assert await reminding.remind(fair.rt) == 0
    (order,) = await orders(fair)
    assert "取消了" in order["content"]
    _, phone = await fair.phone("again")  # the session of before has ended
    assert "这场直播取消了" in (await phone.get(f"/h/week/talks/{talk}")).text
    assert (await fair.house.get("/h/week/live")).text.count("怎么说") == 0


async def test_a_replay_is_shown_when_it_is_there(fair):
    await fair.plan()
    talk = await fair.talk(replay_url="https://live.example.cn/again")
    fair.at("2027-05-12 22:00")
    assert "https://live.example.cn/again" in (await fair.house.get("/h/week/live")).text
    _, phone = await fair.phone()
    assert "看回放" in (await phone.get(f"/h/week/talks/{talk}")).text
    fair.house.wait(days=31)
    assert await reminding.forget_old(fair.rt) == 0


async def test_bookings_are_forgotten_a_month_after_the_talk(fair):
    talk = await fair.talk()
    _, phone = await fair.phone()
    await book(phone, talk)
    fair.house.wait(days=34)
    assert await reminding.forget_old(fair.rt) == 1


@pytest.mark.parametrize("value", ["x", "", "-1", "²", "1 OR 1=1"])
async def test_an_audience_of_nonsense_is_empty(fair, value):
    async with fair.rt.db.read() as tx:
        assert (await tx.execute(talks.booked(value))).all() == []
        assert (await tx.execute(select(bookings))).all() == []


async def watched(phone, talk):
    return await phone.post(f"/h/week/talks/{talk}/watched")


async def test_a_replay_is_a_lesson_that_counts_once(each_fair):
    fair = each_fair
    talk = await fair.talk(replay_url="https://live.example.cn/again", minutes=45)
    fair.at("2027-05-12 22:00")
    _, phone = await fair.phone()
    assert "看完了" in (await phone.get(f"/h/week/talks/{talk}")).text
    for _ in range(2):
        done = await watched(phone, talk)
        assert done.headers["Location"].endswith("done=watched")
    (row,) = await fair.rows("SELECT * FROM learning_evidence")
    assert (row["kind"], row["about"], row["minutes"]) == ("live", f"live:{talk}", 45)
    assert (row["title"], row["way"], row["unit"]) == ("怎么说孩子才听", "h5", "gz")
    page = (await phone.get(f"/h/week/talks/{talk}")).text
    assert "已记在学习记录里" in page
    assert "看完了</button>" not in page
    record = (await phone.get("/h/mine/record")).text
    assert "怎么说孩子才听" in record
    assert "1.0 学时" in record


@pytest.mark.parametrize(
    ("at", "more"),
    [
        ("2027-05-12 20:00", {"replay_url": "https://live.example.cn/again"}),  # still on
        ("2027-05-12 22:00", {}),  # no replay yet
        ("2027-05-12 22:00", {"replay_url": "https://live.example.cn/again", "minutes": 0}),
    ],
)
async def test_what_is_no_lesson_is_not_noted(fair, at, more):
    talk = await fair.talk(**more)
    fair.at(at)
    _, phone = await fair.phone()
    assert "看完了" not in (await phone.get(f"/h/week/talks/{talk}")).text
    assert (await watched(phone, talk)).status == 400
    assert await fair.rows("SELECT 1 FROM learning_evidence") == []
