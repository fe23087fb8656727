"""The pages of courses: matrix, forms with their faults, versions, archives, and who may what."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.courses import archive, course_form, lesson_form, matrix, problems
from knowledge import courses as rules
from tests.bot.courses.conftest import NAME
from tests.support import school

EDITOR, REVIEWER = ("editor", "", ""), ("reviewer", "", "")
AT = f"/courses/{NAME}"
LESSON = "01-start-time"


def typed(lesson, **changes):
    return lesson_form.filled(lesson) | changes


def lesson_of(course):
    return next(one for one in course.lessons if one.name == LESSON)


async def test_a_lesson_is_kept_with_its_faults_beside_their_fields(each_academy):
    chen = await each_academy.office.staff("chen", EDITOR)
    page = (await chen.get(f"{AT}/lessons/{LESSON}")).text
    assert "is-invalid" not in page
    lesson = lesson_of(school.course())
    sent = typed(lesson, card1_body="太短。", quiz1_why="", title="新标题")
    saved = await chen.post(f"{AT}/lessons/{LESSON}", **sent)
    assert saved.location.endswith("done=course.lesson_faulty_warning")
    page = (await chen.follow(saved)).text
    for said in ("正文有 3 个字，应为 60–180 个。", "没有填。"):
        assert said in page
    assert 'id="f-card1_body-fault"' in page
    assert 'id="f-quiz1_why-fault"' in page
    draft = await each_academy.draft()
    assert lesson_of(draft.content).title == "新标题"
    course = (await chen.get(AT)).text
    assert "还有 2 处要改" in course
    refused = await chen.post(f"{AT}/submit")
    assert (refused.status, "改好才能提交审核" in refused.text) == (422, True)
    assert (await each_academy.versions())[-1].content == school.course()


async def test_a_form_that_nobody_changed_changes_nothing(academy):
    chen = await academy.office.staff("chen", EDITOR)
    for lesson in school.course().lessons:
        page = await chen.post(f"{AT}/lessons/{lesson.name}", **typed(lesson))
        assert page.status == 303
    assert await academy.draft() is None


async def test_the_preview_shows_chat_and_page(academy):
    chen = await academy.office.staff("chen", EDITOR)
    sent = typed(lesson_of(school.course()), card1_title="预览里的标题")
    page = (await chen.post(f"{AT}/lessons/{LESSON}/preview", **sent)).text
    assert "【预览里的标题】" in page
    assert "不要紧，卡在哪里" in page
    assert await academy.draft() is None


async def test_lessons_are_added_moved_and_taken_out(academy):
    chen = await academy.office.staff("chen", EDITOR)
    added = await chen.post(f"{AT}/lessons", slug="weekend")
    assert added.location == f"/console{AT}/lessons/06-weekend"
    assert (await chen.follow(added)).status == 200
    await chen.post(f"{AT}/lessons/06-weekend/earlier")
    names = [one.name for one in (await academy.draft()).content.lessons]
    assert names[-2:] == ["06-weekend", "05-finish-line"]
    await chen.post(f"{AT}/lessons/06-weekend/remove")
    assert len((await academy.draft()).content.lessons) == 5
    assert (await chen.get(f"{AT}/lessons/06-weekend")).status == 404
    bad = await chen.post(f"{AT}/lessons", slug="Wochenende !")
    assert (bad.status, "只用小写字母" in bad.text) == (422, True)


async def test_a_course_goes_from_new_to_review_by_pages(academy):
    from bot.courses import seeding

    async with academy.rt.db.write() as tx:
        await seeding._programmes(tx)
    chen = await academy.office.staff("chen", EDITOR)
    sent = {"title": "新的一课", "id": "brand-new", "programme": "移动家校学堂", "area": "gz"}
    made = await chen.post("/new-course", **sent)
    assert made.location.startswith("/console/courses/brand-new/edit")
    again = await chen.post("/new-course", **sent)
    assert (again.status, "已经有课程用了" in again.text) == (422, True)
    token = (await academy.draft("brand-new")).token
    form = {"title": "新的一课", "goal": "两周后，家里有一句新的话。", "level": "more",
            "stages": ["kinder", "primary"], "grades": ["p1"], "topics": ["life.sleep"],
            "programme": "移动家校学堂", "on": token}  # fmt: skip
    saved = await chen.post("/courses/brand-new/edit", **form)
    assert saved.status == 303
    course = (await academy.draft("brand-new")).content
    assert (course.stages, course.grades, course.level) == (("kinder", "primary"), ("p1",), "more")
    late = await chen.post("/courses/brand-new/edit", **form)
    assert (late.status, "别人改过" in late.text) == (409, True)


async def test_who_wrote_it_finds_no_button_to_approve(academy):
    chen = await academy.office.staff("chen", EDITOR)
    await chen.post(f"{AT}/lessons/{LESSON}", **typed(lesson_of(school.course()), title="换个标题"))
    assert (await chen.post(f"{AT}/submit")).status == 303
    assert "没有参与过的同事来审核" in (await chen.get(AT)).text
    token = (await academy.draft()).token
    refused = await chen.post(f"{AT}/review", verdict="approve", on=token)
    assert (refused.status, "没有参与过" in refused.text) == (422, True)
    judge = await academy.office.staff("judge", REVIEWER)
    assert "换个标题" in (await judge.get(f"{AT}/versions/2", lesson=LESSON)).text
    assert (await judge.post(f"{AT}/review", verdict="approve", on=token)).status == 303
    assert (await judge.post(f"{AT}/publish")).status == 403
    boss = await academy.office.staff("boss", ("operator", "", ""))
    assert (await boss.post(f"{AT}/publish")).status == 303
    assert (await academy.row()).version == 2
    back = await boss.post(f"{AT}/versions/1", why="新版太长")
    assert back.status == 303
    page = (await boss.get(AT)).text
    assert "课程退回旧版" in page
    assert (await boss.post(f"{AT}/retire", what="retire", why="")).status == 422
    assert (await boss.post(f"{AT}/retire", what="retire", why="重写")).status == 303
    assert "已停开" in (await boss.get("/courses", state="retired")).text


async def test_an_archive_comes_back_as_the_same_course(each_academy):
    chen = await each_academy.office.staff("chen", EDITOR)
    sent = (await chen.get(f"{AT}/versions/1/export")).body
    course, faults = archive.unpacked(sent)
    assert (course, faults) == (school.course(), [])
    sent = archive.packed(replace(course, goal="两周后，孩子自己说几点开始写。"))
    taken = await chen.post("/course-import", {"file": ("a.zip", sent)}, area="gz")
    assert taken.location.startswith(f"/console{AT}")
    draft = await each_academy.draft()
    assert draft.content == replace(course, goal=draft.content.goal, status="draft")
    again = await chen.post("/course-import", {"file": ("a.zip", sent)}, area="gz")
    assert (again.status, "已经有草稿" in again.text) == (422, True)
    other = archive.packed(replace(school.course(), id="other", title="另一门课"))
    await chen.post("/course-import", {"file": ("b.zip", other)}, area="gz/tianhe")
    assert (await each_academy.row("other")).area == "gz/tianhe"


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no zip", "文件打不开"),
        (zipped(a__x_dot_py="1"), "压缩包里只能有"),
        (zipped(a__01_dot_md="1"), "压缩包里要有一门课"),
        (zipped(a__course_dot_yaml="id: a\ntitle: 甲\n"), "没有填。"),
        (zipped(a__course_dot_yaml="id: [\n"), "字段的写法读不懂"),
    ],
)
async def test_an_archive_with_faults_is_told_of_and_not_taken(academy, content, said):
    chen = await academy.office.staff("chen", EDITOR)
    told = await chen.post("/course-import", {"file": ("a.zip", content)}, area="gz")
    assert (told.status, said in told.text) == (422, True)
    assert await academy.office.rows("SELECT * FROM course WHERE id = 'a'") == []


async def test_a_fault_in_an_archive_names_file_line_and_field(academy):
    chen = await academy.office.staff("chen", EDITOR)
    data = archive.packed(replace(school.course(), level="deep"))
    told = (await chen.post("/course-import", {"file": ("a.zip", data)}, area="gz")).text
    for part in ("<code>course.yaml</code>", "第 6 行", "层次", "“deep”不在可选的范围里"):
        assert part in told
    assert await academy.draft() is None


async def test_the_matrix_shows_courses_and_holes(academy):
    reader = await academy.office.staff("reader", REVIEWER)
    page = (await reader.get("/curriculum")).text
    assert "作业不再是战场" in page
    assert "空缺" in page
    cells = matrix.made([school.course()])
    assert [c.title for c in cells["study"]["p_low"].courses["base"]] == ["作业不再是战场"]
    assert cells["study"]["p_high"].is_hole
    assert not cells["study"]["a0_3"].is_hole
    assert "svc" not in cells


async def test_a_district_reads_the_citys_courses_and_edits_its_own(academy):
    own = await academy.office.staff("own", ("editor", "gz/tianhe", ""))
    assert (await own.get(AT)).status == 200
    assert "提交审核" not in (await own.get(AT)).text
    assert (await own.get(f"{AT}/edit")).status == 404
    assert (await own.post(f"{AT}/retire", what="retire", why="x")).status == 404
    assert (await academy.row()).retired_at is None


async def test_the_search_finds_courses(academy):
    own = await academy.office.staff("own", ("author", "gz/tianhe", ""))
    assert f"/console{AT}" in (await own.get("/search", q="战场")).text
    agent = await academy.office.staff("agent", ("agent", "", ""))
    assert f"/console{AT}" not in (await agent.get("/search", q="战场")).text


def test_every_fault_of_a_broken_course_is_said_in_chinese():
    empty = course_form.with_lesson(course_form.blank("-", "", ""), course_form.blank_lesson("1 x"))
    first = school.course().lessons[0]
    card = replace(first.cards[0], title="甲" * 20, body="**x** 😀 12356 (a)「" + "- 点\n" * 6)
    bad = replace(first, cards=(card, card), title="保证" * 10, topic="emo.low")
    worse = replace(school.course(), lessons=(bad, bad), topics=(), stages=("junior",))
    said = problems.told([*rules.judge(empty), *rules.judge(worse)])
    assert len(said) > 30
    plain = [one.text for one in said if not any("\u4e00" <= c <= "\u9fff" for c in one.text)]
    assert plain == []
    assert problems.label("practice.stuck[2].then") == "练习 · 第 2 种卡住 · 可以试试"


def test_gaps_between_options_close_and_the_right_one_stays():
    from bot.console.forms import Form

    values = {"quiz1_ask": "问", "quiz1_option1": "甲", "quiz1_option3": "丙", "quiz1_right": "3"}
    (question,) = lesson_form.read(Form({}, values), "01-x").quiz
    assert (question.options, question.right) == (("甲", "丙"), 2)


def test_the_files_are_packaged_with_the_code():
    folder = Path(archive.__file__).parent
    assert {"outline.yaml", "programmes.yaml", "words.yaml"} <= {p.name for p in folder.iterdir()}
