"""What a parent reads in a crisis, with the numbers that are fresh now; needs no database."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.safety import lines
from intents import crisis, crisis_answers, crisis_numbers, crisis_replies, crisis_soft
from intents.crisis import Crisis
from intents.understand import Understanding

#: Answers to the crisis question; whatever is not clearly 2 or 3 is the first.
DANGER, WORRIED, SLIP = "1", "2", "3"
CHOICES = (DANGER, WORRIED, SLIP)


def is_soft(found: Crisis) -> bool:
    """Say whether softer first words are written for this."""
    return crisis_soft.is_soft(found.category, found.severity, needs_check=found.needs_check)


def first(rt: Runtime, found: Crisis) -> str:
    """Return the first reply and its question."""
    numbers = lines.numbers(rt)
    if is_soft(found):
        return crisis_soft.first(found.category, found.speaker, numbers)
    return crisis.reply(found, numbers)


def choice_of(said: str, understood: Understanding, *, soft: bool) -> str:
    """Return which answer was given; an unclear one is danger, to a soft question worry.

    A number counts, its label, and what crisis/answers.yaml knows as a whole answer. Words of
    danger are danger, also behind a soft question.
    """
    told = str(understood.slots.get("choice", ""))
    if told in CHOICES:
        return told
    question = crisis_answers.SOFT if soft else crisis_answers.FIRM
    known = crisis_answers.number(said, question)
    if known is not None:
        return known
    return WORRIED if soft and understood.crisis is None else DANGER


def second(rt: Runtime, category: str, severity: int, choice: str, speaker: str = "other") -> str:
    """Return the second reply; where there may be danger, with the card of numbers."""
    text = crisis.follow_up(category, severity, int(choice), lines.numbers(rt), speaker)
    return f"{text}\n{card(rt, category)}" if choice == DANGER else text


def after_silence(rt: Runtime, category: str, severity: int) -> str:
    """Return what is sent to a parent who has not answered the question."""
    told = say(rt, "silence")
    return f"{told}\n{second(rt, category, severity, DANGER)}"


def card(rt: Runtime, category: str) -> str:
    """Return the numbers for a category with what they are and their hours."""
    numbers, known = lines.numbers(rt), lines.shown()
    wanted = dict.fromkeys((*sorted(crisis_replies.EMERGENCY), *_named(category)))
    rows = [
        crisis_soft.say(
            "card.line", numbers, number=numbers[name], name=line.name, hours=line.hours
        )
        for name in wanted
        if name in numbers
        for line in [known[numbers[name]]]
    ]
    return "\n".join([say(rt, "card.title"), *rows])


def say(rt: Runtime, name: str) -> str:
    """Return one of the other texts of soft.yaml."""
    return crisis_soft.say(name, lines.numbers(rt))


def _named(category: str) -> tuple[str, ...]:
    """Return the numbers the danger text of a category names."""
    return crisis_numbers.named(crisis_replies.texts()[f"second.{category}.1"])
