"""Holders: a growing array that says what a dictionary would."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.holders import Holders


@given(st.lists(st.tuples(st.integers(0, 15), st.sampled_from([0.0, 0.25, 0.5, 2.0]))))
def test_what_is_set_is_what_is_added_up(pairs):
    holders, known = Holders(), {}
    for row, weight in pairs:
        holders.set(row, weight)
        known[row] = weight
    sums = np.ones(16)
    holders.add_to(sums, 2.0)
    assert sums.tolist() == [1.0 + 2.0 * known.get(row, 0.0) for row in range(16)]
    assert len(holders) == sum(bool(w) for w in known.values())
