"""S7: a plan on new dates, its pushes counted, frozen; after that two people for every text."""

import re
from dataclasses import replace
from datetime import date, time

import pytest

from bot import week_dates
from bot.week import quota
from bot.week.plans import Item
from bot.week.words import template, words
from tests.bot.week.conftest import OPERATOR
from tests.support.office import TIANHE, YUEXIU

LIMITS = quota.Limits(mass_a_month=4, weekly=5, quiet_from=time(21), quiet_to=time(8))
ITEM = Item(1, 1, 0, 1140, "push", "推送", "", "", "mass", "")
NEW = {"day": "3", "clock": "19:00", "kind": "push", "channel": "mass", "title": "第四天的推送"}


async def begun(client, *, year="2027", area="gz"):
    done = await client.post("/week", year=year, area=area)
    assert done.status == 303, done.text
    return done.location.removeprefix("/console").partition("?")[0]


async def revision(client, path):
    return re.search(r'name="revision" value="(\d+)"', (await client.get(path)).text)[1]


async def put(client, plan, **fields):
    page = f"{plan}/new"
    return await client.post(page, **(NEW | fields), revision=await revision(client, page))


async def frozen(client, plan):
    return await client.post(f"{plan}/freeze", revision=await revision(client, plan))


def mass(*days):
    return [replace(ITEM, id=n, day=day, title=f"第{day}天") for n, day in enumerate(days, 1)]


def test_the_template_is_whole():
    given = template()
    assert {i["kind"] for i in given["items"]} <= set(words().kinds)
    assert sorted(i["day"] for i in given["items"] if i["kind"] == "theme") == list(range(7))
    assert all(len(i["title"]) <= 60 and len(i["text"]) <= 600 for i in given["items"])
    for day in range(7):
        asked = [q for q in given["quiz"] if q["day"] == day]
        assert 3 <= len(asked) <= 5
        assert all(0 <= q["answer"] < len(q["options"]) <= 4 and q["why"] for q in asked)


def test_the_template_can_be_sent_in_every_year():
    entries = [
        Item(n, 1, i["day"], i.get("minute"), i["kind"], i["title"], i["text"], i["theme"],
             i.get("channel", ""), "") for n, i in enumerate(template()["items"])
    ]  # fmt: skip
    for year in range(week_dates.FIRST, week_dates.LAST + 1):
        assert quota.worries(entries, year, LIMITS, {}) == [], year


def test_the_fourth_mass_send_of_a_month_uses_it_up():
    (worry,) = quota.worries(mass(0, 2, 4, 6), 2027, LIMITS, {})
    assert (worry.key, worry.is_over) == ("week.quota_last", False)
    assert worry.values == {"n": 4, "month": 5, "advised": 3, "title": "第2天"}


def test_the_fifth_cannot_be_sent():
    found = quota.worries(mass(0, 1, 2, 3, 4), 2027, LIMITS, {})
    assert [w.is_over for w in found if w.key.startswith("week.quota")] == [False, True]


def test_months_are_counted_apart_and_what_was_sent_counts():
    assert quota.worries(mass(-14, 0, 2, 4), 2027, LIMITS, {}) == []
    assert quota.worries(mass(-14, 0, 2, 4), 2028, LIMITS, {}) != []  # 1 May is in the month
    (worry,) = quota.worries(mass(0), 2027, LIMITS, {(2027, 5): 4})
    assert (worry.key, worry.is_over) == ("week.quota_over", True)


def test_other_channels_cost_no_month_but_patience():
    notices = [replace(i, channel="notice") for i in mass(0, 1, 2, 3, 4, 5)]
    (worry,) = quota.worries(notices, 2027, LIMITS, {})
    assert (worry.key, worry.values["n"]) == ("week.tired", 6)
    twice = [
        replace(i, channel="notice", minute=m) for i, m in zip(mass(1, 1), (600, 1290), strict=True)
    ]
    keys = [w.key for w in quota.worries(twice, 2027, LIMITS, {})]
    assert keys == ["week.two_a_day", "week.quiet_hours"]


async def test_a_plan_begins_with_the_template_on_this_years_dates(each_bureau):
    chen = await each_bureau.staff("chen", OPERATOR)
    page = await chen.get(await begun(chen))
    assert "2027-05-10" in page.text
    assert "提前 14 天" in page.text
    assert "2027-04-26" in page.text
    assert "2027-05-23" in page.text  # the report
    assert "家庭是第一个课堂" in page.text


async def test_the_next_years_plan_is_last_years_on_new_dates(each_bureau):
    chen = await each_bureau.staff("chen", OPERATOR)
    await put(chen, await begun(chen), kind="theme", channel="", title="我们自己的一天")
    page = await chen.get(await begun(chen, year="2028"))
    assert "我们自己的一天" in page.text
    assert "2028-05-15" in page.text
    rows = await each_bureau.rows("SELECT count(*) AS n FROM week_question")
    assert rows[0]["n"] == 2 * len(template()["quiz"])


async def test_there_is_one_plan_a_year_and_place(bureau):
    chen = await bureau.staff("chen", OPERATOR)
    await begun(chen)
    again = await chen.post("/week", year="2027", area="gz")
    assert (again.status, "已经有方案了" in again.text) == (422, True)
    assert (await begun(chen, area=TIANHE)) != ""


async def test_the_check_says_what_the_pushes_cost(bureau):
    chen = await bureau.staff("chen", OPERATOR)
    plan = await begun(chen)
    for day in ("1", "3"):
        assert (await put(chen, plan, day=day)).status == 303
    page = (await chen.get(plan)).text
    assert "第 4 次群发会用完本月额度（5 月），建议第 2 天改订阅通知（第四天的推送）。" in page
    await put(chen, plan, day="4")
    refused = await frozen(chen, plan)
    assert (refused.status, "请先按“推送检查”改好" in refused.text) == (422, True)


async def test_freezing_makes_drafts_of_the_pushes_once(drafts, each_bureau):
    chen = await each_bureau.staff("chen", OPERATOR)
    plan = await begun(chen)
    assert (await frozen(chen, plan)).location.endswith("?done=week.frozen")
    assert [d.title for d in drafts] == [
        "宣传周还有两周", "宣传周今天开始", "今天说说「怎么说孩子才听」", "周末，一家人做一件事",
    ]  # fmt: skip
    first = drafts[1]
    assert first.not_before.isoformat() == "2027-05-10T19:00:00+08:00"
    assert (first.channel, first.page, first.consent, first.area) == (
        "mass", "/h/week", "events", "gz",
    )  # fmt: skip
    assert "4 条推送已转成推送草稿" in (await chen.get(plan)).text
    assert (await chen.post(f"{plan}/freeze", revision="2")).status == 422
    assert len(drafts) == 4


async def test_the_pushes_of_a_frozen_plan_are_drafts_of_campaigns(bureau):
    chen = await bureau.staff("chen", OPERATOR)
    plan = await begun(chen)
    await frozen(chen, plan)
    assert "还没有转成草稿" not in (await chen.get(plan)).text
    made = await bureau.rows("SELECT state, form FROM campaign ORDER BY id")
    assert len(made) == 4
    assert {row["state"] for row in made} == {"draft"}
    assert all(row["form"].startswith("week:") for row in made)


async def test_a_frozen_plan_changes_its_texts_by_two_people(each_bureau):
    chen = await each_bureau.staff("chen", OPERATOR)
    huang = await each_bureau.staff("huang", OPERATOR)
    plan = await begun(chen)
    await frozen(chen, plan)
    (row,) = await each_bureau.rows("SELECT id FROM week_item WHERE day = 2 AND kind = 'theme'")
    item = f"/week/items/{row['id']}"
    asked = await chen.post(item, title="会听的家", text="先听完。", day="5", revision="9")
    assert asked.location.endswith("?done=week.text_asked")
    again = await huang.post(item, title="另一个", text="x")
    assert (again.status, "在等第二人" in again.text) == (422, True)
    assert "会听的家" in (await huang.get(plan)).text
    assert (await chen.post("/week/texts/1", verdict="take")).status == 403
    assert (await huang.post("/week/texts/1", verdict="take")).status == 303
    assert (await huang.post("/week/texts/1", verdict="take")).status == 404
    (row,) = await each_bureau.rows("SELECT title, day FROM week_item WHERE id = :i", i=row["id"])
    assert (row["title"], row["day"]) == ("会听的家", 2)
    assert (await chen.post(f"{item}/remove", revision="2")).status == 400


async def test_the_slower_of_two_is_told(bureau):
    chen = await bureau.staff("chen", OPERATOR)
    plan = await begun(chen)
    await put(chen, plan)
    slow = await chen.post(f"{plan}/new", **NEW, revision="1")
    assert (slow.status, "别人改过" in slow.text) == (422, True)
    assert "第四天的推送" in slow.text


@pytest.mark.parametrize("clock", ["25:00", "19:60", "x", "-1:00", "19", ""])
async def test_a_push_needs_a_time(bureau, clock):
    chen = await bureau.staff("chen", OPERATOR)
    answer = await put(chen, await begun(chen), clock=clock)
    assert (answer.status, "19:00 这样的时间" in answer.text) == (422, True)


async def test_a_district_plans_for_itself_and_reads_the_city(bureau):
    chen = await bureau.staff("chen", OPERATOR)
    city = await begun(chen)
    tianhe = await bureau.staff("tian", ("operator", TIANHE, ""))
    yuexiu = await bureau.staff("yue", ("operator", YUEXIU, ""))
    own = await begun(tianhe, area=TIANHE)
    assert (await tianhe.get(city)).status == 200
    assert (await tianhe.post(f"{city}/freeze", revision="1")).status == 404
    assert (await tianhe.post("/week", year="2027", area="gz")).status == 422
    assert (await yuexiu.get(own)).status == 404
    assert (await tianhe.get(own)).status == 200


def test_days_move_with_the_year():
    assert ITEM.on(2027) == date(2027, 5, 10)
    assert replace(ITEM, day=-14).on(2028) == date(2028, 5, 1)
    assert replace(ITEM, minute=None).clock == ""
