"""One micro-lesson from its file: cards to read, questions to try, one practice for home."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from knowledge import front, wording
from knowledge.errors import FileFault
from knowledge.fields import Fields
from knowledge.topics import topics

CARDS = range(3, 7)
BODY = range(60, 181)
POINTS_MAX = 4
CARD_TITLE, TITLE, SUMMARY = 14, 16, 40
QUIZ, OPTIONS, STUCK = range(1, 4), range(2, 5), range(2, 5)
#: From this risk of its topic on, a lesson says when to seek help.
RISKY = 2
_FENCE = "---\n"
_DEPTH = 4
_MINUTES, _PRACTICE_MINUTES = range(1, 11), range(1, 61)


@dataclass(frozen=True, slots=True)
class Card:
    """One screen: a title and plain text; a line may begin with `- `."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the quiz; `right` counts from 1."""

    ask: str
    options: tuple[str, ...]
    right: int
    why: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """What went wrong with a practice, and what to try."""

    when: str
    then: str


@dataclass(frozen=True, slots=True)
class Practice:
    """One thing to do at home, and the question whether it was done."""

    title: str
    do: str
    minutes: int
    check: str
    stuck: tuple[Stuck, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A few minutes of a course; `name` is its file's."""

    name: str
    title: str
    minutes: int
    topic: str
    summary: str
    quiz: tuple[Question, ...]
    practice: Practice
    cards: tuple[Card, ...]


def read(path: Path, content: bytes, faults: list[FileFault]) -> Lesson | None:
    """Return the lesson of a file's content, and add what is wrong with it to the faults."""
    try:
        head, body = _split(path, content)
        values, lines = front.read(head + "\n", path, depth=_DEPTH)
    except FileFault as fault:
        faults.append(fault)
        return None
    cards = _cards(path, body, head.count("\n") + 4, faults)
    _judge_cards(path, cards, faults)
    return _lesson(Fields(path, values, lines, faults), tuple(card for _, card in cards))


def judge(lesson: Lesson, path: Path, faults: list[FileFault]) -> None:
    """Add what is wrong with a lesson that stands in no file, by the rules of files."""
    _judge_cards(path, [(None, card) for card in lesson.cards], faults)
    _lesson(Fields(path, values(lesson), {}, faults), lesson.cards)


def values(lesson: Lesson) -> dict[str, Any]:
    """Return the front matter of a lesson."""
    found = _plain(asdict(lesson))
    del found["name"], found["cards"]
    return {"title": found.pop("title"), **found}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _split(path: Path, content: bytes) -> tuple[str, str]:
    """Return the front matter and what stands below it."""
    try:
        raw = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise FileFault(path, None, "cannot be read as UTF-8") from error
    head, fence, body = raw.removeprefix(_FENCE).partition("\n" + _FENCE)
    if not (raw.startswith(_FENCE) and fence):
        raise FileFault(path, 1, "must begin with front matter between two lines `---`")
    return head, body


def _lesson(fields: Fields, cards: tuple[Card, ...]) -> Lesson:
    fields.expect(("title", "minutes", "topic", "summary", "quiz", "practice"))
    lesson = Lesson(
        name=fields.path.stem,
        title=fields.text("title", TITLE),
        minutes=fields.number("minutes", _MINUTES),
        topic=fields.code("topic"),
        summary=fields.text("summary", SUMMARY),
        quiz=tuple(map(_question, fields.rows("quiz", QUIZ))),
        practice=_practice(fields.inner("practice")),
        cards=cards,
    )
    _judge_topic(fields, lesson)
    return lesson


def _judge_topic(fields: Fields, lesson: Lesson) -> None:
    topic = topics().get(lesson.topic)
    if lesson.topic and topic is None:
        fields.fault("topic", f"`{lesson.topic}` is not in _topics.yaml")
    text = "\n".join(card.body for card in lesson.cards)
    if topic and topic.risk >= RISKY and not wording.offers_help(text):
        fields.fault("topic", f"has risk {topic.risk}: a card must say when to seek help")


def _question(row: Fields) -> Question:
    row.expect(("ask", "options", "right", "why"))
    options = row.texts("options", 24, OPTIONS)
    right = row.number("right", range(1, max(len(options), 1) + 1))
    return Question(row.text("ask", 40), options, right, row.text("why", 60))


def _practice(fields: Fields) -> Practice:
    fields.expect(("title", "do", "minutes", "check", "stuck"))
    do = fields.text("do", 140, 40)
    if do and not wording.says(do):
        fields.fault("do", "holds no words to say in corner brackets")
    return Practice(
        title=fields.text("title", 20),
        do=do,
        minutes=fields.number("minutes", _PRACTICE_MINUTES),
        check=fields.text("check", 24),
        stuck=tuple(map(_stuck, fields.rows("stuck", STUCK))),
    )


def _stuck(row: Fields) -> Stuck:
    row.expect(("when", "then"))
    return Stuck(row.text("when", 16), row.text("then", 80))


def _cards(
    path: Path, body: str, first: int, faults: list[FileFault]
) -> list[tuple[int | None, Card]]:
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(body.splitlines(), first):
        if line.startswith("## "):
            found.append((number, line[3:].strip(), []))
        elif found:
            found[-1][2].append(line.rstrip())
        elif line.strip():
            faults.append(FileFault(path, number, "stands before the first card (`## `)"))
    return [(line, Card(title, "\n".join(text).strip())) for line, title, text in found]


def _judge_cards(
    path: Path, cards: Sequence[tuple[int | None, Card]], faults: list[FileFault]
) -> None:
    for number, (at, card) in enumerate(cards, 1):
        faults += [
            FileFault(path, at, problem, field=f"cards[{number}].{part}")
            for part, problem in _card_problems(card)
        ]
    last = cards[-1][0] if cards else None
    problems = _deck_problems([card for _, card in cards])
    faults += [FileFault(path, last, problem, field="cards") for problem in problems]


def _card_problems(card: Card) -> Iterator[tuple[str, str]]:
    """Yield (part of the card, sentence) for each fault of a card."""
    if wording.size(card.title) not in range(1, CARD_TITLE + 1):
        size = wording.size(card.title)
        yield "title", f"the title has {size} characters, must have 1 to {CARD_TITLE}"
    size = wording.size(card.body)
    if size not in BODY:
        yield "body", f"the card has {size} characters, must have {BODY.start} to {BODY.stop - 1}"
    points = sum(line.startswith("- ") for line in card.body.splitlines())
    if points > POINTS_MAX:
        yield "body", f"the card lists {points} points, at most {POINTS_MAX}"
    for part, text in (("title", card.title), ("body", card.body)):
        for problem in wording.problems(text):
            yield part, problem


def _deck_problems(cards: list[Card]) -> Iterator[str]:
    if len(cards) not in CARDS:
        limits = f"{CARDS.start} to {CARDS.stop - 1}"
        yield f"the lesson has {len(cards)} cards, must have {limits}"
    titles = [card.title for card in cards]
    for title in dict.fromkeys(t for t in titles if titles.count(t) > 1):
        yield f"two cards are called `{title}`"
    last = f"{cards[-1].title}{cards[-1].body}" if cards else ""
    if cards and not any(word in last for word in wording.words().tonight):
        yield f"the last card must say what to do ({', '.join(wording.words().tonight)})"
