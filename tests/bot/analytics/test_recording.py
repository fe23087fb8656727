"""What a record says for the figures: where the parent came from, which age, which topic."""

import pytest

from bot.wechat import events
from tests.support import places
from tests.support.desk import FATHER, MOTHER


@pytest.fixture(autouse=True)
async def city(each_desk):
    await places.build(each_desk.rt.db, each_desk.clock.now())


async def last(desk, table="decision"):
    return (await desk.rows(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1"))[0]


async def test_a_parent_who_follows_by_a_schools_code_is_of_its_district(each_desk):
    desk = each_desk
    await desk.gets(desk.event(events.Subscribe, "unit:gz/tianhe/shifan/shifan-1/2024/3", "t"))
    await desk.says("孩子沉迷游戏怎么办")
    assert (await last(desk))["area"] == "gz/tianhe"
    kept = await desk.rows("SELECT state FROM conversation")
    assert '"area":"gz/tianhe",' in kept[0]["state"]


async def test_a_later_code_counts_and_one_of_another_kind_does_not(each_desk):
    desk = each_desk
    await desk.gets(desk.event(events.Subscribe, "unit:gz/tianhe", "t"))
    await desk.gets(desk.event(events.Scan, "unit:gz/yuexiu/dongshan-1", "t"))
    await desk.gets(desk.event(events.Scan, "event-7", "t"))
    await desk.says("孩子沉迷游戏怎么办")
    assert (await last(desk))["area"] == "gz/yuexiu"


async def test_nothing_but_a_path_is_taken_from_a_code(each_desk):
    desk = each_desk
    for scene in ("unit:", "unit:GZ/x", "unit:gz//x", "xunit:gz/tianhe", "unit:gz/tianhe?"):
        await desk.gets(desk.event(events.Scan, scene, "t"))
    await desk.says("孩子沉迷游戏怎么办")
    assert (await last(desk))["area"] == ""


async def test_a_code_of_a_place_that_is_not_there_tells_nothing(each_desk, logged):
    desk = each_desk
    await desk.gets(desk.event(events.Subscribe, "unit:gz/tianhe/nowhere", "t"))
    await desk.says("孩子沉迷游戏怎么办")
    assert (await last(desk))["area"] == ""
    assert "scene_unknown" in logged()
    assert MOTHER not in logged()


async def test_the_district_goes_with_everything_else(each_desk):
    desk = each_desk
    await desk.gets(desk.event(events.Subscribe, "unit:gz/tianhe", "t"))
    await desk.says("删除我")
    await desk.says("确认删除")
    await desk.says("孩子沉迷游戏怎么办")
    assert (await last(desk))["area"] == ""


async def test_a_crisis_keeps_the_district_and_the_alert_tells_it(each_desk):
    desk = each_desk
    await desk.gets(desk.event(events.Subscribe, "unit:gz/haizhu", "t"))
    await desk.says("初二的孩子说不想活了")
    alarm = await last(desk, "alert")
    assert (alarm["area"], alarm["stage"]) == ("gz/haizhu", "junior")
    await desk.says("3")
    await desk.says("孩子沉迷游戏怎么办")
    assert (await last(desk))["area"] == "gz/haizhu"


async def test_the_age_band_is_the_one_the_words_name(each_desk):
    desk = each_desk
    found = []
    for words in ("初二孩子沉迷游戏", "孩子沉迷游戏", "小一和初三两个孩子都沉迷游戏"):
        await desk.says(words, who=FATHER)
        found.append((await last(desk))["stage"])
    assert found == ["junior", "", ""]


async def test_the_topic_is_that_of_the_answer_or_of_what_is_near(each_desk):
    desk = each_desk
    await desk.says("孩子沉迷游戏怎么办")
    assert (await last(desk))["topic"] == "media.game"
    await desk.says("家里的金鱼缸怎么换水")
    assert (await last(desk))["topic"] == ""
