"""Answer, offer candidates, or admit not knowing; take the number that picks; take feedback."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, update

from bot.answers import brief, compose, pinned
from bot.dialogue.engine import INTENT
from bot.dialogue.turn import Turn
from bot.library import find, pins, record, tables, verdict
from knowledge.entry import Entry
from knowledge.judge import Band
from knowledge.search import Found, Hit
from knowledge.text import is_about_children, normalise

CANDIDATES = 3
OFFER = "entry"
#: What a parent without an answer can pick from, as numbered in `not_found.choices`.
NEXT = ("talk_to_person", "tell_me_later", "thanks")

#: Phone, identity and account numbers: not kept beside a question.
_NUMBERS = re.compile(r"\d{6,}")

_KEPT = ("code", "at", "asker", "text", "intent", "band", "rule", "entry", "version")
_FIGURES = ("area", "stage", "topic")
_record = insert(tables.decisions).values(
    {name: bindparam(name) for name in (*_KEPT, "base_version", "probability", "hits", *_FIGURES)}
)
_forget = [
    delete(table).where(table.c.asker == bindparam("asker"))
    for table in (tables.decisions, tables.missed)
]
_miss = insert(tables.missed).values(
    {name: bindparam(name) for name in ("code", "asker", "reason", "at")}
)
_none_meant = (
    update(tables.decisions)
    .where(
        tables.decisions.c.code == bindparam("decision"),
        tables.decisions.c.asker == bindparam("chooser"),
        tables.decisions.c.band == bindparam("offered"),
    )
    .values(rule=bindparam("meant"))
)
_judge = (
    update(tables.decisions)
    .where(
        tables.decisions.c.code == bindparam("decision"),
        tables.decisions.c.asker == bindparam("voter"),
    )
    .values(feedback=bindparam("vote"), feedback_at=bindparam("voted_at"))
)


def ask_question(turn: Turn) -> str:
    """Search the base and answer in the band its confidence allows."""
    said = verdict.of(turn.rt, turn.text)
    found, told = said.found, _expired(turn, said)
    _note(turn, found, said.entry, band=said.band, rule=said.rule)
    if said.entry is not None:
        return "\n".join([*told, _answer(turn, said.entry, found.hits)])
    turn.talk.remember(decision=turn.decision)
    if said.expired is not None:
        _missed(turn, turn.decision, verdict.EXPIRED)
    if said.band is Band.CANDIDATES:
        return "\n".join([*told, *_candidates(turn, found, is_near=said.expired is None)])
    if said.expired is not None:
        return "\n".join([*told, _next(turn)])
    if is_about_children(normalise(turn.text)):
        return _admit(turn, turn.decision, "declined")
    _offer(turn, [])
    return turn.say("not_found", "out_of_scope")


def _expired(turn: Turn, said: verdict.Verdict) -> list[str]:
    """Return the line that says the answer to a question has expired; none where it has not."""
    if said.expired is None or said.expired.valid_until is None:
        return []
    name = "succeeded" if said.entry is not None else "expired"
    until = f"{said.expired.valid_until:%Y-%m-%d}"
    return [turn.say("ask_question", name, question=said.expired.summary, until=until)]


def _candidates(turn: Turn, found: Found, *, is_near: bool) -> list[str]:
    base, offers = find.now(turn.rt), [h.entry for h in found.hits[:CANDIDATES]]
    _offer(turn, offers)
    is_near = is_near and found.probability >= base.judge.answer_at[0] / 2
    intro = turn.say("candidates", "intro" if is_near else "closest")
    return [intro, *compose.numbered(base, offers), turn.say("candidates", "none")]


def official(turn: Turn) -> str | None:
    """Answer with what is pinned for this parent; None when nothing is, or a command is meant."""
    match = pinned.find(turn)
    if match is None:
        return None
    _note(turn, pinned.found(match), match.pin.entry, band=Band.ANSWER, rule=pins.RULE)
    turn.talk.remember(decision=turn.decision)
    _offer(turn, [])
    return pinned.text(turn, match)


def judge(turn: Turn) -> Band:
    """Return how well the base, or a pin, answers a text; nothing is said or kept."""
    if pinned.find(turn) is not None:
        return Band.ANSWER
    return verdict.of(turn.rt, turn.text).band


def choose(turn: Turn) -> str:
    """Answer with the entry behind the number; 0 says that none of them was meant."""
    assert turn.understanding is not None
    number = int(turn.understanding.slots["choice"])
    choices = turn.talk.choices
    picked = choices.pick(number, turn.now) if choices else None
    base = find.now(turn.rt)
    if number == 0:
        code = turn.talk.last_decision or turn.decision
        told = {"offered": Band.CANDIDATES, "meant": "none_meant"}
        turn.write(_none_meant, {"decision": code, "chooser": turn.asker, **told})
        return _admit(turn, code, "none_meant")
    if picked is None or picked not in base.entries or picked in find.barred(turn.rt):
        return turn.say("number_choice", "out_of_range")
    entry = base.entries[picked]
    hits = (Hit(entry.id, entry.topic, 1.0),)
    _note(turn, Found(hits, 1.0, Band.ANSWER), entry, band=Band.ANSWER, rule="choice")
    return _answer(turn, entry, hits)


def related(turn: Turn) -> list[str]:
    """Return the entries near a text that something more urgent has answered."""
    found = find.find(turn.rt, turn.text)
    if found.band is Band.DECLINE:
        return []
    return [h.entry for h in found.hits[:CANDIDATES] if h.score >= compose.NEAR]


def offer(turn: Turn, entries: list[str]) -> str:
    """Offer entries by number; returns the lines to show."""
    base = find.now(turn.rt)
    offers = [i for i in entries if i in base.entries and i not in find.barred(turn.rt)]
    _offer(turn, offers)
    return "\n".join([turn.say("ask_question", "related"), *compose.numbered(base, offers)])


def without_choices(turn: Turn) -> str:
    """Say that a number means nothing now."""
    return turn.say("number_choice", "nothing_to_choose")


def helpful(turn: Turn) -> str:
    """Keep a good vote on the last answer."""
    return _vote(turn, "feedback_helpful", 1)


def not_helpful(turn: Turn) -> str:
    """Keep a bad vote on the last answer."""
    return _vote(turn, "feedback_not_helpful", -1)


def erase(turn: Turn) -> None:
    """Note the deletion of every record of this parent's questions."""
    for statement in _forget:
        turn.write(statement, {"asker": turn.asker})


def _admit(turn: Turn, code: str, reason: str) -> str:
    """Say that there is no answer, keep that for the curators, and offer what else can be done."""
    _missed(turn, code, reason)
    return "\n".join([turn.say("not_found", reference=code), _next(turn)])


def _next(turn: Turn) -> str:
    """Offer what can be done without an answer."""
    turn.talk.offer(INTENT, list(NEXT), turn.in_minutes(turn.rt.settings.choice_minutes))
    return turn.say("not_found", "choices")


def _missed(turn: Turn, code: str, reason: str) -> None:
    turn.write(_miss, {"code": code, "asker": turn.asker, "reason": reason, "at": turn.now})


def _vote(turn: Turn, intent: str, vote: int) -> str:
    decision = turn.talk.last_decision
    if decision is None:
        return turn.say(intent, "nothing_to_rate")
    turn.write(
        _judge, {"decision": decision, "voter": turn.asker, "vote": vote, "voted_at": turn.now}
    )
    if vote < 0:
        _missed(turn, decision, "not_helpful")
    return turn.say(intent)


def _answer(turn: Turn, entry: Entry, hits: Sequence[Hit]) -> str:
    turn.talk.remember(decision=turn.decision)
    if turn.talk.is_elder:
        return brief.answer(turn, entry)
    text, offers = compose.answer(turn, find.now(turn.rt), entry, hits)
    _offer(turn, offers)
    return text


def whole(turn: Turn) -> str:
    """Show the whole of the answer that was shown in short lines."""
    choices, base = turn.talk.choices, find.now(turn.rt)
    entry = base.entries.get(choices.values[0]) if choices is not None else None
    if entry is None or entry.id in find.barred(turn.rt):
        return turn.say("number_choice", "out_of_range")
    turn.is_whole = True
    turn.decision = turn.talk.last_decision or turn.decision
    text, offers = compose.answer(turn, base, entry, (Hit(entry.id, entry.topic, 1.0),))
    _offer(turn, offers)
    return text


def _offer(turn: Turn, offers: list[str]) -> None:
    until = turn.in_minutes(turn.rt.settings.choice_minutes)
    turn.talk.offer(OFFER, offers, until)


def _note(turn: Turn, found: Found, entry: Entry | None, *, band: Band, rule: str) -> None:
    """Record why: everything `bot explain` needs, under the pseudonym of the asker."""
    turn.write(
        _record,
        {
            "code": turn.decision,
            "at": turn.now,
            "asker": turn.asker,
            "text": _NUMBERS.sub("…", turn.text),
            "intent": turn.understanding.intent if turn.understanding else "",
            "band": band,
            "rule": rule,
            "entry": entry.id if entry else None,
            "version": find.now(turn.rt).versions.get(entry.id, entry.version) if entry else None,
            **record.evidence(find.now(turn.rt), found),
            "area": turn.talk.area,
            "stage": turn.stage,
            "topic": _topic(found, entry),
        },
    )


def _topic(found: Found, entry: Entry | None) -> str:
    """Return what it was about: the entry's topic, else that of what lies near; empty: nothing."""
    if entry is not None:
        return entry.topic
    near = found.hits[0] if found.hits else None
    return near.topic if near is not None and near.score >= compose.NEAR else ""
