"""The facilitator's guide: twenty minutes with parents, made of one lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.teaching.modules import Module
from bot.teaching.words import guide
from knowledge import hotlines
from knowledge.courses import Card


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the meeting, in minutes; `begins` after how many."""

    name: str
    begins: int
    minutes: int
    lines: tuple[str, ...]
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """The whole of it."""

    minutes: int
    before: tuple[str, ...]
    steps: tuple[Step, ...]
    mind: tuple[str, ...]


def of(module: Module, numbers: Mapping[str, str]) -> Guide:
    """Return the guide of a lesson; `numbers` are the hotlines by placeholder."""
    data, values = guide(), _values(module)
    first, second = module.lesson.cards[:2]
    said: list[tuple[Sequence[str], Card | None]] = [
        (data["opening"], None), ((data["card"],), first), ((data["card"],), second),
        (data["pair"], None), (data["practice"], None), (data["closing"], None),
    ]  # fmt: skip
    steps, begins = [], 0
    for step, (lines, card) in zip(data["steps"], said, strict=True):
        told = tuple(line.format(**values) for line in lines)
        steps.append(Step(step["name"], begins, step["minutes"], told, card and _filled(card)))
        begins += step["minutes"]
    mind = tuple(line.format(**numbers) for line in data["mind"])
    return Guide(begins, tuple(data["before"]), tuple(steps), mind)


def _values(module: Module) -> dict[str, str]:
    lesson, question = module.lesson, module.lesson.quiz[0]
    told = {
        "title": lesson.title, "summary": lesson.summary, "course": module.course.title,
        "ask": question.ask, "good": question.options[question.right - 1], "why": question.why,
        "practice": lesson.practice.title, "do": lesson.practice.do,
    }  # fmt: skip
    return {name: hotlines.fill(text) for name, text in told.items()}


def _filled(card: Card) -> Card:
    return Card(card.title, hotlines.fill(card.body))
