"""The catalogue: for everybody, by stage and topic, own children's courses first."""

import re

import pytest
from sqlalchemy import insert, update

from bot.people.families import guardians
from bot.school.course_tables import courses, programmes
from tests.support import world
from tests.support.schoolhouse import Schoolhouse

NAMES = ("homework-rhythm", "infant-first-year", "junior-study", "phone-agreement", "safe-child")
OFFERED = re.compile(r'class="course" href="/h/school/([a-z-]+)"')


@pytest.fixture
async def each_school(settings):
    async with Schoolhouse.open(settings, *NAMES) as opened:
        yield opened


@pytest.fixture
async def school(sqlite_settings):
    async with Schoolhouse.open(sqlite_settings, *NAMES) as opened:
        yield opened


async def offered(phone, query=""):
    answer = await phone.get(f"/h/school{query}")
    assert answer.status == 200
    return OFFERED.findall(answer.text)


async def test_everybody_reads_it_and_chooses_by_stage_topic_and_programme(each_school):
    house = each_school.house
    assert sorted(await offered(house)) == sorted(NAMES)
    assert await offered(house, "?stage=infant") == ["infant-first-year"]
    assert sorted(await offered(house, "?stage=primary&topic=media")) == ["phone-agreement"]
    assert sorted(await offered(house, "?stage=nothing&topic=x")) == sorted(NAMES)
    page = (await house.get("/h/school")).text
    assert 'href="/h/school?stage=junior"' in page
    assert "登录" in page
    assert "接着学" not in page


async def test_own_childrens_courses_come_first_unless_the_parent_wished_not_so(school):
    phone = await school.phone()
    page = await phone.get("/h/school")
    assert "适合您家孩子（三年级）" in page.text
    found = OFFERED.findall(page.text)
    assert found[:2] == ["homework-rhythm", "safe-child"]  # the other begins in grade four
    assert sorted(found) == sorted(NAMES)
    async with school.rt.db.write() as tx:
        await tx.execute(update(guardians).values(personal_off_at=school.rt.clock.now()))
    assert "适合您家孩子" not in (await phone.get("/h/school")).text


async def test_a_child_who_left_school_counts_no_more(school):
    phone = await school.phone(grades=(("primary", 2015), ("infant", None)))
    assert (await offered(phone))[0] == "infant-first-year"
    assert "适合您家孩子（还没上幼儿园）" in (await phone.get("/h/school")).text


async def test_a_programme_is_data(school):
    async with school.rt.db.write() as tx:
        rows = [
            {"id": "mobile", "title": "移动家校学堂", "lead": "路上也能学", "place": 1,
             "is_open": True},
            {"id": "gate", "title": "校门口家校学堂", "lead": "门口三分钟", "place": 2,
             "is_open": False},
        ]  # fmt: skip
        await tx.execute(insert(programmes), rows)
    page = (await school.house.get("/h/school")).text
    assert "路上也能学" in page
    assert "门口三分钟" not in page
    assert "safe-child" not in OFFERED.findall(page)
    own = await school.house.get("/h/school?programme=mobile")
    assert '<h1 class="title">移动家校学堂</h1>' in own.text
    assert sorted(OFFERED.findall(own.text)) == ["infant-first-year", "phone-agreement"]


async def test_a_course_tells_what_it_is_good_for_and_a_retired_one_is_gone(each_school):
    house = each_school.house
    page = (await house.get("/h/school/homework-rhythm")).text
    for words in (
        "三周后，孩子知道几点开始写",
        "适合小学 1–3 年级",
        "先定开始的时间",
        "登录后开始学",
    ):
        assert words in page
    assert (await house.get("/h/school/nothing")).status == 404
    async with each_school.rt.db.write() as tx:
        await tx.execute(update(courses).values(retired_at=each_school.rt.clock.now()))
    assert (await house.get("/h/school/homework-rhythm")).status == 404
    assert await offered(house) == []


async def test_a_login_leads_back_to_the_course(school):
    parent = await school.house.parent()
    phone = await school.phone()
    assert parent.openid
    answer = await phone.logs_in("/h/login?to=school/homework-rhythm")
    assert answer.headers["Location"] == "/h/school/homework-rhythm"
    assert world.ACCOUNT not in (await phone.get("/h/school/homework-rhythm")).text
