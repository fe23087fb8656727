import io
import json
import pickle
import random
from dataclasses import fields

import numpy as np
import pytest

from knowledge import fit
from knowledge.errors import IndexBroken
from knowledge.index import FORMAT, Index
from knowledge.vocabulary import Vocabulary


@pytest.fixture
def small(make):
    return fit.fit([make("a.b.c", "写作业拖拉", "作业磨蹭"), make("a.b.d", "玩手机", risk=2)])


def same(one, other):
    pairs = [(getattr(one, f.name), getattr(other, f.name)) for f in fields(one)]
    return all(same_value(a, b) for a, b in pairs)


def same_value(one, other):
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    return same(one, other) if isinstance(one, Vocabulary) else one == other


def test_a_saved_index_is_read_back_equal(small, tmp_path):
    small.save(tmp_path / "deep" / "index.npz")
    assert same(Index.load(tmp_path / "deep" / "index.npz"), small)
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["index.npz"]


def test_types_survive_so_that_search_copies_nothing(small):
    read = Index.loads(small.dumps())
    for name in ("risks", "idf", "ptr", "docs", "impact", "counts"):
        assert getattr(read, name).dtype == getattr(small, name).dtype, name


def test_the_shipped_base_is_read_back_equal(index):
    assert same(Index.loads(index.dumps()), index)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(IndexBroken, match=r"none\.npz cannot be read: No such file"):
        Index.load(tmp_path / "none.npz")


def test_a_refusal_names_the_file(tmp_path):
    (tmp_path / "index.npz").write_bytes(b"nothing")
    with pytest.raises(IndexBroken, match=r"index\.npz: is not an index"):
        Index.load(tmp_path / "index.npz")


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(small, part):
    data = small.dumps()
    with pytest.raises(IndexBroken):
        Index.loads(data[: int(len(data) * part)])


def test_any_damaged_byte_is_refused_or_harmless(small):
    """Bytes of the zip's own bookkeeping (dates, flags) may change without touching a number."""
    data, dice = small.dumps(), random.Random(7)
    for _ in range(1000):
        broken = bytearray(data)
        broken[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        try:
            read = Index.loads(bytes(broken))
        except IndexBroken:
            continue
        assert same(read, small)


class Trap:
    """Would shout if anything unpickled it."""

    def __reduce__(self):
        return (pytest.fail, ("the pickle was run",))


def test_a_pickle_is_refused_unread():
    with pytest.raises(IndexBroken):
        Index.loads(pickle.dumps(Trap()))


def test_a_pickled_array_inside_is_refused_unread(small):
    buffer = io.BytesIO()
    with np.load(io.BytesIO(small.dumps())) as file:
        arrays = dict(file)
    np.savez(buffer, **arrays | {"impact": np.array([Trap()], object)})
    with pytest.raises(IndexBroken):
        Index.loads(buffer.getvalue())


def changed(index, **parts):
    with np.load(io.BytesIO(index.dumps())) as file:
        arrays = dict(file)
    meta = json.loads(arrays["meta"].tobytes()) | parts
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def test_another_format_is_refused(small):
    with pytest.raises(IndexBroken, match=f"has format 1, this program needs {FORMAT}"):
        Index.loads(changed(small, format=1))


def test_names_that_do_not_fit_the_arrays_are_refused(small):
    with pytest.raises(IndexBroken):
        Index.loads(changed(small, exact_texts=["只有一句"]))


@pytest.mark.parametrize("meta", [b"", b"{", b"[]", b"3", b"{}", b"\xff"])
def test_a_description_that_is_none_is_refused(small, meta):
    with np.load(io.BytesIO(small.dumps())) as file:
        arrays = dict(file)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays | {"meta": np.frombuffer(meta, np.uint8)})
    with pytest.raises(IndexBroken):
        Index.loads(buffer.getvalue())


def test_a_missing_part_is_refused(small):
    with np.load(io.BytesIO(small.dumps())) as file:
        arrays = {k: v for k, v in file.items() if k != "docs"}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    with pytest.raises(IndexBroken, match="docs"):
        Index.loads(buffer.getvalue())
