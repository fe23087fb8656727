"""Understand, choose the reply function, cut what is too long: here a turn is led."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from bot.dialogue import conversation, elder
from bot.dialogue.conversation import Choices, Held, Talk
from bot.dialogue.flow_run import Flows
from bot.dialogue.turn import Pass, ReplyFunction, Turn, WaitingFunction
from bot.runtime import Runtime
from bot.wechat import events, messages
from bot.wechat.replies import Reply, TextReply
from bot.wechat.texts import TEXT_LIMIT_BYTES, cut
from intents.crisis import Crisis
from knowledge.text import normalise

#: The line that tells what waits for a parent; empty: it does not wait any more.
Waits = Callable[[Turn, Held], str]
#: What a conversation waits for after a crisis reply.
CRISIS = "crisis"
INTENT = conversation.INTENT
#: Digits of a number that may be meant for an offer: a code to sign in has more.
_NUMBER = 3


@dataclass(frozen=True, slots=True)
class Person:
    """What the engine asks about a person who talks, or is asked to, in the bot's place.

    `heard` notes every message of a parent whose ticket is not closed; `listen` has their words
    first; `held` is what a person has left to be shown with the next reply.
    """

    heard: Callable[[Turn], None]
    listen: WaitingFunction
    held: Callable[[Turn], str]


@dataclass(frozen=True, slots=True)
class Engine:
    """The table of reply functions, gathered from the features by `bot/app.py`.

    `replies` by intent, `choices` by the kind of offer a number belongs to (`INTENT` is the
    engine's own: its values are intents, or a kind of offer, a colon and the value behind it),
    `pending` by what a conversation waits for, `events` by message type. `crisis` stands in front
    of everything; `prepare` runs once in each batch's transaction, before its first answer. `taps`
    are menu keys that stand for a question in a parent's words. `related` and `offer` let the
    entries near a crisis be read once the parent has said that there is no danger. `official` may
    answer with what is pinned for this parent, before any other reply (None: nothing is pinned).
    `waits` tells what a feature has left for the parent's next visit, by its kind.
    """

    replies: Mapping[str, ReplyFunction]
    choices: Mapping[str, ReplyFunction]
    pending: Mapping[str, WaitingFunction]
    events: Mapping[type[messages.Inbound], ReplyFunction]
    crisis: ReplyFunction
    prepare: Callable[[Runtime, Connection], None]
    taps: Mapping[str, str]
    related: Callable[[Turn], list[str]]
    offer: Callable[[Turn, list[str]], str]
    official: Callable[[Turn], str | None]
    person: Person
    flows: Flows
    waits: Mapping[str, Waits] = field(default_factory=dict)

    def respond(self, turn: Turn) -> Reply | None:
        """Return the reply to one message; None shows nothing (`success`)."""
        text = self._words(turn.message)
        talk, turn.flows = turn.talk, self.flows
        flow, choices = talk.flow, talk.choices
        if talk.desk is not None:
            self.person.heard(turn)
        if text is None:
            function = self.events.get(type(turn.message))
            said = function(turn) if function else None
        else:
            turn.text = text
            said = self._talk(turn)
        if flow is not None:
            self.flows.interrupted(turn, choices)
        turn.is_whole = turn.is_whole or talk.choices is not choices  # numbers of its own
        return self._fit(turn, self._with_held(turn, said))

    def _with_held(self, turn: Turn, said: Reply | str | None) -> Reply | str | None:
        """Put what a person has left in front of a reply; help in a crisis stands alone."""
        talk, leaves = turn.talk, isinstance(turn.message, events.Unsubscribe)
        if (
            not (talk.held or turn.lead or turn.tail)
            or leaves
            or (talk.pending or {}).get("kind") == CRISIS
        ):
            return said
        if isinstance(said, TextReply):
            said = said.text
        if said is not None and not isinstance(said, str):
            return said
        tail = turn.tail if said else ""
        parts = (*self._held(turn), turn.lead, said, tail)
        return ("\n" if talk.is_elder else "\n\n").join(part for part in parts if part) or None

    def _held(self, turn: Turn) -> tuple[str, ...]:
        """Return what a person has left, and what waits of the features."""
        talk = turn.talk
        ours = [one for one in talk.held if one.kind in self.waits]
        if ours:
            talk.held = [one for one in talk.held if one.kind not in self.waits]
            talk.changed = True
        left = self.person.held(turn) if talk.held else ""
        return (left, *(self.waits[one.kind](turn, one) for one in ours))

    def _words(self, message: messages.Inbound) -> str | None:
        if isinstance(message, events.Click):
            return self.taps.get(message.event_key)
        return text_of(message)

    def _talk(self, turn: Turn) -> Reply | str | None:
        understanding = turn.rt.understand(turn.text)
        turn.understanding = understanding
        talk = turn.talk
        if self._is_alarm(understanding.crisis, talk):
            turn.is_whole = True
            help_first = self.crisis(turn)
            talk.related = self.related(turn)
            return help_first
        if talk.pending is not None:
            said = self._wait(turn, talk.pending)
            if not isinstance(said, Pass):
                return said
            talk.wait()
        said = self._first(turn)
        if not isinstance(said, Pass):
            return said
        intent = self._intent(turn)
        if intent == "number_choice" and talk.choices is not None:
            return self._choose(turn, talk.choices)
        official = self.official(turn)
        if official is not None:
            return official
        return (self.replies.get(intent) or self.replies["ask_question"])(turn)

    def _first(self, turn: Turn) -> Reply | str | Pass | None:
        """Let a person who talks, the open flow, and a person who is asked for hear it, in turn."""
        talk = turn.talk
        is_open = talk.desk is not None and talk.desk.is_open
        if talk.flow is not None and not is_open:
            said = self.flows.hear(turn)
            if not isinstance(said, Pass):
                return said
        return self.person.listen(turn) if talk.desk is not None else Pass.NOT_MINE

    def _intent(self, turn: Turn) -> str:
        """Return what is meant; the label of an open offer is as good as its number."""
        choices = turn.talk.choices
        assert turn.understanding is not None
        if choices is not None and turn.understanding.intent != "number_choice":
            plain = normalise(turn.text)
            number = choices.named(plain, turn.now)
            if number is None and plain.isdecimal() and len(plain) <= _NUMBER:
                number = int(plain)
            if number is not None:
                slots = {"choice": number}
                turn.understanding = replace(
                    turn.understanding, intent="number_choice", slots=slots
                )
        return turn.understanding.intent

    def _choose(self, turn: Turn, choices: Choices) -> Reply | str | None:
        """Give the number to whoever offered it; an intent's reply function belongs to anyone."""
        if choices.kind != INTENT:
            return self.choices[choices.kind](turn)
        assert turn.understanding is not None
        picked = choices.pick(int(turn.understanding.slots["choice"]), turn.now)
        if picked is None:
            return turn.say("number_choice", "out_of_range")
        kind, _, value = picked.partition(":")
        if not value:
            return self.replies[picked](turn)
        turn.talk.offer(kind, [value], turn.in_minutes(turn.rt.settings.choice_minutes))
        turn.understanding = replace(turn.understanding, slots={"choice": 1})
        return self.choices[kind](turn)

    def _is_alarm(self, crisis: Crisis | None, talk: Talk) -> bool:
        """Say whether help comes first; an answer to a crisis question is no new one by guess."""
        if crisis is None:
            return False
        is_asked = talk.pending is not None and talk.pending["kind"] == CRISIS
        return crisis.by_rule or not is_asked

    def _wait(self, turn: Turn, pending: Mapping[str, Any]) -> Reply | str | Pass | None:
        """Let the flow that waits have the message; then offer what stood aside for it."""
        if turn.now.timestamp() > pending["until"]:
            return Pass.NOT_MINE
        turn.is_whole = pending["kind"] == CRISIS
        said = self.pending[pending["kind"]](turn)
        if isinstance(said, str) and turn.talk.pending is not None:
            return said  # one question after the other; the offer comes last
        related, turn.talk.related = turn.talk.related, []
        if isinstance(said, str) and turn.talk.calm and related:
            return f"{said}\n\n{self.offer(turn, related)}"
        return said

    def _fit(self, turn: Turn, said: Reply | str | None) -> Reply | None:
        if isinstance(said, str):
            said = TextReply(said)
        if isinstance(said, TextReply):
            text, more = said.text, ""
            if turn.talk.is_elder and not turn.is_whole:
                text, more = elder.short(turn, text)
            tail = turn.say("continue", "more")
            head, rest = cut(text, TEXT_LIMIT_BYTES, tail)
            if rest or more or turn.talk.rest:
                turn.talk.remember(rest=rest + more)
            return TextReply(head)
        return said


def text_of(message: messages.Inbound) -> str | None:
    """Return the words of a message: typed, or recognised by the platform in a voice."""
    if isinstance(message, messages.Text):
        return message.content
    if isinstance(message, messages.Voice) and message.recognition:
        return message.recognition
    return None
