"""Stars: computed by rules that are data, told in one sentence, to the parent alone."""

from datetime import date

import pytest

from bot.awards import rules, stars
from tests.support.academy import COURSE

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("counts", "star", "sentence"),
    [
        ({}, 0, "学完 1 门课程，就有第一颗星"),
        ({"courses": 1}, 1, "再完成 1 次现场课可升二星"),
        ({"courses": 2, "onsite": 1, "practices": 5}, 2, "再完成 1 次现场课可升三星"),
        ({"courses": 1, "onsite": 3}, 2, "再学完 1 门课程、做完 5 次家庭练习可升三星"),
        ({"courses": 9, "onsite": 9, "practices": 99, "hours": 7}, 3, "再学满 1 学时可升四星"),
        (dict.fromkeys(("courses", "onsite", "practices", "hours", "lessons"), 99), 5, "五颗星"),
    ],
)
def test_the_next_star_is_explained_in_one_sentence(counts, star, sentence):
    found = stars.of(counts, TODAY)
    assert found.star == star
    assert sentence in found.sentence


def test_a_star_that_was_certified_is_never_taken_away():
    assert stars.of({"courses": 1}, TODAY, least=3).star == 3
    assert "四星" in stars.of({"courses": 1}, TODAY, least=3).sentence


def test_every_measure_of_a_level_is_known_and_levels_only_rise():
    for version in rules.stars()["versions"]:
        before = {}
        for needs in version["levels"]:
            assert needs.keys() <= rules.stars()["measures"].keys()
            assert all(needs.get(name, 0) >= n for name, n in before.items())
            before = needs
        assert len(version["levels"]) == rules.STARS


def test_a_new_version_of_the_rules_holds_from_its_day(monkeypatch):
    later = {"version": "2027-09", "from": date(2027, 9, 1), "levels": [{"courses": 2}] * 5}
    known = rules.stars()
    changed = known | {"versions": [*known["versions"], later]}
    monkeypatch.setattr(rules, "stars", lambda: changed)
    assert rules.levels(date(2027, 8, 31)).version == "2026-12"
    assert rules.levels(date(2027, 9, 1)).version == "2027-09"
    assert rules.levels(date(2020, 1, 1)).version == "2026-12"


async def test_stars_are_told_on_the_page_and_in_the_chat(each_academy):
    academy = each_academy
    mother, phone = await academy.phone()
    page = await phone.get("/h/mine/stars")
    assert "还没有星" in page.text
    assert "只有您自己看得到" in page.text
    academy.house.wait(seconds=1)
    assert "您还没有星" in await mother.says("我有几颗星")
    await academy.finishes(academy.person(mother))
    page = await phone.get("/h/mine/stars")
    assert "再完成 1 次现场课可升二星" in page.text
    assert "试行规则" in page.text
    academy.house.wait(seconds=1)
    told = await mother.says("我有几颗星")
    assert "您现在是一星。再完成 1 次现场课可升二星。" in told
    await academy.learns(academy.person(mother), "gate", "session:7", 5)
    academy.house.wait(seconds=1)
    assert "您现在是二星" in await mother.says("我有几颗星")


async def test_one_subject_counts_once_whichever_way_it_was_learned(academy):
    mother, phone = await academy.phone()
    person = academy.person(mother)
    await academy.finishes(person)
    lesson = "01"
    for about in ("lesson:a", "lesson:b"):
        await academy.learns(person, "onsite", f"{COURSE}/{lesson}", 90, title=about)
    page = (await phone.get("/h/mine/stars")).text
    assert ">1 次<" in page.replace(" 次", " 次")


async def test_another_parent_sees_nothing_of_it(academy):
    mother, _ = await academy.phone()
    await academy.finishes(academy.person(mother))
    _, other = await academy.phone("father")
    assert "还没有星" in (await other.get("/h/mine/stars")).text
    assert (await academy.house.get("/h/mine/stars")).status == 303
