"""A lesson on the page: readable by all, step by step for who takes it, on the rows of the chat."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import insert, update

from bot.school.course_tables import course_versions, courses
from bot.school.courses import dumps
from tests.support import school as seed
from tests.support.parents import HIDDEN
from tests.support.schoolhouse import Schoolhouse

COURSE = "/h/school/homework-rhythm"
FIRST = f"{COURSE}/01-start-time"
HERE = re.compile(r'name="here" value="([^"]+)"')


@pytest.fixture
async def each_school(settings):
    async with Schoolhouse.open(settings, "homework-rhythm", "bully-proof-talk") as opened:
        yield opened


@pytest.fixture
async def school(sqlite_settings):
    async with Schoolhouse.open(sqlite_settings, "homework-rhythm") as opened:
        yield opened


async def does(phone, path, do, **fields):
    """Send the form of the step at hand; returns the page it leads to."""
    page = await phone.get(path)
    sent = {"here": HERE.search(page.text)[1]} | fields
    token = HIDDEN.search(page.text)[1]
    answer = await phone.post(path, token=token, do=do, **sent)
    assert answer.status == 303, answer.text
    return await phone.get(answer.headers["Location"])


async def begins(phone):
    answer = await phone.post(COURSE, page=COURSE)
    assert (answer.status, answer.headers["Location"]) == (303, FIRST)
    return await phone.get(FIRST)


async def stands(school):
    (row,) = await school.rows("SELECT * FROM enrolment")
    return row["lesson"], row["step"], row["at_step"]


async def reads(phone, path, cards):
    for _ in range(cards):
        page = await does(phone, path, "next")
    return page


async def test_everybody_reads_a_lesson_with_its_hotlines_filled(each_school):
    house = each_school.house
    page = (await house.get(FIRST)).text
    lesson = seed.course().lessons[0]
    for card in lesson.cards:
        assert card.title in page
    for words in (lesson.practice.title, lesson.quiz[0].why, "登录后一步一步学", "下一课"):
        assert words in page
    risky = (await house.get("/h/school/bully-proof-talk/01-tell-me")).text
    assert "打 110" in risky
    assert "{{" not in risky
    assert (await house.get(f"{COURSE}/99-nothing")).status == 404
    assert (await house.get("/h/school/nothing/01-start-time")).status == 404


async def test_a_lesson_is_walked_step_by_step_and_learned(each_school):
    phone = await each_school.phone()
    lesson = seed.course().lessons[0]
    page = await begins(phone)
    assert lesson.cards[0].title in page.text
    assert lesson.cards[1].title not in page.text
    assert "第 1 步，共 8 步" in page.text
    page = await does(phone, FIRST, "next")
    page = await does(phone, FIRST, "back")
    assert lesson.cards[0].title in page.text
    page = await reads(phone, FIRST, len(lesson.cards))
    assert "什么时候提醒您做？" in page.text
    assert page.text.index("今晚 20:00") < page.text.index("明早 0")
    page = await does(phone, FIRST, "time", clock="1200")
    assert "今晚 20:00 提醒您" in page.text
    assert lesson.practice.check in page.text
    page = await does(phone, FIRST, "not_done")
    page = await does(phone, FIRST, "stuck", number="2")
    assert lesson.practice.stuck[1].then in page.text
    page = await does(phone, FIRST, "answer", number="1")
    assert "再想想" in page.text
    page = await does(phone, FIRST, "answer", number="2")
    assert "对了" in page.text
    assert lesson.quiz[1].ask in page.text
    page = await does(phone, FIRST, "answer", number="2")
    assert "这一课学完了" in page.text
    assert seed.course().lessons[1].title in page.text
    assert await stands(each_school) == (1, "card", 0)
    (row,) = await each_school.rows("SELECT * FROM enrolment_lesson")
    assert (row["practice"], row["stuck"], row["quiz_tries"]) == ("not_done", 1, 3)
    (proof,) = await each_school.rows("SELECT * FROM learning_evidence")
    assert (proof["kind"], proof["way"], proof["title"]) == ("lesson", "h5", lesson.title)


async def test_a_form_sent_twice_goes_one_step(each_school):
    phone = await each_school.phone()
    page = await begins(phone)
    fields = {"here": HERE.search(page.text)[1], "do": "next", "token": HIDDEN.search(page.text)[1]}
    for _ in range(3):
        assert (await phone.post(FIRST, **fields)).headers["Location"] == FIRST
    assert await stands(each_school) == (0, "card", 1)


async def test_what_is_no_act_is_refused_and_no_get_changes_anything(school):
    phone = await school.phone()
    page = await begins(phone)
    token = HIDDEN.search(page.text)[1]
    for fields in ({"do": "fly"}, {"do": "retake"}, {"do": "time", "clock": "9999"}, {}):
        answer = await phone.post(FIRST, token=token, here="0.card.0", **fields)
        assert answer.status == 400, fields
    assert (await phone.post(FIRST, token="x" * 64, do="next")).status == 403
    assert (
        await phone.post(FIRST, token=token, here="0.card.0", do="answer", number="1")
    ).status == 303
    for query in (
        "?said=right&n=1",
        "?said=wrong&n=99",
        "?said=tip&n=x",
        "?read=1",
        "?said=planned",
    ):
        assert (await phone.get(FIRST + query)).status == 200
    assert await stands(school) == (0, "card", 0)
    stranger = await school.phone(name="aunt")
    page = await stranger.get(COURSE)
    token = HIDDEN.search(page.text)[1]
    assert (await stranger.post(FIRST, token=token, here="0.card.0", do="next")).status == 404


async def test_nobody_is_reminded_unasked_and_choosing_a_time_is_asking(each_school):
    phone = await each_school.phone(agreed=False)
    page = await begins(phone)
    (row,) = await each_school.rows("SELECT clock, due_at FROM enrolment")
    assert (row["clock"], row["due_at"]) == (None, None)
    await reads(phone, FIRST, len(seed.course().lessons[0].cards))
    page = await does(phone, FIRST, "time", clock="1200")
    assert "今晚 20:00 提醒您" in page.text
    (row,) = await each_school.rows("SELECT clock, due FROM enrolment")
    assert (row["clock"], row["due"]) == (1200, "practice")
    given = await each_school.rows("SELECT kind, is_given FROM consent ORDER BY id")
    # beginning is the consent to the service, choosing a time that to reminders
    assert [g["kind"] for g in given if g["is_given"]] == ["service", "lessons"]
    await does(phone, FIRST, "back")
    await does(phone, FIRST, "time", clock="1200")
    assert len(await each_school.rows("SELECT * FROM consent")) == len(given)


async def test_a_course_goes_on_in_the_version_it_was_begun_with(each_school):
    phone = await each_school.phone()
    await begins(phone)
    async with each_school.rt.db.write() as tx:
        new = replace(seed.course(), title="新的一版")
        await tx.execute(insert(course_versions).values(
            course=new.id, number=2, state="published", content=dumps(new),
            made_at=each_school.rt.clock.now(),
        ))  # fmt: skip
        await tx.execute(update(courses).where(courses.c.id == new.id).values(version=2))
    assert "新的一版" not in (await phone.get(COURSE)).text
    assert "新的一版" in (await each_school.house.get(COURSE)).text


async def test_chat_and_page_stand_at_the_same_step(each_school):
    phone, lesson = await each_school.phone(), seed.course().lessons[0]
    await each_school.says(phone, "选课", "1", "下一步")
    assert (await stands(each_school))[1:] == ("card", 1)
    page = await phone.get(FIRST)
    assert "第 2 步，共 8 步" in page.text
    assert lesson.cards[1].title in page.text
    await does(phone, FIRST, "next")
    assert await stands(each_school) == (0, "card", 2)
    assert lesson.cards[2].title in await each_school.says(phone, "下一课")
    assert lesson.cards[3].title in await each_school.says(phone, "下一步")
    assert lesson.cards[3].title in (await phone.get(FIRST)).text
