"""Learning in the chat: by digits alone, in words, interrupted, twice, in other versions."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import insert, update

from bot.learning import showing
from bot.school.course_tables import course_versions, courses
from bot.school.courses import dumps
from bot.school.learner_tables import enrolments, evidence, lesson_states
from bot.school.states import Step
from bot.school.steps import Place
from knowledge import courses as seed
from tests.support import school
from tests.support.desk import FATHER, MOTHER


async def says(desk, *words, who=MOTHER):
    for said in words:
        desk.clock.turn(seconds=5)
        told = await desk.says(said, who=who)
    return told


async def begin(desk, *more):
    """Take the homework course without reminders; its second card is shown."""
    return await says(desk, "三年级有什么课可以学", "1", "2", "1", *more)


async def row(desk):
    (found,) = await desk.rows("SELECT * FROM enrolment")
    return found


async def test_the_stage_is_asked_where_it_is_not_known(lectern):
    assert "1 0—3 岁" in await says(lectern, "选课")
    assert "没有合适的课" in await says(lectern, "1")
    told = await says(lectern, "4")
    assert "初中家长" in told
    assert "1 关门" in told


async def test_who_has_not_agreed_is_asked_first_and_nothing_is_written(desk):
    await school.publish(desk.rt, "homework-rhythm")
    told = await says(desk, "三年级有什么课可以学", "1")
    assert "只有您看得到" in told
    assert "1 同意，开始学" in told
    assert "什么也没有记" in await says(desk, "2")
    assert await desk.rows("SELECT * FROM enrolment") == []
    assert await desk.rows("SELECT * FROM guardian") == []
    assert "报上了" in await says(desk, "三年级有什么课可以学", "1", "1")
    assert len(await desk.rows("SELECT * FROM guardian")) == 1
    rows = await desk.rows("SELECT kind, is_given FROM consent ORDER BY id")
    assert {row["kind"] for row in rows if row["is_given"]} == {"service"}


async def test_more_goals_come_three_at_a_time(joined_desk):
    desk = joined_desk
    await school.publish(desk.rt, *(one.id for one in seed.load()))
    told = await says(desk, "四年级选课")
    assert "4 看更多" in told
    second = await says(desk, "更多")
    assert "四年级家长" in second
    assert told != second
    assert "报上了" in await says(desk, "1")


async def test_a_course_that_was_published_later_is_there_at_once(desk):
    assert await says(desk, "选课") == desk.rt.say("find_course")
    await school.publish(desk.rt, "senior-last-years")
    assert "高中这几年慢慢松手" in await says(desk, "高二选课")


async def test_what_lies_behind_every_step_fits_into_a_message(desk):
    for course in seed.load():
        for number, lesson in enumerate(course.lessons):
            places = [Place(number, Step.CARD, at) for at in range(len(lesson.cards))]
            places += [Place(number, Step.QUIZ, at) for at in range(len(lesson.quiz))]
            places += [Place(number, step) for step in (Step.PRACTICE, Step.CHECK, Step.STUCK)]
            for place in places:
                for clock in (None, 1200):
                    shown = showing.step(desk.rt, course, place, clock, desk.clock.now()).whole
                    assert len(shown) < 560, (course.id, place)
                    assert "{" not in shown


async def test_a_question_in_the_middle_is_answered_and_the_lesson_goes_on(lectern):
    await begin(lectern)
    told = await says(lectern, "孩子写作业总是拖拉怎么办")
    assert "依据：" in told
    assert told.endswith("刚才的课还在，回「继续」接着学。")
    assert "放学先歇一歇" in await says(lectern, "继续")
    assert "让孩子来选" in await says(lectern, "继续")


async def test_a_number_that_nothing_offers_any_more_leads_back(lectern):
    await begin(lectern, "我想学手机摄影")
    assert "放学先歇一歇" in await says(lectern, "1")
    assert "让孩子来选" in await says(lectern, "1")


async def test_a_crisis_comes_before_everything_and_the_lesson_waits(lectern):
    await begin(lectern)
    told = await says(lectern, "我不想活了")
    assert "12355" in told
    assert "请回数字" in told
    assert "放学先歇一歇" not in told
    await says(lectern, "3")
    assert "放学先歇一歇" in await says(lectern, "继续")


async def test_back_again_and_a_pause_in_words(lectern):
    await begin(lectern)
    assert "吵架多半吵在开头" in await says(lectern, "上一步")
    assert "前面没有了" in await says(lectern, "上一步")
    assert "吵架多半吵在开头" in await says(lectern, "再说一遍")
    assert "先停在这里" in await says(lectern, "取消")
    assert "吵架多半吵在开头" in await says(lectern, "继续")


async def test_two_messages_in_one_batch_turn_two_pages(each_lectern):
    desk = each_lectern
    await begin(desk)
    desk.clock.turn(seconds=5)
    first, second = await desk.gets(desk.words("1"), desk.words("1"))
    assert ("3/5" in first.text, "4/5" in second.text) == (True, True)
    assert (await row(desk))["at_step"] == 3


async def test_no_reminders_no_time_and_a_time_chosen_later_is_the_consent(each_lectern):
    desk = each_lectern
    told = await begin(desk, *["1"] * 4)
    assert "1 今天找时间做（不提醒）" in told
    assert (await row(desk))["due_at"] is None
    assert "今天找时间做" in await says(desk, "1")
    told = await says(desk, "继续", "改提醒时间", "晚上十点半")
    assert "提醒改在最近的 20:45" in told
    assert "不想收了回「退订」" in told
    found = await row(desk)
    assert (found["clock"], found["due"]) == (20 * 60 + 45, "practice")
    given = await desk.rows("SELECT is_given FROM consent WHERE kind = 'lessons' ORDER BY id")
    # not given with the service, refused at sign-up, given by choosing a time
    assert [bool(one["is_given"]) for one in given][-2:] == [False, True]


async def test_yes_no_and_a_bare_time_are_understood_where_they_are_asked_for(lectern):
    await says(lectern, "三年级有什么课可以学", "1")
    assert "20:00 提醒您" in await says(lectern, "是的")
    told = await says(lectern, *["是的"] * 4, "1")
    assert "什么时候提醒您" in told
    assert "今晚 19:30 提醒您" in await says(lectern, "晚上七点半")
    told = await says(lectern, "做了", "2", "2")
    assert "今天先到这里" in told
    assert "第 2 课" in await says(lectern, "是的")


async def test_a_day_that_is_named_counts(lectern):
    await begin(lectern, *["1"] * 4, "2")
    assert "明晚 19:30" in await says(lectern, "明天晚上七点半")


async def test_tomorrow_please(lectern):
    await says(lectern, "三年级有什么课可以学", "1", "1", "1")
    assert "明晚 20:00 再提醒您" in await says(lectern, "明天再提醒")
    assert "歇" not in (await row(lectern))["state"]
    assert "这个月不再提醒" in await says(lectern, "下个月再说")
    assert (await row(lectern))["state"] == "resting"


async def test_a_practice_in_words(lectern):
    assert "没有等着记的一练" in await says(lectern, "做完了")
    await begin(lectern, *["1"] * 4, "1")
    assert "卡在哪里" in await says(lectern, "没做成")
    assert "做了就好" in await says(lectern, "做了")
    (kept,) = await lectern.rows("SELECT kind, minutes, way FROM learning_evidence")
    assert tuple(kept.values()) == ("practice", 5, "chat")


async def test_two_courses_and_the_list_of_them(lectern):
    await begin(lectern)
    assert "您正在学《作业不再是战场》" in await says(lectern, "三年级有什么课可以学")
    assert "今晚早睡一刻钟" in await says(lectern, "1")
    told = await says(lectern, "我的课程")
    assert "1 《今晚早睡一刻钟》在学\n░░░░░ 0/5" in told
    assert "放学先歇一歇" in await says(lectern, "2")
    assert "哪一门" in await says(lectern, "取消课程")
    assert "3 不学了" in await says(lectern, "作业不再是战场")
    assert "不再提醒" in await says(lectern, "3")
    assert "停了" in await says(lectern, "我的课程")
    assert "一共约 0 分钟" in await says(lectern, "学习进度")


async def test_a_course_goes_on_in_its_version_and_is_taken_again_in_the_new_one(each_lectern):
    desk = each_lectern
    await begin(desk)
    old = school.course()
    newer = replace(old, title="新的一版", lessons=old.lessons[:1])
    now = desk.clock.now()
    async with desk.rt.db.write() as tx:
        await tx.execute(insert(course_versions).values(
            course=old.id, number=2, state="published", content=dumps(newer), made_at=now,
        ))  # fmt: skip
        await tx.execute(update(courses).where(courses.c.id == old.id).values(version=2))
    assert "《作业不再是战场》在学" in await says(desk, "我的课程")
    async with desk.rt.db.write() as tx:
        await tx.execute(update(enrolments).values(lesson=4, step="quiz", at_step=1))
    told = await says(desk, "1", "1")
    assert "恭喜，《作业不再是战场》5 课" in told
    again = await says(desk, "再学一遍")
    assert "《新的一版》第 1 课" in again
    assert (await row(desk))["version"] == 2


async def test_a_grandmother_goes_through_a_lesson_by_digits_alone(lectern):
    await says(lectern, "长辈模式")
    told = await says(lectern, "选课", "3", "1")
    assert "1 要，20:00 提醒" in told
    lesson = school.course("family-culture")
    told, turns = await says(lectern, "1"), 0
    while "第 1 课学完了" not in told:
        told = await says(lectern, "4" if "已经做了" in told else digit(told))
        turns += 1
        assert turns < 40, told
    assert lesson is not None
    assert "1 学下一课" in told


def digit(told):
    """The right answer of a quiz, else the first number."""
    for course in map(school.course, ("homework-rhythm", "family-culture", "bedtime-sleep")):
        for lesson in course.lessons:
            for question in lesson.quiz:
                if question.ask in told:
                    return str(question.right)
    return "1"


async def test_everything_learned_is_told_and_erased(each_lectern):
    desk = each_lectern
    await begin(desk, *["1"] * 4, "3", "2", "2")
    await says(desk, "三年级有什么课可以学", "1", who=FATHER)
    async with desk.rt.db.read() as tx:
        listed = [
            kept for export in desk.rt.exporters
            for kept in await export(desk.rt, tx, ("gh_city00000001", MOTHER))
        ]  # fmt: skip
    told = {kept.name: kept for kept in listed if kept.name in {"courses", "lessons", "record"}}
    assert told["courses"].rows[0][1:4] == ("作业不再是战场", 1, "在学")
    assert told["lessons"].rows[0][5] == "做了"
    assert [found[1] for found in told["record"].rows] == ["家庭一练", "微课"]
    await says(desk, "删除我的资料", "确认删除")
    for table in (lesson_states, evidence):
        assert await desk.rows(f"SELECT * FROM {table.name}") == [], table.name
    assert [one["openid"] for one in await desk.rows("SELECT openid FROM enrolment")] == [FATHER]


async def test_a_step_costs_one_indexed_read(lectern, monkeypatch):
    await begin(lectern)
    asked = []
    from bot.learning import acts

    one = acts.one
    monkeypatch.setattr(acts, "own", lambda person: asked.append("own"))
    monkeypatch.setattr(acts, "one", lambda *given: asked.append("one") or one_of(given))

    def one_of(given):
        monkeypatch.undo()
        return one(*given)

    await says(lectern, "1")
    assert asked == ["one"]


@pytest.mark.parametrize(
    "said", ["选课", "我的课程", "下一课", "学习进度", "取消课程", "有没有回放"]
)
async def test_who_takes_nothing_is_told_what_to_do(lectern, said):
    told = await says(lectern, said)
    assert "选课" in told or "学段" in told or "多大" in told or "不用取消" in told


async def test_the_state_of_a_talk_is_plain_json(lectern):
    await begin(lectern)
    (state,) = await lectern.rows("SELECT state FROM conversation")
    assert json.loads(state["state"])["lesson"] == "homework-rhythm"
