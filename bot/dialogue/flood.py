"""How much one parent may ask: in memory, for this replica alone; a crisis is never limited.

So many answers a minute and different questions an hour (settings); then one polite line a minute,
then nothing (`success`). A text said a fourth time and more within a minute is answered with the
words it was answered with. Only answers count: who talks with a person is never held back.
Source: RELIABILITY 7.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from bot.dialogue import cries
from bot.dialogue.engine import text_of
from bot.logs import log
from bot.runtime import Runtime
from bot.wechat import events, messages
from bot.wechat.replies import Reply, TextReply

MINUTE_S, HOUR_S = 60.0, 3600.0
#: From this time on that the same text comes in a row it is answered from memory.
SAME = 4
#: Parents remembered at most; who was silent longest goes first.
MOST = 20_000
#: What is always done, however much was asked.
_ALWAYS = frozenset(("talk_to_person", "delete_me", "unsubscribe"))
_QUESTION = "ask_question"


@dataclass(slots=True)
class _Parent:
    """One parent's last minute and hour; every collection is bounded."""

    answers: deque[float]
    hour: float = -HOUR_S
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
        self._answers, self._questions = rt.settings.parent_answers, rt.settings.parent_questions
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
        return not self._passes(one, message, text)

    def instead(self, message: messages.Inbound) -> Reply | None:
        """Return what a message that is held is answered with."""
        one, now, text = self._parents[message.openid], self._rt.clock.monotonic(), text_of(message)
        if self._is_same(one, text, now) and not self._is_fast(one, now):
            one.answers.append(now)
            return one.reply
        if now - one.polite < MINUTE_S:
            return None
        one.polite = now
        log.info("parent_slowed", asker=self._rt.pseudonyms.name(message.openid))
        return TextReply(self._rt.say("busy", "slow"))

    def note(self, message: messages.Inbound, reply: Reply | None) -> None:
        """Count an answer that was given."""
        if reply is None or not self._answers or isinstance(message, events.Event):
            return
        one = self._parents.pop(message.openid, None) or _Parent(deque(maxlen=self._answers))
        self._parents[message.openid] = one
        while len(self._parents) > MOST:
            self._parents.popitem(last=False)
        now, text = self._rt.clock.monotonic(), text_of(message)
        if message.key == one.key:
            return  # the platform's repeat
        one.key = message.key
        one.answers.append(now)
        if now - one.hour >= HOUR_S:
            one.hour, one.questions = now, set()
        if not text or self._rt.understand(text).intent != _QUESTION:
            one.text = ""  # a number or `go on` means something else each time
            return
        one.questions.add(hash(text))
        is_same = text == one.text and now - one.since < MINUTE_S
        one.times = one.times + 1 if is_same else 1
        one.since = one.since if is_same else now
        one.text, one.reply = text, reply

    def _is_fast(self, one: _Parent, now: float) -> bool:
        return len(one.answers) == self._answers and now - one.answers[0] < MINUTE_S

    def _is_same(self, one: _Parent, text: str | None, now: float) -> bool:
        is_again = bool(text) and text == one.text and one.times >= SAME - 1
        return is_again and now - one.since < MINUTE_S

    def _asks_much(self, one: _Parent) -> bool:
        is_hour = self._rt.clock.monotonic() - one.hour < HOUR_S
        return is_hour and len(one.questions) >= self._questions

    def _passes(self, one: _Parent, message: messages.Inbound, text: str | None) -> bool:
        """Say whether this is answered all the same: a crisis, its answer, what is always done."""
        rt = self._rt
        name = rt.pseudonyms.name(message.openid)
        if cries.kept(rt).get(name, message.key, rt.clock.now()) is not None:
            return True
        if not text:
            return False
        understood, now = rt.understand(text), rt.clock.monotonic()
        if understood.crisis is not None or understood.intent in _ALWAYS:
            return True
        if self._is_fast(one, now) or self._is_same(one, text, now):
            return False
        return understood.intent != _QUESTION or hash(text) in one.questions
