"""A flow: every way to answer, to go back, to leave it, and to be interrupted."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot import answers
from bot.dialogue import flow_file
from bot.dialogue.flow import Shown
from bot.dialogue.flow_run import Flows
from bot.dialogue.flow_shown import named
from bot.wechat import events, messages

FILE = Path(__file__).with_name("flows.yaml")
QUESTION = "孩子写作业总是拖拉怎么办"
DANGER = "孩子说不想活了，刚才吃了一瓶药"
GAME = "media.game.time-limit"


def table(ended, listed=None):
    """Return the flows of the file; `ended` gets what each one ended with."""

    def end(name):
        def finish(_turn, given):
            ended.append((name, given.pairs))
            return "好了"

        return finish

    def cups(_turn, _given):
        return Shown({"count": "2"}, options=(named("big", "大杯"), named("small", "小杯")))

    listed = listed or flow_file.load(FILE)
    return Flows.of(
        (listed, ()),
        ends={flow.name: end(flow.name) for flow in listed},
        asks={"tea.cup": cups},
        done={"tea.age": lambda _turn, _given: True},
        judge=answers.judge,
    )


@pytest.fixture
def ended():
    return []


@pytest.fixture
async def tea(desk, ended):
    """A desk where a greeting begins the flow, and thanks another one."""
    begin = {
        "greeting": lambda turn: turn.begin("tea"),
        "thanks": lambda turn: turn.begin("milk"),
    }
    replies = {**desk.engine.replies, **begin}
    desk.engine = replace(desk.engine, flows=table(ended), replies=replies)
    assert "1 绿茶\n2 红茶\n3 白开水" in await desk.says("你好")
    return desk


def waits(desk):
    return desk.rt.say("flow", "waiting")


@pytest.mark.parametrize(
    "said", ["2", "２", "②", "二", "第二个", "选2", "红茶", "普洱", "要红茶吧"]
)
async def test_a_choice_works_by_number_numeral_label_and_synonym(tea, said):
    assert await tea.says(said) == "马上烧水。\n孩子几年级？"


async def test_a_flow_ends_with_its_function_and_its_answers(tea, ended):
    for said in ("1", "三年级", "可以", "小杯"):
        told = await tea.says(said)
    assert told == "好了"
    pairs = (("sort", "green"), ("age", "p3"), ("sugar", "yes"), ("cup", "small"))
    assert ended == [("tea", pairs)]
    assert await tea.says("1") == tea.rt.say("number_choice", "nothing_to_choose")


@pytest.mark.parametrize(
    ("said", "value"),
    [("是的", "yes"), ("有用", "yes"), ("不用", "no"), ("原味", "no"), ("2", "no"), ("跳过", "")],
)
async def test_a_confirmation_takes_any_word_for_yes_and_no(tea, ended, said, value):
    for words in ("1", "三年级", said, "大杯"):
        await tea.says(words)
    assert ended[0][1][2] == ("sugar", value)


async def test_two_wrong_answers_are_asked_again_and_the_third_puts_the_flow_aside(tea):
    for _ in range(2):
        assert await tea.says("9") == "请回一个数字：\n1 绿茶\n2 红茶\n3 白开水"
    assert await tea.says("9") == tea.rt.say("flow", "aside")
    assert "依据：" in await tea.says(QUESTION)
    assert "喝什么茶" in await tea.says("继续")
    assert "孩子几年级" in await tea.says("1")


async def test_a_number_nobody_offered_is_a_wrong_answer(tea):
    assert await tea.says("22") == "请回一个数字：\n1 绿茶\n2 红茶\n3 白开水"


async def test_three_wrong_answers_skip_a_step_that_may_be_skipped(tea):
    for said in ("1", "三年级", "9", "9"):
        await tea.says(said)
    assert "有 2 种杯子" in await tea.says("9")


async def test_a_step_back_takes_the_answer_away_and_stops_where_something_was_written(tea):
    await tea.says("1")
    assert "喝什么茶" in await tea.says("返回")
    assert "喝什么茶" in await tea.says("返回")  # there is nothing before it
    await tea.says("2")
    await tea.says("三年级")
    told = await tea.says("返回")
    assert told.startswith(tea.rt.say("flow", "no_back"))
    assert "加糖" in told


async def test_skipping_what_may_not_be_skipped_is_refused(tea):
    told = await tea.says("跳过")
    assert told.startswith(tea.rt.say("flow", "no_skip"))
    assert "喝什么茶" in told


async def test_a_cancelled_flow_is_gone(tea, ended):
    assert await tea.says("取消") == tea.rt.say("flow", "cancelled")
    assert await tea.says("1") == tea.rt.say("number_choice", "nothing_to_choose")
    assert ended == []


async def test_a_choice_may_stop_without_the_function(tea, ended):
    assert await tea.says("白开水") is not None
    assert ended == []


async def test_a_question_is_said_again_and_counts_no_try(tea):
    for _ in range(4):
        assert "喝什么茶" in await tea.says("再说一遍")
    assert "请回一个数字" in await tea.says("9")


async def test_a_question_in_between_is_answered_and_the_open_one_waits(tea):
    told = await tea.says(QUESTION)
    assert "依据：" in told
    assert told.endswith(waits(tea))
    second = await tea.says("1")  # belongs to the answer's own numbers
    assert "依据：" in second
    assert waits(tea) not in second
    assert "喝什么茶" in await tea.says("继续")


@pytest.mark.parametrize("word", ["菜单", "隐私", "我的资料", "谁看过我"])
async def test_global_words_win_and_the_flow_goes_on(tea, word):
    told = await tea.says(word)
    assert told.endswith(waits(tea))
    assert "喝什么茶" not in told
    assert "孩子几年级" in await tea.says("1")


async def test_a_wish_that_offers_numbers_has_them_and_the_flow_waits(tea):
    assert (await tea.says("退订")).endswith(waits(tea))
    assert await tea.says("1") == tea.rt.say("reminders", "off_lessons")
    assert "喝什么茶" in await tea.says("继续")


async def test_a_wish_for_a_person_takes_the_next_words_and_the_flow_waits(tea):
    assert "编号" in await tea.says("人工")
    assert await tea.says("上周和您说过的那件事情") == tea.rt.say("talk_to_person", "noted")
    assert "喝什么茶" in await tea.says("继续")


async def test_everything_deleted_takes_the_flow_with_it(tea):
    await tea.says("删除我")
    told = await tea.says("确认删除")
    assert told == tea.rt.say("delete_me", "done")
    assert await tea.says("继续") == tea.rt.say("continue", "nothing_open")


async def test_a_deletion_not_confirmed_lets_the_flow_go_on(tea):
    assert waits(tea) not in await tea.says("删除我")
    assert "孩子几年级" in await tea.says("绿茶")


async def test_a_crisis_puts_the_flow_aside_and_keeps_its_question_first(tea):
    assert "120" in await tea.says(DANGER)
    assert "喝什么茶" not in await tea.says("2")
    assert "喝什么茶" in await tea.says("继续")


async def test_a_grade_inside_a_question_is_a_question(tea):
    await tea.says("1")
    assert "依据：" in await tea.says("三年级孩子写作业总是拖拉怎么办")
    await tea.says("继续")
    assert "加糖" in await tea.says("今年读三年级")


async def test_the_rest_of_a_long_answer_comes_before_the_flow(tea):
    long = "\n".join(f"第{n:03}句：陪孩子写作业，先说做得好的地方。" for n in range(60))
    tea.engine = replace(tea.engine, replies={**tea.engine.replies, "help": lambda _turn: long})
    assert await tea.says("菜单")
    assert "第059句" in await tea.says("继续")
    assert "喝什么茶" in await tea.says("继续")


async def test_a_question_that_waited_too_long_is_never_dropped_in_silence(tea):
    await tea.says("1")
    tea.clock.turn(hours=2, seconds=1)
    assert await tea.says("三年级") == tea.rt.say("flow", "expired", count="2")
    assert "孩子几年级" in await tea.says("继续")
    tea.clock.turn(hours=3)
    told = await tea.says(QUESTION)
    assert "依据：" in told
    assert told.endswith(tea.rt.say("flow", "expired", count="2"))
    assert tea.rt.say("flow", "expired", count="2") not in await tea.says(QUESTION)


async def test_an_old_definition_is_finished_and_an_unknown_one_begun_anew(tea, ended):
    await tea.says("1")
    flows = tea.engine.flows
    changed = tuple(replace(flow, version="new") for flow in flow_file.load(FILE))
    both = replace(table(ended, changed), known=flows.known)
    tea.engine = replace(tea.engine, flows=both)
    assert "加糖" in await tea.says("三年级")
    tea.engine = replace(tea.engine, flows=table(ended, changed))
    told = await tea.says("1")
    assert told.startswith(tea.rt.say("flow", "renewed"))
    assert "喝什么茶" in told


async def test_a_flow_that_is_no_more_lets_the_words_pass(tea, ended):
    tea.engine = replace(tea.engine, flows=Flows())
    assert "依据：" in await tea.says(QUESTION)
    assert await tea.says("继续") == tea.rt.say("continue", "nothing_open")


async def test_an_offer_is_left_without_a_word(tea, ended):
    await tea.says("取消")
    assert "要热的吗" in await tea.says("谢谢")
    told = await tea.says(QUESTION)
    assert "依据：" in told
    assert waits(tea) not in told
    assert await tea.says("继续") == tea.rt.say("continue", "nothing_open")
    await tea.says("谢谢")
    assert await tea.says("热的") == "好了"
    assert ended == [("milk", (("warm", "yes"),))]


async def test_a_flow_begun_in_another_lets_the_first_wait_below_it(tea, ended):
    await tea.says("1")
    assert "要热的吗" in await tea.says("谢谢")
    assert await tea.says("2") == f"好了\n\n{waits(tea)}"
    assert "孩子几年级" in await tea.says("继续")


async def test_a_picture_in_between_lets_the_flow_wait(tea):
    (told,) = await tea.gets(tea.event(messages.Image, "http://p", "m"))
    assert told.text == tea.rt.say("unsupported_media", "image")
    assert "孩子几年级" in await tea.says("1")


async def test_who_leaves_and_comes_back_is_in_no_flow(tea):
    await tea.gets(tea.event(events.Unsubscribe))
    assert await tea.says("2") == tea.rt.say("number_choice", "nothing_to_choose")


async def test_a_number_of_another_kind_is_handed_over_and_the_step_waits(tea, ended):
    entry = "study.procrastinate.slow-homework"

    def cups(_turn, _given):
        return Shown({"count": "1"}, before=(named(entry, "拖拉", offer="entry"),))

    asks = {"tea.cup": cups}
    tea.engine = replace(tea.engine, flows=replace(tea.engine.flows, asks=asks))
    for words in ("1", "三年级", "跳过"):
        await tea.says(words)
    told = await tea.says("1")
    assert "依据：" in told
    assert told.endswith(waits(tea))
    assert "1 拖拉" in await tea.says("继续")
