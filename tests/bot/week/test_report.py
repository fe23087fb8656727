"""The report: every number is computed, nothing below ten is shown, no cell is a formula."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest

from bot.week import planning, plans, report, report_pages
from tests.bot.week.conftest import OPERATOR
from tests.support.fair import CHEN
from tests.support.office import CLASS, SCHOOL, TIANHE
from tests.support.world import ACCOUNT

AT = "2027-05-11 02:00:00.000000"


async def frozen(office):
    async with office.rt.db.write() as tx:
        number = await planning.begin(office.rt, tx, CHEN, 2027, "gz")
        plan = await plans.one(tx, CHEN, number)
        await planning.freeze(office.rt, tx, CHEN, plan, revision=1)
        return await plans.one(tx, CHEN, number)


async def reached(office, plan, count, unit, *, first=0, state="sent", channel="custom", reason=""):
    """Let a push of the plan arrive at parents with a child in a class."""
    (known,) = await office.rows("SELECT count(*) AS n FROM broadcast")
    if not known["n"]:
        await office.change(
            "INSERT INTO broadcast (id, account, kind, about, stage, content, audience, consent,"
            " excluded, urgent, frozen, digest, cursor, canary, hold_s, not_before, not_after,"
            " ordered_at, reason, round, plan) VALUES (1, :acc, 'campaign', 'campaign:1',"
            " 'finished', '[]', '{}', '', '', FALSE, 0, '', '', 0, 0, :at, :at, :at, '', 1, '{}')",
            acc=ACCOUNT, at=AT,
        )  # fmt: skip
        await office.change(
            "UPDATE week_item SET about = 'campaign:1' WHERE plan = :p AND day = 0"
            " AND kind = 'push'", p=plan.id,
        )  # fmt: skip
    for n in range(first, first + count):
        openid = f"oReached_{n}"
        await office.change(
            "INSERT INTO guardian (account, openid, role, is_elder, added_at, changed_at)"
            " VALUES (:acc, :o, '', FALSE, :at, :at)", acc=ACCOUNT, o=openid, at=AT,
        )  # fmt: skip
        await office.change(
            "INSERT INTO follower (account, openid, follows, changed_s, scene)"
            " VALUES (:acc, :o, TRUE, 1, '')", acc=ACCOUNT, o=openid,
        )  # fmt: skip
        await office.change(
            "INSERT INTO child (account, openid, stage, entry_year, unit, source, added_at)"
            " VALUES (:acc, :o, 'primary', 2024, :u, 'code', :at)",
            acc=ACCOUNT, o=openid, u=unit, at=AT,
        )  # fmt: skip
        await office.change(
            "INSERT INTO delivery (broadcast, n, openid, channel, state, reason) VALUES"
            " (1, :n, :o, :c, :s, :r)", n=n, o=openid, c=channel, s=state, r=reason,
        )  # fmt: skip


async def asked(office, topic, count, at, *, askers=None):
    for n in range(count):
        await office.change(
            "INSERT INTO decision (code, at, asker, text, intent, band, rule, base_version,"
            " probability, hits, area, stage, topic) VALUES ('x', :at, :who, '', 'ask_question',"
            " 'answer', 'match', 'v', 0.1, '[]', '', '', :t)",
            at=at, who=f"{n % (askers or count):012x}", t=topic,
        )  # fmt: skip


async def computed(office, plan):
    async with office.rt.db.read() as tx:
        return await report.compute(tx, plan)


async def test_districts_are_counted_once_a_parent_and_small_ones_are_hidden(each_bureau):
    plan = await frozen(each_bureau)
    await reached(each_bureau, plan, 12, CLASS)
    await reached(each_bureau, plan, 11, "gz/yuexiu/dongshan-1/2024/1", first=100)
    await reached(each_bureau, plan, 4, "gz/baiyun/x", first=200)
    found = await computed(each_bureau, plan)
    figures = dict(found.by_district)
    assert figures["天河区"] == 12
    assert figures["白云区"] is None
    assert figures["越秀区"] is None  # or the four of Baiyun could be worked out
    names = [name for name, _ in found.by_district]
    assert names.index("越秀区") < names.index("天河区")
    assert len(names) == 12


async def test_channels_and_reasons_are_sums_of_the_ledger(bureau):
    plan = await frozen(bureau)
    await reached(bureau, plan, 20, SCHOOL)
    await reached(bureau, plan, 15, SCHOOL, first=50, state="kept", channel="pull",
                  reason="no_channel")  # fmt: skip
    await reached(bureau, plan, 12, SCHOOL, first=90, state="opted_out", reason="unsubscribed")
    found = await computed(bureau, plan)
    assert (found.reached["custom"], found.reached["pull"]) == (20, 15)
    assert found.reasons == {"no_channel": 15, "unsubscribed": 12}


async def test_topics_of_few_askers_are_left_out_and_the_weeks_before_compared(bureau):
    plan = await frozen(bureau)
    await asked(bureau, "study.reading", 30, AT)
    await asked(bureau, "media.game", 30, AT, askers=9)
    await asked(bureau, "study.reading", 20, "2027-05-02 02:00:00.000000")
    (topic,) = (await computed(bureau, plan)).topics
    assert (topic.count, topic.before) == (30, 10)


async def test_the_quiz_shows_shares_from_ten_answers_on(bureau):
    plan = await frozen(bureau)
    ids = [r["id"] for r in await bureau.rows("SELECT id FROM week_question ORDER BY id")]
    for question, option, count in ((ids[0], 0, 9), (ids[0], 1, 3), (ids[1], 0, 9)):
        await bureau.change(
            "INSERT INTO week_choice (question, option, count) VALUES (:q, :o, :n)",
            q=question, o=option, n=count,
        )  # fmt: skip
    first, second, *_ = (await computed(bureau, plan)).quiz
    assert (first.count, first.right) == (12, 0.75)
    assert (second.count, second.right) == (None, None)


async def test_the_page_and_its_files(each_bureau):
    plan = await frozen(each_bureau)
    await reached(each_bureau, plan, 12, CLASS)
    each_bureau.clock.turn(days=27)
    chen = await each_bureau.staff("chen", OPERATOR)
    path = f"/week/plans/{plan.id}/report"
    page = await chen.get(path)
    assert page.status == 200
    assert "天河区" in page.text
    assert "还没结束" not in page.text
    answer = await chen.post(f"{path}/export")
    file = zipfile.ZipFile(io.BytesIO(answer.body))
    assert len(file.namelist()) == 8
    rows = list(csv.reader(io.StringIO(file.read("districts.csv").decode("utf-8-sig"))))
    assert rows[0] == ["区", "收到推送的家长", "公开的传家宝"]
    assert ["天河区", "12", "不到 10，不显示"] in rows
    noted = await each_bureau.rows("SELECT action FROM audit ORDER BY number DESC")
    assert noted[0]["action"] == "week.report"


async def test_the_citys_report_is_not_a_districts(bureau):
    plan = await frozen(bureau)
    tianhe = await bureau.staff("tian", ("operator", TIANHE, ""))
    assert (await tianhe.get(f"/week/plans/{plan.id}")).status == 200
    assert (await tianhe.get(f"/week/plans/{plan.id}/report")).status == 404
    assert (await tianhe.post(f"/week/plans/{plan.id}/report/export")).status == 404
    leader = await bureau.staff("lead", ("leader", "", ""))
    assert (await leader.get(f"/week/plans/{plan.id}/report")).status == 200
    assert (await leader.post(f"/week/plans/{plan.id}/freeze")).status == 403


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\uff1d1"])
def test_no_cell_is_a_formula(cell):
    assert report_pages._safe([cell, 3]) == [f"'{cell}", 3]


def test_the_moments_are_those_of_guangzhou():
    from datetime import date

    from bot.week import asked as parts

    assert parts._at(date(2027, 5, 10)) == datetime(2027, 5, 9, 16, tzinfo=UTC)
