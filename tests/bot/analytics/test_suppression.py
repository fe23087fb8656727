"""What is hidden: small cells, and whatever they could be worked out from."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bot.analytics.cells import LEAST, Cell
from bot.analytics.suppression import hidden


def cell(count, askers=None):
    return Cell(count, count if askers is None else askers)


def line(total, *parts):
    cells = {"all": cell(total)} | {n: cell(c) for n, c in enumerate(parts)}
    return cells, [("all", list(range(len(parts))))]


def test_ten_questions_of_ten_people_are_shown_and_nine_of_either_are_not():
    cells = {"both": cell(10), "questions": cell(9), "people": cell(40, 9), "none": cell(0)}
    assert hidden(cells, []) == {"questions", "people"}


def test_one_small_part_takes_the_next_smallest_with_it():
    assert hidden(*line(150, 100, 45, 5)) == {1, 2}


def test_small_parts_that_add_up_to_little_take_another_with_them():
    assert hidden(*line(109, 50, 50, 4, 5)) == {0, 2, 3}


def test_small_parts_that_add_up_to_enough_hide_each_other():
    assert hidden(*line(66, 50, 7, 9)) == {1, 2}


def test_a_hidden_total_cannot_be_added_up_from_its_parts():
    cells, sums = line(40, 20, 20)
    cells["all"] = cell(40, 3)
    assert hidden(cells, sums) == {"all", 0}


def test_a_part_alone_beside_nothing_hides_the_total():
    assert hidden(*line(5, 5, 0)) == {"all", 0}


def test_what_is_never_shown_covers_what_is_small():
    cells, sums = line(500, 480, 5, 15)
    assert hidden(cells, sums, never={2}) == {1, 2}


def test_what_is_never_shown_covers_nothing_when_there_is_none_of_it():
    cells, sums = line(85, 50, 30, 5, 0)
    assert hidden(cells, sums, never={3}) == {1, 2, 3}


counts = st.integers(0, 30)


def table(rows):
    """A table with the sums of its rows and columns, and of everything."""
    high, wide = len(rows), len(rows[0])
    cells = {(r, c): cell(rows[r][c]) for r, c in product(range(high), range(wide))}
    sums = [((r, "+"), [(r, c) for c in range(wide)]) for r in range(high)]
    sums += [(("+", c), [(r, c) for r in range(high)]) for c in range(wide)]
    for total, parts in sums:
        cells[total] = cell(sum(cells[p].count for p in parts))
    sums.append((("+", "+"), [(r, "+") for r in range(high)]))
    sums.append((("+", "+"), [("+", c) for c in range(wide)]))
    cells["+", "+"] = cell(sum(map(sum, rows)))
    return cells, sums


@given(st.lists(st.lists(counts, min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_sum_of_any_table_gives_a_small_cell_away(rows):
    cells, sums = table(rows)
    gone = hidden(cells, sums)
    for total, parts in sums:
        unseen = [p for p in parts if p in gone and cells[p].count]
        if total not in gone and unseen:
            assert len(unseen) > 1
            assert sum(cells[p].count for p in unseen) >= LEAST
        if total in gone and cells[total].count:
            assert unseen
