"""How much one parent may ask: in memory, for this replica alone; a crisis is never limited.

Twenty answers a minute, sixty different questions an hour; beyond that one polite line a minute,
then nothing (`success`). A text said a third time and more within a minute is answered with the
words it was answered with. Only answers count: who talks with a person is never held back.
Source: RELIABILITY 7.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from bot.dialogue import cries
from bot.dialogue.engine import text_of
from bot.runtime import Runtime
from bot.wechat import events, messages
from bot.wechat.replies import Reply, TextReply

ANSWERS, QUESTIONS = 20, 60
MINUTE_S, HOUR_S = 60.0, 3600.0
#: From this time on that the same text comes in a row it is answered from memory.
SAME = 3
#: Parents remembered at most; who was silent longest goes first.
MOST = 20_000
#: What is always done, however much was asked.
_ALWAYS = frozenset(("talk_to_person", "delete_me", "unsubscribe"))
_QUESTION = "ask_question"


@dataclass(slots=True)
class _Parent:
    """One parent's last minute and hour; every collection is bounded."""

    answers: deque[float] = field(default_factory=lambda: deque(maxlen=ANSWERS))
    hour: float = 0.0
    questions: set[int] = field(default_factory=set)
    polite: float = -MINUTE_S
    text: str = ""
    times: int = 0
    since: float = 0.0
    reply: Reply | None = None
    key: str = ""


class Flood:
    """Asks before a message goes to the inbox, and notes what was answered."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._parents: OrderedDict[str, _Parent] = OrderedDict()

    def __len__(self) -> int:
        return len(self._parents)

    def holds(self, message: messages.Inbound) -> bool:
        """Say whether a message is not to be answered as usual; then `instead` says how."""
        one = self._parents.get(message.openid)
        if one is None or isinstance(message, events.Event) or message.key == one.key:
            return False
        now, text = self._rt.clock.monotonic(), text_of(message)
        if not (self._is_fast(one, now) or self._is_same(one, text, now) or self._asks_much(one)):
            return False
        return not self._is_grave(message, text)

    def instead(self, message: messages.Inbound) -> Reply | None:
        """Return what a message that is held is answered with."""
        one, now, text = self._parents[message.openid], self._rt.clock.monotonic(), text_of(message)
        if self._is_same(one, text, now) and not self._is_fast(one, now):
            one.answers.append(now)
            return one.reply
        if now - one.polite < MINUTE_S:
            return None
        one.polite = now
        return TextReply(self._rt.say("busy", "slow"))

    def note(self, message: messages.Inbound, reply: Reply | None) -> None:
        """Count an answer that was given."""
        if reply is None or isinstance(message, events.Event):
            return
        one = self._parents.pop(message.openid, None) or _Parent()
        self._parents[message.openid] = one
        while len(self._parents) > MOST:
            self._parents.popitem(last=False)
        now, text = self._rt.clock.monotonic(), text_of(message)
        if message.key == one.key:
            return  # the platform's repeat
        one.key = message.key
        one.answers.append(now)
        self._note_same(one, text or "", reply, now)
        if now - one.hour >= HOUR_S:
            one.hour, one.questions = now, set()
        if text and self._rt.understand(text).intent == _QUESTION:
            one.questions.add(hash(text))

    def _note_same(self, one: _Parent, text: str, reply: Reply, now: float) -> None:
        is_same = bool(text) and text == one.text and now - one.since < MINUTE_S
        one.times = one.times + 1 if is_same else 1
        one.since = one.since if is_same else now
        one.text, one.reply = text, reply

    def _is_fast(self, one: _Parent, now: float) -> bool:
        return len(one.answers) == ANSWERS and now - one.answers[0] < MINUTE_S

    def _is_same(self, one: _Parent, text: str | None, now: float) -> bool:
        is_again = bool(text) and text == one.text and one.times >= SAME - 1
        return is_again and now - one.since < MINUTE_S

    def _asks_much(self, one: _Parent) -> bool:
        is_hour = self._rt.clock.monotonic() - one.hour < HOUR_S
        return is_hour and len(one.questions) >= QUESTIONS

    def _is_grave(self, message: messages.Inbound, text: str | None) -> bool:
        """Say whether this must be answered: a crisis, its answer, or what is always done."""
        rt = self._rt
        name = rt.pseudonyms.name(message.openid)
        if cries.kept(rt).get(name, message.key, rt.clock.now()) is not None:
            return True
        if not text:
            return False
        understood = rt.understand(text)
        if understood.crisis is not None or understood.intent in _ALWAYS:
            return True
        one = self._parents[message.openid]
        only_much = not self._is_fast(one, now := rt.clock.monotonic())
        is_new = hash(text) not in one.questions and understood.intent == _QUESTION
        return only_much and not self._is_same(one, text, now) and not is_new
