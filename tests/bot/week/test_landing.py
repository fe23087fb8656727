"""The week for everybody: before, on, after, in any year; quiz and links count sums alone."""

import re

import pytest

from bot import week_dates
from bot.week import counting


async def test_any_year_has_its_page(fair):
    for year in (2022, 2028, 2100):
        page = await fair.house.get(f"/h/week?year={year}")
        assert f"{year} 年家庭教育宣传周" in page.text
        week = week_dates.of(year)
        assert f"5 月 {week.begins.day} 日（周一）—{week.ends.day} 日（周日）" in page.text
    for year in ("2021", "2101", "x", "99999", "²022"):
        assert (await fair.house.get(f"/h/week?year={year}")).status == 404


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2027-04-26 10:00", ("还有 14 天", "每天一个主题")),
        ("2027-05-10 00:01", ("今天是周一 · 第 1 天", "家庭是第一个课堂", "今天的小测")),
        ("2027-05-16 23:59", ("今天是周日 · 第 7 天", "学到老，陪到老")),
        ("2027-05-17 00:00", ("已经结束", "谢谢每一个参加的家庭")),
        ("2027-07-20 10:00", ("2028 年家庭教育宣传周", "日期先记下")),
    ],
)
async def test_the_page_follows_the_day(fair, at, words):
    await fair.plan()
    fair.at(at)
    page = (await fair.house.get("/h/week")).text
    assert [w for w in words if w not in page] == []


async def test_a_draft_is_not_shown_and_pushes_never_are(fair):
    number = await fair.plan(freeze=False)
    assert "家庭是第一个课堂" not in (await fair.house.get("/h/week")).text
    await fair.rt.db.transact(
        lambda tx: tx.exec_driver_sql(f"UPDATE week_plan SET state = 'frozen' WHERE id = {number}")
    )
    page = (await fair.house.get("/h/week")).text
    assert "家庭是第一个课堂" in page
    assert "宣传周今天开始" not in page  # a push
    assert "宣传周小结" not in page


async def test_the_quiz_is_answered_without_a_name_and_counted_once_a_phone(each_fair):
    fair = each_fair
    plan = await fair.plan()
    page = await fair.house.get("/h/week/quiz/1")
    assert "不记名，不计分，不比高低" in page.text
    assert "第十三条" not in page.text
    token = re.search(r'name="token" value="([0-9a-f]{64})"', page.text)[1]
    names = re.findall(r'id="(q\d+)-0"', page.text)
    sent = {"token": token} | dict.fromkeys(names, "1")
    answer = await fair.house.send("POST", "/h/week/quiz/1", data=sent)
    assert "第十三条" in answer.text
    assert answer.text.count("您选的") == 3
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    for cookies in ({"Cookie": cookie}, {"Cookie": cookie}, {}):
        await fair.house.send("POST", "/h/week/quiz/1", data=sent, headers=cookies)
    async with fair.rt.db.read() as tx:
        chosen = await counting.chosen(tx, plan)
    assert set(chosen.values()) == {2}
    assert len(chosen) == 3


async def test_the_quiz_takes_only_what_it_asks(fair):
    await fair.plan()
    page = await fair.house.get("/h/week/quiz/1")
    token = re.search(r'name="token" value="([0-9a-f]{64})"', page.text)[1]
    for wrong in ({"q1": "9"}, {"q1": "x"}, {"q9999": "1"}, {}):
        answer = await fair.house.send("POST", "/h/week/quiz/1", data=wrong | {"token": token})
        assert answer.status == 200
    assert await fair.rows("SELECT 1 FROM week_choice") == []
    assert (await fair.house.send("POST", "/h/week/quiz/1", data={"q1": "1"})).status == 403
    for early in ("2", "8", "0", "x"):
        assert (await fair.house.get(f"/h/week/quiz/{early}")).status == 404


async def test_openings_are_counted_by_the_day_and_nobody_is_in_them(each_fair):
    fair = each_fair
    for _ in range(3):
        await fair.house.get("/h/week")
    await fair.house.send("HEAD", "/h/week")
    await fair.house.get("/h/week/wall")
    rows = await fair.rows("SELECT * FROM week_view ORDER BY what")
    assert [(r["what"], r["count"], str(r["day"])) for r in rows] == [
        ("landing", 3, "2027-05-10"), ("wall", 1, "2027-05-10"),
    ]  # fmt: skip
    assert set(rows[0]) == {"day", "what", "count"}


async def test_a_tracked_link_leads_to_a_page_of_ours_alone(fair):
    for code, target in (("good2345", "/h/week"), ("evil2345", "https://evil.example/")):
        await fair.rt.db.transact(
            lambda tx, c=code, t=target: tx.exec_driver_sql(
                "INSERT INTO track_link (code, card, source, target, made_at)"
                f" VALUES ('{c}', 1, '抖音', '{t}', '2027-05-01 00:00:00.000000')"
            )
        )
    for code in ("good2345", "good2345", "evil2345", "unknown2", "..%2f.."):
        answer = await fair.house.get(f"/h/s/{code}")
        assert answer.headers.get("Location", "/h/week") == "/h/week"
    async with fair.rt.db.read() as tx:
        assert (await counting.clicked(tx, ["good2345", "unknown2"])) == {"good2345": 2}
