"""What one is learning: the next thing, reminders, rest, stop, again; and the to-dos on 我的."""

import pytest
from sqlalchemy import update

from bot.h5.sdk import SCRIPT
from bot.school.learner_tables import enrolments
from tests.bot.learning.test_lesson_pages import COURSE, FIRST, begins, does, reads, stands
from tests.support import school as seed
from tests.support.parents import HIDDEN
from tests.support.schoolhouse import Schoolhouse

MINE = "/h/mine/learning"


@pytest.fixture
async def each_school(settings):
    async with Schoolhouse.open(settings) as opened:
        yield opened


@pytest.fixture
async def school(sqlite_settings):
    async with Schoolhouse.open(sqlite_settings) as opened:
        yield opened


async def wishes(phone, do, **fields):
    answer = await phone.post(
        MINE, page=MINE, token=None, do=do, **({"course": "homework-rhythm"} | fields)
    )
    assert answer.status == 303, answer.text
    return (await phone.get(answer.headers["Location"])).text


async def row(school):
    (found,) = await school.rows("SELECT state, clock, due, due_at FROM enrolment")
    return found


async def test_the_next_thing_is_told_and_one_rests_stops_and_goes_on(each_school):
    phone = await each_school.phone()
    token = HIDDEN.search((await phone.get("/h/mine")).text)[1]
    assert "还没有在学的课" in (await phone.get(MINE)).text
    assert (await phone.post(MINE, token=token, do="rest", course="homework-rhythm")).status == 404
    await begins(phone)
    assert "先看 5 张卡片" in (await phone.get(MINE)).text
    assert "先歇着" in await wishes(phone, "rest")
    assert (await row(each_school))["state"] == "resting"
    assert "一步一步学" not in (await phone.get(FIRST)).text
    assert "接着学这门课" in (await phone.get(FIRST)).text
    assert "不再提醒" in await wishes(phone, "stop")
    assert (await row(each_school))["due"] == ""
    assert "欢迎回来" in await wishes(phone, "resume")
    assert (await row(each_school))["state"] == "active"
    await wishes(phone, "stop")
    answer = await phone.post(COURSE, page=COURSE)
    assert answer.headers["Location"] == FIRST
    assert (await row(each_school))["state"] == "active"


async def test_the_time_of_reminders_is_the_parents(each_school):
    phone = await each_school.phone()
    await begins(phone)
    assert "每天 20:00" in (await phone.get(MINE)).text
    assert "每天 12:30" in await wishes(phone, "clock", clock="750")
    assert (await row(each_school))["clock"] == 750
    assert "不提醒您" in await wishes(phone, "clock", clock="")
    assert (await row(each_school))["due_at"] is None
    for clock in ("9999", "x", "-1"):
        token = HIDDEN.search((await phone.get(MINE)).text)[1]
        fields = {"do": "clock", "course": "homework-rhythm", "clock": clock}
        assert (await phone.post(MINE, token=token, **fields)).status == 400
    await wishes(phone, "clock", clock="1380")  # 23:00 lies in the quiet hours
    assert (await row(each_school))["clock"] < 1380


async def test_the_todos_follow_the_step_at_hand(each_school):
    phone, lesson = await each_school.phone(), seed.course().lessons[0]
    assert "现在没有待办" in (await phone.get("/h/mine/todos")).text
    await begins(phone)
    page = (await phone.get("/h/mine/todos")).text
    assert "接着学《作业不再是战场》" in page
    assert f'href="{FIRST}"' in page
    await reads(phone, FIRST, len(lesson.cards))
    await does(phone, FIRST, "time", clock="1200")
    page = (await phone.get("/h/mine/todos")).text
    assert lesson.practice.title in page
    assert "今晚 20:00 提醒您" in page
    each_school.at("2026-11-27 18:00")
    phone.cookies.clear()
    await phone.logs_in("/h/mine")
    page = (await phone.get("/h/mine/todos")).text
    assert lesson.practice.check in page
    assert lesson.practice.title not in page
    await wishes(phone, "rest")
    assert "现在没有待办" in (await phone.get("/h/mine/todos")).text


async def test_a_finished_course_is_taken_again_from_its_beginning(school):
    phone = await school.phone()
    await begins(phone)
    course = seed.course()
    last = course.lessons[-1]
    async with school.rt.db.write() as tx:
        row = {"lesson": len(course.lessons) - 1, "step": "quiz", "at_step": len(last.quiz) - 1}
        await tx.execute(update(enrolments).values(row))
    path = f"{COURSE}/{last.name}"
    page = await does(phone, path, "answer", number=str(last.quiz[-1].right))
    assert "整门课学完了" in page.text
    assert (await stands(school))[1] == "done"
    assert "学完 5 课" in (await phone.get(MINE)).text
    assert "这门课学完了" in (await phone.get(COURSE)).text
    assert "以前学的都还算数" in await wishes(phone, "retake")
    assert await stands(school) == (0, "card", 0)
    assert course.lessons[0].cards[0].title in (await phone.get(FIRST)).text
    answer = await phone.get(f"{MINE}/homework-rhythm")
    assert answer.headers["Location"] == FIRST


async def test_what_is_mine_leads_there(school):
    phone = await school.phone()
    page = (await phone.get("/h/mine")).text
    assert 'href="/h/mine/learning"' in page
    assert 'href="/h/mine/record"' in page
    assert 'href="/h/school"' in (await school.house.get("/h/")).text


@pytest.mark.parametrize("template", ["", "tmpl-course-1"])
async def test_the_platforms_notice_is_offered_where_there_is_one(sqlite_settings, template):
    given = sqlite_settings.model_copy(update={"course_notice": template})
    async with Schoolhouse.open(given) as school:
        phone = await school.phone()
        assert "data-subscribe" not in (await phone.get(MINE)).text
        await begins(phone)
        page = (await phone.get(MINE)).text
        assert ('data-subscribe="tmpl-course-1"' in page) is bool(template)
        assert (SCRIPT in page) is bool(template)
