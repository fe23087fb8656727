"""Many lists in one array behave as a Python list of lists does."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.lists import Lists, bounds_of, joined, spread

LISTS = st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=6)


def packed(lists):
    return Lists.of([np.array(one, np.int64) for one in lists])


def plain(lists):
    return [
        lists.columns[a:b].tolist()
        for a, b in zip(lists.bounds[:-1], lists.bounds[1:], strict=True)
    ]


@given(LISTS)
def test_lists_come_back_as_they_were(lists):
    made = packed(lists)
    assert plain(made) == lists
    assert (made.columns.dtype, made.bounds.dtype) == (np.int32, np.int64)


@given(LISTS, st.data())
def test_some_are_taken_in_any_order_and_more_than_once(lists, data):
    rows = data.draw(st.lists(st.integers(0, len(lists) - 1))) if lists else []
    made = packed(lists).taken(np.array(rows, np.int64))
    assert plain(made) == [lists[r] for r in rows]
    assert (made.columns.dtype, made.bounds.dtype) == (np.int32, np.int64)


@given(LISTS, st.permutations(range(10)))
def test_another_numbering_changes_every_column_and_no_border(lists, numbers):
    made = packed(lists).mapped(np.array(numbers))
    assert plain(made) == [[numbers[c] for c in one] for one in lists]
    assert made.columns.dtype == np.int32


@given(LISTS)
def test_every_column_knows_its_list(lists):
    owners = [n for n, one in enumerate(lists) for _ in one]
    assert packed(lists).owners().tolist() == owners


@given(LISTS, LISTS)
def test_two_are_joined_one_after_the_other(one, other):
    made = joined(packed(one), packed(other))
    assert plain(made) == one + other
    assert (made.columns.dtype, made.bounds.dtype) == (np.int32, np.int64)


def test_bounds_are_running_sums_from_0():
    assert bounds_of([2, 0, 3]).tolist() == [0, 2, 2, 5]
    assert bounds_of([]).tolist() == [0]


def test_ranges_are_spread_one_after_the_other():
    at, bounds = spread(np.array([7, 3, 5]), np.array([9, 3, 8]))
    assert at.tolist() == [7, 8, 5, 6, 7]
    assert bounds.tolist() == [0, 2, 2, 5]
