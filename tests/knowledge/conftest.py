"""The shipped base, once; entries made in one line; entry files that a test can break."""

from datetime import date

import pytest

from knowledge import files, fit
from knowledge.entry import Asking, Entry, Source, Status
from knowledge.judge import Grounds, Judge, Logit
from knowledge.ranking import Ranker

FILE = """---
id: study.reading.{name}
question: 孩子不爱看书怎么办
summary: 不爱看书
topic: study.reading
ages: [p_low]
risk: 0
status: published
sources:
  - {{name: 常用做法, article: null, ref: method, checked: 2026-11-23}}
reviewed_on: 2026-11-24
review_due: 2027-11-24
valid_until: null
owner: 编辑
similar:
  - {{style: keyword, text: 不爱看书}}
related: []
---
先读给孩子听。
1. 今晚读一页。
"""


@pytest.fixture(scope="session")
def entries():
    return [e for e in files.load() if e.status is Status.PUBLISHED]


@pytest.fixture(scope="session")
def index(entries):
    return fit.fit(entries)


@pytest.fixture(scope="session")
def make():
    """Return a maker of entries: an id, the ways of asking, and any other field."""

    def entry(name, *askings, **other):
        question, *similar = askings or (f"{name}怎么办",)
        fields = {
            "summary": name,
            "topic": "study.reading",
            "ages": ("p_low",),
            "risk": 0,
            "status": Status.PUBLISHED,
            "sources": (Source("常用做法", None, "method", date(2026, 11, 23)),),
            "reviewed_on": date(2026, 11, 24),
            "review_due": date(2027, 11, 24),
            "valid_until": None,
            "owner": "编辑",
            "related": (),
            "answer": "先读给孩子听。",
        }
        asked = tuple(Asking(a, "plain") for a in similar)
        return Entry(id=name, question=question, similar=asked, **(fields | other))

    return entry


@pytest.fixture
def write(tmp_path):
    """Return a writer of one entry file: `write("a", "risk: 0", "risk: 9")` replaces a line."""

    def file(name="one", *replaced, leaf="study.reading"):
        content = FILE.format(name=name)
        for old, new in zip(replaced[::2], replaced[1::2], strict=True):
            assert old in content
            content = content.replace(old, new)
        path = tmp_path / leaf / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return file


@pytest.fixture(scope="session")
def judged():
    """Return a maker of judges: a question has the share of it that the first hit accounts for."""

    def judge(answer_at=(0.5, 0.5, 0.9, 0.99), candidates_at=0.1, strange=0.5, hit=(-5.0, 10.0)):
        grounds = Grounds(
            Ranker.of({"share": 1}),
            Logit.of({"bias": -5, "value": 10}),
            Logit.of({"bias": 50}),
            hit,
            0.0,
        )
        return Judge(grounds, grounds, answer_at, candidates_at, 0.0, strange)

    return judge


@pytest.fixture(scope="session")
def lenient(judged):
    """A judge that answers whatever has the better part of its question accounted for."""
    return judged()
