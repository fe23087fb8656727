from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents import crisis, crisis_kinds, crisis_runs, folding
from intents.crisis_runs import NONE, REACH, ROW, WIDTH
from intents.run_weights import RunWeights


@pytest.fixture(scope="module")
def kinds():
    fold = folding.load(crisis.FOLDER / "fold.yaml")
    return crisis_kinds.load(crisis.FOLDER / "kinds.yaml", fold)


def numbers(kinds, text):
    return dict(crisis_runs.named(kinds.write(text)))


def test_a_run_has_one_number_wherever_it_stands(kinds):
    near, far = numbers(kinds, "爸爸打弟弟"), numbers(kinds, "昨天爸爸又打了小弟弟")
    shared = near.keys() & far.keys()
    assert {"爸爸", "打…弟", "弟弟"} <= shared
    assert all(near[run] == far[run] for run in shared)


def test_two_runs_hardly_ever_share_a_number(kinds):
    text = "孩子昨天晚上十点半还没有回家手机也打不通同学都说不知道"
    found = numbers(kinds, text)
    assert len(set(found.values())) == len(found)


def test_order_and_distance_make_another_run(kinds):
    assert numbers(kinds, "甲乙")["甲乙"] != numbers(kinds, "乙甲")["乙甲"]
    assert numbers(kinds, "甲乙")["甲乙"] != numbers(kinds, "甲丙乙")["甲…乙"]
    assert numbers(kinds, "甲丙乙")["甲…乙"] == numbers(kinds, "甲丙丁乙")["甲…乙"]
    assert "甲…乙" not in numbers(kinds, "甲" + "丙" * REACH + "乙")


@given(text=st.text(alphabet=st.characters(exclude_characters="\0"), max_size=60))
def test_every_run_of_any_text_is_there_once(kinds, text):
    told = kinds.write(text)
    found = crisis_runs.runs(told)
    near, many = len(text), len(told.signs)
    assert found.shape == (near * WIDTH + many * ROW,)
    pairs = sum(max(0, near - gap) for gap in range(WIDTH))
    rows = sum(max(0, many - more) for more in range(ROW))
    assert int((found != NONE).sum()) == pairs + rows
    named = Counter(number for _, number in crisis_runs.named(told))
    assert named == Counter(found[found != NONE].tolist())


@given(text=st.text(alphabet="爸爸打弟弟昨天 了在家", min_size=1, max_size=60))
def test_the_runs_of_all_parts_are_the_runs_of_the_whole(kinds, text):
    told = kinds.write(text)
    found, many = crisis_runs.runs(told), len(told.signs)
    cut = many // 2
    parts = [crisis_runs.within(found, told, *span) for span in ((0, cut), (cut, many))]
    assert Counter(np.concatenate(parts).tolist()) == Counter(found.tolist())


def test_known_runs_weigh_what_they_should_and_others_nothing():
    known = np.array([7, 70_000, 3_000_000_000], dtype=np.uint32)
    weights = RunWeights(known, np.array([5, -127, 127], dtype=np.int8))
    asked = np.array([3_000_000_000, 8, 70_000, 7, 3_000_000_000], dtype=np.uint32)
    assert weights.of(asked).tolist() == [127, 0, -127, 5, 127]
    assert weights.total(asked) == 132
    assert (weights.of(asked[:0]).shape, weights.total(asked[:0])) == ((0,), 0)


def test_of_many_runs_in_one_bucket_those_that_weigh_most_stay():
    crowded = np.arange(1, 7, dtype=np.uint32)
    weights = RunWeights(crowded, np.array([1, -6, 2, 5, -4, 3], dtype=np.int8))
    assert weights.of(crowded).tolist() == [0, -6, 0, 5, -4, 3]
