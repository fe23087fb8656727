import io
import json
import pickle
import random

import numpy as np
import pytest

from knowledge import fit
from knowledge.archive import dumps, load, loads, save
from knowledge.errors import IndexBroken
from knowledge.index import FORMAT
from knowledge.judge import load_judge
from knowledge.search import search
from tests.support.indexes import differences, documents, questions


@pytest.fixture
def small(make):
    return fit.fit([make("a.b.c", "写作业拖拉", "作业磨蹭"), make("a.b.d", "玩手机", risk=2)])


def test_a_saved_index_is_read_back_equal(small, tmp_path):
    save(small, tmp_path / "deep" / "index.npz")
    assert differences(load(tmp_path / "deep" / "index.npz"), small) == []
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["index.npz"]


def test_a_newer_index_takes_the_place_of_the_old(small, make, tmp_path):
    save(small, tmp_path / "index.npz")
    other = fit.fit([make("a.b.e", "不爱看书")])
    save(other, tmp_path / "index.npz")
    assert differences(load(tmp_path / "index.npz"), other) == []


def test_equal_indexes_are_equal_bytes(small, make):
    entries = [make("a.b.d", "玩手机", risk=2), make("a.b.c", "写作业拖拉", "作业磨蹭")]
    assert dumps(fit.fit(entries)) == dumps(small)


@pytest.mark.parametrize("most", [1, 4])
@pytest.mark.parametrize("seed", range(5))
def test_any_index_is_read_back_equal_and_finds_the_same(seed, most):
    index = fit.build(documents(seed, 15, most))
    read = loads(dumps(index))
    assert differences(read, index) == []
    for question in questions(seed, 10):
        assert search(read, question, load_judge()) == search(index, question, load_judge())


def test_the_shipped_base_is_read_back_equal(index, entries):
    read = loads(dumps(index))
    assert differences(read, index) == []
    for entry in entries[::10]:
        asked = f"{entry.question[1:]}呢"
        assert search(read, asked, load_judge()) == search(index, asked, load_judge())


def test_an_index_that_was_read_can_be_changed(small):
    listed = documents(3, 8)
    index = fit.build(listed)
    read = fit.update(loads(dumps(index)), listed[:2], {listed[5].id})
    assert differences(read, fit.update(index, listed[:2], {listed[5].id})) == []


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(IndexBroken, match=r"none\.npz cannot be read: No such file"):
        load(tmp_path / "none.npz")


def test_a_refusal_names_the_file(tmp_path):
    (tmp_path / "index.npz").write_bytes(b"nothing")
    with pytest.raises(IndexBroken, match=r"index\.npz: is not an index"):
        load(tmp_path / "index.npz")


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(small, part):
    data = dumps(small)
    with pytest.raises(IndexBroken):
        loads(data[: int(len(data) * part)])


def test_any_damaged_byte_is_refused_or_harmless(small):
    """Bytes of the zip's own bookkeeping (dates, flags) may change without touching a number."""
    data, dice = dumps(small), random.Random(7)
    for _ in range(1000):
        broken = bytearray(data)
        broken[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        try:
            read = loads(bytes(broken))
        except IndexBroken:
            continue
        assert differences(read, small) == []


class Trap:
    """Would shout if anything unpickled it."""

    def __reduce__(self):
        return (pytest.fail, ("the pickle was run",))


def test_a_pickle_is_refused_unread():
    with pytest.raises(IndexBroken):
        loads(pickle.dumps(Trap()))


def arrays_of(index):
    with np.load(io.BytesIO(dumps(index))) as file:
        return dict(file)


def packed(arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def changed(index, **said):
    arrays = arrays_of(index)
    meta = json.loads(arrays["meta"].tobytes()) | said
    return packed(arrays | {"meta": np.frombuffer(json.dumps(meta).encode(), np.uint8)})


def test_nothing_changed_is_nothing_refused(small):
    assert differences(loads(changed(small)), small) == []


def test_a_pickled_array_inside_is_refused_unread(small):
    with pytest.raises(IndexBroken):
        loads(packed(arrays_of(small) | {"impact": np.array([Trap()], object)}))


@pytest.mark.parametrize("other", [1, FORMAT - 1, FORMAT + 1, None, "7"])
def test_another_format_is_refused(small, other):
    with pytest.raises(IndexBroken, match=f"has format {other}, this program needs {FORMAT}"):
        loads(changed(small, format=other))


@pytest.mark.parametrize(
    "said",
    [
        {"texts": ["只有一句"]},
        {"texts": 3},
        {"names": []},
        {"names": [["a.b.c", "study", "", "1"]]},
        {"names": [["a.b.c"], ["a.b.d"]]},
        {"longer": ["一个", "多出来的", "词"]},
        {"longer": None},
        {"version": "another"},
    ],
)
def test_names_that_do_not_fit_the_arrays_are_refused(small, said):
    with pytest.raises(IndexBroken):
        loads(changed(small, **said))


@pytest.mark.parametrize("meta", [b"", b"{", b"[]", b"3", b"{}", b"\xff"])
def test_a_description_that_is_none_is_refused(small, meta):
    with pytest.raises(IndexBroken):
        loads(packed(arrays_of(small) | {"meta": np.frombuffer(meta, np.uint8)}))


PARTS = (
    "codes", "idf", "risks", "ages", "until", "starts", "ptr", "rows", "impact", "seen_columns",
    "seen_bounds", "longer_columns", "longer_bounds", "answers_columns", "answers_bounds",
)  # fmt: skip


def test_every_part_is_named_here(small):
    assert {*PARTS, "meta"} == set(arrays_of(small))


@pytest.mark.parametrize("name", PARTS)
def test_a_missing_part_is_refused(small, name):
    with pytest.raises(IndexBroken, match=name):
        loads(packed({k: v for k, v in arrays_of(small).items() if k != name}))


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_another_length_is_refused(small, name):
    arrays = arrays_of(small)
    with pytest.raises(IndexBroken):
        loads(packed(arrays | {name: arrays[name][:-1]}))
