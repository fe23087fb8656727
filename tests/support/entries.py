"""Entries that hypothesis makes up: any text where text may stand, ids and topics that exist."""

from datetime import date

from hypothesis import strategies as st

from knowledge import text
from knowledge.entry import AGES, STYLES, Asking, Entry, Source, Status
from knowledge.files import SUMMARY_MAX
from knowledge.topics import topics

#: What breaks a careless writer: marks of YAML, of Markdown, of CSV, of formulas, of our own cells.
NASTY = "\"'\\|:#,{}[]&*!%@`=+-?>~<\n\t ，：；“”《》　＝＋－＠｜0aZ家é𠮷"
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
WORDS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)


def texts(most=30, *, control=False):
    """Texts as `files` reads them: not empty, no space around."""
    out = ("Cs",) if control else ("Cs", "Cc", "Cn", "Co", "Zl", "Zp")
    letters = st.characters(exclude_categories=out) | st.sampled_from(NASTY)
    written = st.text(letters, min_size=1, max_size=most).map(str.strip)
    return written.filter(lambda made: made and "{{" not in made)


def askings(**how):
    asked = texts(**how).filter(text.normalise)
    return st.builds(Asking, asked, st.sampled_from(STYLES))


def sources(**how):
    return st.builds(Source, texts(**how), st.none() | texts(**how), texts(**how), DAYS)


@st.composite
def entries(draw, **how):
    topic = draw(st.sampled_from(sorted(topics())))
    return Entry(
        id=f"{topic}.{draw(WORDS)}",
        question=draw(texts(**how).filter(text.normalise)),
        summary=draw(texts(most=SUMMARY_MAX, **how)),
        topic=topic,
        ages=tuple(draw(st.lists(st.sampled_from(AGES), unique=True, max_size=3))),
        risk=draw(st.integers(topics()[topic].risk, 3)),
        status=draw(st.sampled_from(Status)),
        sources=tuple(draw(st.lists(sources(**how), min_size=1, max_size=3))),
        reviewed_on=draw(DAYS),
        review_due=draw(DAYS),
        valid_until=draw(st.none() | DAYS),
        owner=draw(texts(**how)),
        similar=tuple(draw(st.lists(askings(**how), max_size=4))),
        related=tuple(draw(st.lists(WORDS.map("emo.low.{}".format), max_size=2, unique=True))),
        answer=draw(texts(most=80, **how)),
        area=draw(st.sampled_from(["", "gz", "gz/tianhe"])),
        successor=draw(st.sampled_from(["", "emo.low.next-year"])),
    )
