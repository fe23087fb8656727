"""One turn: who takes a message, what a number means, and what stands in front of everything."""

from dataclasses import replace

import pytest

from bot.wechat import events, messages
from bot.wechat.replies import TextReply
from bot.wechat.texts import TEXT_LIMIT_BYTES
from tests.support.desk import FATHER

QUESTION = "孩子写作业总是拖拉怎么办"
#: Its answer names two others whatever else is found.
RELATED = "孩子打游戏停不下来怎么办"
DANGER = "孩子说不想活了，刚才吃了一瓶药"


def offered(answer):
    """Return the numbered lines of an answer, by their number."""
    return {line[0]: line[3:] for line in answer.splitlines() if line[1:3] == ". "}


@pytest.fixture
def long_winded(desk):
    """The same desk with a greeting of some 6,000 bytes."""
    words = "\n".join(f"第{n:03}句：陪孩子写作业，先说做得好的地方。" for n in range(100))
    desk.engine = replace(
        desk.engine, replies={**desk.engine.replies, "greeting": lambda _turn: words}
    )
    return words


@pytest.mark.parametrize("number", ["2", "２", "②", "二", "第二个", "选2", "我要第二个", "2。"])
async def test_a_number_picks_however_it_is_written(desk, number):
    first = await desk.says(RELATED)
    related = first.split("您可能还想问")[1]
    second = await desk.says(number)
    assert "依据：" in second
    assert second.splitlines()[0] != first.splitlines()[0]
    summary = offered(related)["2"]
    entry = (await desk.rows("SELECT entry FROM decision ORDER BY id DESC LIMIT 1"))[0]["entry"]
    assert await summary_of(desk, entry) == summary


async def summary_of(desk, entry):
    from bot.library import find

    return find.now(desk.rt).entries[entry].summary


async def test_a_choice_works_for_ten_minutes_and_not_longer(desk):
    await desk.says(QUESTION)
    desk.clock.turn(minutes=10)
    assert "依据：" in await desk.says("1")
    desk.clock.turn(minutes=10, seconds=1)
    assert await desk.says("1") == desk.rt.say("number_choice", "out_of_range")


async def test_a_number_out_of_range_is_said_to_be_one(desk):
    await desk.says(QUESTION)
    assert await desk.says("9") == desk.rt.say("number_choice", "out_of_range")
    assert "依据：" in await desk.says("1")


async def test_a_number_without_an_offer_means_nothing(desk):
    assert await desk.says("1") == desk.rt.say("number_choice", "nothing_to_choose")


async def test_an_offer_to_one_parent_is_none_to_another(desk):
    await desk.says(QUESTION)
    assert await desk.says("1", who=FATHER) == desk.rt.say("number_choice", "nothing_to_choose")


async def test_a_long_answer_is_cut_and_goes_on_until_its_end(desk, long_winded):
    shown = [await desk.says("你好")]
    while shown[-1].endswith(desk.rt.say("continue", "more")):
        assert len(shown[-1].encode()) <= TEXT_LIMIT_BYTES
        shown.append(await desk.says("继续"))
    assert len(shown) > 2
    tail = desk.rt.say("continue", "more")
    assert "".join(part.removesuffix(tail) for part in shown) == long_winded
    assert await desk.says("继续") == desk.rt.say("continue", "nothing_open")


async def test_another_answer_ends_the_long_one(desk, long_winded):
    await desk.says("你好")
    await desk.says(QUESTION)
    assert await desk.says("继续") == desk.rt.say("continue", "nothing_open")


async def test_a_crisis_stands_in_front_of_an_open_choice(desk):
    await desk.says(QUESTION)
    told = await desk.says(DANGER)
    assert "120" in told
    assert "1 有" in told
    # the number now answers the crisis, not the choice that was open before
    assert "依据：" not in await desk.says("1")


async def test_a_crisis_stands_in_front_of_a_pending_deletion(desk):
    await desk.says("删除我的资料")
    assert "120" in await desk.says(DANGER)
    assert "120" in await desk.says("确认删除")  # unclear, so it counts as danger
    assert len(await desk.rows("SELECT id FROM alert")) == 2


@pytest.mark.parametrize(
    ("answer", "choice"),
    [("1", "1"), ("2", "2"), ("3", "3"), ("②", "2"), ("三", "3"), ("还不确定", "1"), ("7", "1")],
)
async def test_the_answer_to_the_crisis_question(desk, answer, choice):
    await desk.says(DANGER)
    told = await desk.says(answer)
    noted = await desk.rows("SELECT choice FROM alert ORDER BY id")
    assert [r["choice"] for r in noted] == [None, choice]
    if choice == "1":
        assert "请现在就做" in told
        assert "1." in told
    elif choice == "2":
        assert "今天先做三件事" in told
    else:
        assert "不再提" in told


async def test_a_second_crisis_begins_anew(desk):
    await desk.says(DANGER)
    again = await desk.says("有人正在打孩子，快打死了")
    assert "现在有危险吗" in again
    assert len(await desk.rows("SELECT id FROM alert")) == 2


async def test_a_crisis_question_is_open_for_an_hour(desk):
    await desk.says(DANGER)
    desk.clock.turn(minutes=61)
    assert "依据：" in await desk.says(QUESTION)
    assert len(await desk.rows("SELECT id FROM alert")) == 1


async def test_the_question_after_a_crisis_answer_is_an_ordinary_one(desk):
    await desk.says(DANGER)
    await desk.says("3")
    assert "依据：" in await desk.says(QUESTION)


async def test_a_wish_for_a_person_passes_the_crisis_question(desk):
    await desk.says(DANGER)
    assert "已经替您叫人了" in await desk.says("人工")


async def test_recognised_speech_is_words_and_speech_without_words_is_not(desk):
    (heard,) = await desk.gets(desk.event(messages.Voice, "m", "amr", QUESTION))
    assert "依据：" in heard.text
    (unheard,) = await desk.gets(desk.event(messages.Voice, "m", "amr", ""))
    assert unheard == TextReply(desk.rt.say("unsupported_media", "voice"))


async def test_a_crisis_in_a_voice_or_a_tap_is_heard(desk):
    (heard,) = await desk.gets(desk.event(messages.Voice, "m", "amr", DANGER))
    assert "120" in heard.text


async def test_a_tap_that_asks_is_answered_like_the_question(desk):
    (tapped,) = await desk.gets(desk.event(events.Click, "ASK_HOMEWORK"))
    assert "依据：" in tapped.text


async def test_what_no_feature_answers_shows_nothing(desk):
    quiet = [
        desk.event(messages.Unknown, "hologram", ""),
        desk.event(events.LocationReport, 23.1, 113.2, 10.0),
        desk.event(events.View, "https://example.com", "1"),
    ]
    assert await desk.gets(*quiet) == [None, None, None]


@pytest.mark.parametrize(
    "words", ["", " ", "\n\n", "？", "😀", "\u200b", "a" * 20_000, "好" * 20_000]
)
async def test_odd_texts_get_some_answer_within_the_limit(desk, words):
    told = await desk.says(words)
    assert 0 < len(told.encode()) <= TEXT_LIMIT_BYTES
