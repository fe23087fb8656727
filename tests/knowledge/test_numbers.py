"""Numbers are written out where a parent might have written them so; nowhere else."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge import numbers, text


def written(asked):
    return numbers.rule().apply(text.normalise(asked))


def test_every_number_below_a_hundred_has_its_own_form():
    forms = {written(f"{number}岁") for number in range(100)}
    assert len(forms) == 100
    assert all(re.fullmatch("[零一两二三四五六七八九十]{1,3}岁", form) for form in forms)


@pytest.mark.parametrize(
    ("number", "out"),
    [(0, "零"), (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (22, "二十二"), (99, "九十九")],
)
def test_tens_are_written_as_they_are_spoken(number, out):
    assert written(f"{number}号") == f"{out}号"


@pytest.mark.parametrize(
    "same",
    [
        ("三年级", "3年级", "３年級"),
        ("初一", "初1"),
        ("高三", "高3"),
        ("十二岁", "12岁", "１２歲"),
        ("两岁", "2岁"),
        ("三岁半", "3岁半"),
        ("五个月", "5个月"),
        ("六点", "6点"),
        ("第三次", "第3次"),
        ("第二次", "第2次"),
        ("两次", "2次"),
        ("二年级", "2年级"),
        ("二年二班", "二年2班"),
        ("三到六岁", "3到6岁"),
        ("两 三岁", "2-3岁"),
    ],
    ids=lambda same: same[0],
)
def test_one_number_in_several_spellings_has_one_form(same):
    assert {written(spelling) for spelling in same} == {same[0]}
    assert all(text.features(same[0]) <= text.features(spelling) for spelling in same)


@pytest.mark.parametrize(
    "kept",
    ["2026年", "200000元", "13812345678", "12355", "100岁", "05岁", "k12岁", "初4", "初23",
     "身高1米4", "高2厘米", "高110分", "b2", "110"],
)  # fmt: skip
def test_other_numbers_stay(kept):
    assert written(kept) == kept


@given(st.text(alphabet="0123456789岁年级初高第个 到a"))
@example("7年级")  # the lexicon makes 初一 of it, the numbers alone 七年级
def test_only_digits_change_and_the_digits_stay_as_features(asked):
    normalised = text.normalise(asked)
    mapped = numbers.rule().apply(normalised)
    assert re.sub("[零一二三四五六七八九十两0-9]", "", mapped) == re.sub("[0-9]", "", normalised)
    assert set(normalised) - {" "} <= text.features(asked)


def test_a_text_without_a_number_is_returned_as_it_is():
    same = text.normalise("孩子不爱看书")
    assert numbers.rule().apply(same) is same
