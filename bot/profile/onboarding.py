"""The beginning: consent, who the parent is, the children by stage, three questions, reminders."""

from __future__ import annotations

from dataclasses import replace

from bot.clock import day
from bot.dialogue.flow import Shown
from bot.dialogue.flow_shown import named
from bot.dialogue.flow_state import Answers
from bot.dialogue.turn import Turn
from bot.org import grades
from bot.people.consents import Kind
from bot.profile import card, family, my_data
from bot.profile.places import Place, known
from bot.wechat.replies import Reply

FLOW = "onboarding"
_YES, _AGREE = "yes", "agree"
#: The kind of numbered offer behind which an answer is read (bot/answers).
_ENTRY = "entry"
#: Steps whose answers are a grade's code, or an age band.
GRADES = ("stage", "kinder", "primary", "junior", "senior", "more")
#: What these steps answer where no child is named, and the mark of an answer that is half of one.
_NO_CHILD = frozenset(("", "yes", "no"))
_HALF = "in_"


def begin(turn: Turn, place: Place) -> Reply | str | None:
    """Greet somebody who comes by the code of a place."""
    count = "1" if place.is_class else "0"
    return turn.begin(FLOW, "greet", unit=place.unit.path, label=place.label, count=count)


def greet(_turn: Turn, answers: Answers) -> Shown:
    """Say where the code was from."""
    return Shown({"name": answers.given["label"]})


def privacy(turn: Turn, _answers: Answers) -> Shown:
    """Show what is kept."""
    return Shown({"privacy": my_data.privacy(turn)})


def agreed(turn: Turn, answers: Answers) -> bool:
    """Keep the consent, and the child whose class's code was scanned."""
    if answers.last("greet", "offer", "consent") != _AGREE:
        return False
    family.agree(turn)
    place = _place(turn, answers)
    if place is not None and place.is_class:
        family.add(turn, place.unit.stage or "", place.unit.entry_year, place.unit.path)
    return True


def role(turn: Turn, answers: Answers) -> bool:
    """Keep who the parent is to the child."""
    if answers.last("role"):
        family.set_role(turn, answers.last("role"))
    return False


def elder(turn: Turn, answers: Answers) -> bool:
    """Speak in short lines if that is wanted."""
    family.set_elder(turn, is_elder=answers.last("elder") == _YES)
    return False


def child(turn: Turn, answers: Answers) -> Shown:
    """Ask for the first child only where no class told it."""
    place = _place(turn, answers)
    return Shown(answer="known" if place is not None and place.is_class else "unknown")


def told(turn: Turn, answers: Answers) -> bool:
    """Keep the children an answer names, as far as there is room."""
    codes, all_told = _codes(answers.pairs[-1][1]), all_codes(answers)
    before = replace(answers, pairs=answers.pairs[:-1])
    fresh = all_told[len(all_codes(before)) :]
    for code in fresh:
        family.add(turn, *grades.place(code, day(turn.now)))
    if len(fresh) < len(codes):
        turn.lead = turn.say("family", "too_many")
    return bool(fresh)


def all_codes(answers: Answers) -> list[str]:
    """Return the grades and bands of the children told of so far that there was room for."""
    room = family.CHILDREN_MOST - int(answers.given.get("count", "0"))
    codes = [code for value in answers.all(*GRADES) for code in _codes(value)]
    return codes[: max(0, room)]


def _codes(value: str) -> list[str]:
    listed = value.split(",")
    return [code for code in listed if code not in _NO_CHILD and not code.startswith(_HALF)]


def noted(turn: Turn, answers: Answers, *, place: Place | None = None) -> str:
    """Return the line that says which children are kept; empty for none."""
    today = day(turn.now)
    names = [place.label] if place is not None and place.is_class else []
    names += [family.called(*grades.place(c, today), today) for c in all_codes(answers)]
    return turn.say("family", "noted", text="、".join(names)) if names else ""


def questions(turn: Turn, answers: Answers) -> Shown:
    """Offer what parents of the first child's grade often ask (not to elders), and reminders."""
    place, today = _place(turn, answers), day(turn.now)
    kept = [grades.place(code, today) for code in all_codes(answers)]
    if place is not None and place.is_class:
        kept.insert(0, (place.unit.stage or "", place.unit.entry_year))
    band = grades.band(*kept[0], today) if kept else ""
    called = family.called(*kept[0], today) if kept else turn.say("family", "any_grade")
    told = [noted(turn, answers, place=place)]
    asked = [] if turn.talk.is_elder else card.often_asked(turn.rt, band)
    if asked:
        told.append(turn.say("family", "often_asked", text=called))
    return Shown(
        {"told": "\n".join(filter(None, told))},
        before=tuple(named(e.id, e.summary, offer=_ENTRY) for e in asked),
        between=turn.say("family", "lessons_ask"),
    )


def finish(turn: Turn, answers: Answers) -> str:
    """Keep whether weekly lessons are wanted; nobody is asked anything more."""
    wants = answers.last("card")
    if wants:
        family.consent(turn, Kind.LESSONS, given=wants == _YES)
    return turn.say("family", "lessons_on" if wants == _YES else "lessons_off")


def _place(turn: Turn, answers: Answers) -> Place | None:
    path = answers.given.get("unit", "")
    return known(turn, [path]).get(path)
