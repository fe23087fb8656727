"""Indexes compared byte for byte, and small bases made by chance that share many features."""

import random

import numpy as np

from knowledge.forms import Document

_LISTS = ("seen", "longer", "answers")
#: Characters, homophones (在再, 做作), longer words, Latin, digits, traditional script, a slip.
_PIECES = (
    *"孩子写玩看书睡吃哭手机作业做在再老师课",
    *("幼儿园", "班主任", "三年级", "3年级", "唔肯", "上網課", "app", "12", "，", "怎么办"),
)


def parts(index):
    """Everything an index is made of, arrays as their type, shape and bytes."""
    forms = index.forms
    arrays = {name: getattr(forms, name) for name in ("risks", "ages", "until", "starts")}
    for name in _LISTS:
        lists = getattr(forms, name)
        arrays |= {f"{name}.columns": lists.columns, f"{name}.bounds": lists.bounds}
    arrays |= {f"postings.{n}": a for n, a in index.postings._asdict().items()}
    arrays |= {name: getattr(index, name) for name in ("idf", "weight", "counts", "held")}
    arrays["codes"] = forms.vocabulary.codes
    return {
        "names": forms.names,
        "texts": forms.texts,
        "longer": list(forms.vocabulary.longer.items()),
        "version": index.version,
        **{name: (a.dtype.str, a.shape, a.tobytes()) for name, a in arrays.items()},
    }


def differences(one, other):
    """The names of the parts in which two indexes differ."""
    mine, theirs = parts(one), parts(other)
    return [name for name in mine if mine[name] != theirs[name]]


def sentence(dice):
    return "".join(dice.choices(_PIECES, k=dice.randint(1, 9)))


def document(dice, name, most=4):
    """A document with up to `most` wordings; with `most` 1 it has one."""
    wordings = tuple(sentence(dice) for _ in range(dice.randint(1, most)))
    answer = sentence(dice) + sentence(dice) if dice.random() < 0.7 else ""
    area = dice.choice(("", "gz", "gz/tianhe"))
    return Document(name, wordings, answer, "study.reading", dice.randrange(4), area=area)


def documents(seed, count, most=4):
    dice = random.Random(seed)
    return [document(dice, f"e{n:03}", most) for n in range(count)]


def questions(seed, count):
    dice = random.Random(f"questions {seed}")
    return [sentence(dice) for _ in range(count)]


def holders(index, column):
    """Map the entries that hold a column to its impact in each, from the postings."""
    part = slice(index.postings.ptr[column], index.postings.ptr[column + 1])
    return dict(
        zip(index.postings.rows[part].tolist(), index.postings.impact[part].tolist(), strict=True)
    )


def same_values(one, other):
    """Say whether two named tuples of arrays and numbers are the same to the last bit."""
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
