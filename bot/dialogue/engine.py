"""Understand, choose the reply function, cut what is too long: here a turn is led."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.dialogue.turn import Pass, ReplyFunction, Turn, WaitingFunction
from bot.runtime import Runtime
from bot.wechat import events, messages
from bot.wechat.replies import Reply, TextReply
from bot.wechat.texts import TEXT_LIMIT_BYTES, cut


@dataclass(frozen=True, slots=True)
class Engine:
    """The table of reply functions, gathered from the features by `bot/app.py`.

    `replies` by intent, `choices` by the kind of offer a number belongs to, `pending` by what a
    conversation waits for, `events` by message type. `crisis` stands in front of everything;
    `prepare` runs once in each batch's transaction, before its first answer. `taps` are menu keys
    that stand for a question in a parent's words.
    """

    replies: Mapping[str, ReplyFunction]
    choices: Mapping[str, ReplyFunction]
    pending: Mapping[str, WaitingFunction]
    events: Mapping[type[messages.Inbound], ReplyFunction]
    crisis: ReplyFunction
    prepare: Callable[[Runtime, Connection], None]
    taps: Mapping[str, str]

    def respond(self, turn: Turn) -> Reply | None:
        """Return the reply to one message; None shows nothing (`success`)."""
        text = self._words(turn.message)
        if text is None:
            function = self.events.get(type(turn.message))
            said = function(turn) if function else None
        else:
            turn.text = text
            said = self._talk(turn)
        return self._fit(turn, said)

    def _words(self, message: messages.Inbound) -> str | None:
        if isinstance(message, events.Click):
            return self.taps.get(message.event_key)
        return text_of(message)

    def _talk(self, turn: Turn) -> Reply | str | None:
        understanding = turn.rt.understand(turn.text)
        turn.understanding = understanding
        if understanding.crisis is not None:
            return self.crisis(turn)
        talk = turn.talk
        if talk.pending is not None:
            waiting, until = self.pending[talk.pending["kind"]], talk.pending["until"]
            said = waiting(turn) if turn.now.timestamp() <= until else Pass.NOT_MINE
            if not isinstance(said, Pass):
                return said
            talk.wait()
        intent = understanding.intent
        if intent == "number_choice" and talk.choices is not None:
            return self.choices[talk.choices.kind](turn)
        return (self.replies.get(intent) or self.replies["ask_question"])(turn)

    def _fit(self, turn: Turn, said: Reply | str | None) -> Reply | None:
        if isinstance(said, str):
            said = TextReply(said)
        if isinstance(said, TextReply):
            tail = turn.say("continue", "more")
            head, rest = cut(said.text, TEXT_LIMIT_BYTES, tail)
            if rest or turn.talk.rest:
                turn.talk.remember(rest=rest)
            return TextReply(head)
        return said


def text_of(message: messages.Inbound) -> str | None:
    """Return the words of a message: typed, or recognised by the platform in a voice."""
    if isinstance(message, messages.Text):
        return message.content
    if isinstance(message, messages.Voice) and message.recognition:
        return message.recognition
    return None
