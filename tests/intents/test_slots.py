from __future__ import annotations

import pytest

from intents import slots
from intents.errors import CatalogueError
from knowledge import text


@pytest.fixture(scope="module")
def ages():
    return slots.load_ages()


@pytest.mark.parametrize(
    ("message", "bands"),
    [
        ("孩子四岁半不肯吃饭", ("a3_6",)),
        ("三年級的孩子", ("p_low",)),
        ("小四開始", ("p_high",)),
        ("初一成績下滑", ("junior",)),
        ("高三壓力大", ("senior",)),
        ("18个月不会说话", ("a0_3",)),
        ("两岁多还不说话", ("a0_3",)),
        ("十三岁", ("junior",)),
        ("十一岁半", ("p_high",)),
        ("虚岁七岁", ("p_low",)),
        ("7年级", ("junior",)),
        ("幼升小要准备什么", ("a3_6",)),
        ("大班六岁", ("a3_6",)),
        ("儿子12岁", ("junior",)),
        ("我大女儿三年级，小儿子小班", ("p_low", "a3_6")),
        ("一个五岁一个九岁", ("a3_6", "p_high")),
    ],
)
def test_ages_and_grades_give_bands_in_order(ages, message, bands):
    assert ages.find(text.normalise(message)) == bands


@pytest.mark.parametrize("message", ["孩子写作业磨蹭", "妈妈35岁", "等了三个小时", "二十岁的弟弟"])
def test_what_is_no_childs_age_gives_nothing(ages, message):
    assert ages.find(text.normalise(message)) == ()


def test_one_way_of_writing_for_two_numbers_is_refused(write):
    with pytest.raises(CatalogueError, match="`x` is not one number"):
        slots.load_choices(write("choice.yaml", "1: x\n2: x\n"))


def test_choices_know_digits_and_words():
    choices = slots.load_choices()
    assert {choices[w] for w in ("2", "二", "两")} == {2}
    assert choices["0"] == 0
