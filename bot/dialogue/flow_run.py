"""Flows at work: begun by a reply function, then heard before anything else of the talk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.dialogue import flow_read, flow_shown
from bot.dialogue.conversation import Choices
from bot.dialogue.flow import (
    END,
    STOP,
    Flow,
    FlowEnd,
    Kind,
    Option,
    Otherwise,
    Shown,
    Step,
    StepAsk,
    StepDone,
)
from bot.dialogue.flow_read import Word
from bot.dialogue.flow_state import FlowState
from bot.dialogue.turn import Pass, Turn
from bot.wechat.replies import Reply
from knowledge.judge import Band

#: After so many wrong answers a step is skipped, or the flow put aside.
TRIES = 2
_TEXTS = "flow"
_START = "start"


@dataclass(frozen=True, slots=True)
class Flows:
    """Every flow a feature brought, and the functions behind them.

    `asks` and `done` by `flow.step`. `known` holds earlier versions too, for those who are in the
    middle of one.
    """

    known: Mapping[tuple[str, str], Flow] = field(default_factory=dict)
    current: Mapping[str, Flow] = field(default_factory=dict)
    ends: Mapping[str, FlowEnd] = field(default_factory=dict)
    asks: Mapping[str, StepAsk] = field(default_factory=dict)
    done: Mapping[str, StepDone] = field(default_factory=dict)
    judge: Callable[[Turn], Band] = lambda _turn: Band.DECLINE

    @classmethod
    def of(
        cls,
        listed: tuple[Sequence[Flow], Sequence[Flow]],
        *,
        ends: Mapping[str, FlowEnd],
        asks: Mapping[str, StepAsk],
        done: Mapping[str, StepDone],
        judge: Callable[[Turn], Band],
    ) -> Flows:
        """Join flows (those in force, those of before) with the functions behind them."""
        current, earlier = listed
        names = {flow.name for flow in current}
        steps = {f"{flow.name}.{step}" for flow in current for step in flow.steps}
        assert names == ends.keys(), (
            f"flows without a function or the reverse: {names ^ ends.keys()}"
        )
        assert asks.keys() | done.keys() <= steps, f"{(asks.keys() | done.keys()) - steps}"
        known = {(f.name, f.version): f for f in (*earlier, *current)}
        return cls(known, {f.name: f for f in current}, ends, asks, done, judge)

    def begin(self, turn: Turn, name: str, at: str = "", **given: str) -> Reply | str | None:
        """Begin a flow at one of its starts; one that is open waits below it."""
        flow, under = self.current[name], turn.talk.flow
        if under is not None and under.name == name:
            under = under.under
        state = FlowState(
            name, flow.version, at or flow.starts[0], 0.0, given={**given, _START: at}
        )
        state.under = under and replace(under, is_aside=True, under=None)
        turn.talk.choices, turn.tail = None, ""
        turn.talk.lead_by(state)
        return self._go(turn, flow, state, state.step)

    def hear(self, turn: Turn) -> Reply | str | Pass | None:
        """Let the open flow have the message."""
        state = turn.talk.flow
        assert state is not None
        assert turn.understanding is not None
        if state.is_aside:
            return self._aside(turn, state)
        turn.talk.changed = True
        if turn.now.timestamp() > state.until:
            return self._late(turn, state)
        flow = self.known.get((state.name, state.version))
        if flow is None:
            return self._renewed(turn, state)
        step = flow.steps[state.step]
        heard = flow_read.heard(turn, step, flow_shown.options(step, state), self.judge)
        if isinstance(heard, Option) and heard.offer:
            flow_shown.hand_over(turn, heard)
            heard = Word.ELSEWHERE
        if isinstance(heard, Word):
            return self._word(turn, flow, state, heard)
        if isinstance(heard, Option):
            return self._answered(turn, flow, state, heard.value, heard.next or step.next)
        return self._answered(turn, flow, state, heard, step.next)

    def interrupted(self, turn: Turn, choices: Choices | None) -> None:
        """Put the flow aside where what was said instead offers numbers of its own."""
        talk = turn.talk
        if talk.flow is None or talk.pending is not None:
            turn.tail = ""
        elif talk.choices is not None and talk.choices is not choices:
            talk.flow.is_aside = True

    def _word(
        self, turn: Turn, flow: Flow, state: FlowState, word: Word
    ) -> Reply | str | Pass | None:
        step = flow.steps[state.step]
        if word is Word.ELSEWHERE:
            return self._elsewhere(turn, state, step)
        if word is Word.CANCEL:
            turn.talk.lead_by(state.under)
            return turn.say(_TEXTS, "cancelled")
        if word is Word.BACK:
            return self._back(turn, flow, state)
        if word is Word.SKIP and step.may_skip:
            return self._answered(turn, flow, state, "", step.next)
        if word is Word.WRONG:
            return self._wrong(turn, flow, state, step)
        said = self._go(turn, flow, state, state.step)
        return (
            said if word is Word.REPEAT else flow_shown.joined([turn.say(_TEXTS, "no_skip")], said)
        )

    def _elsewhere(self, turn: Turn, state: FlowState, step: Step) -> Pass:
        if step.otherwise is Otherwise.LEAVE:
            turn.talk.lead_by(state.under)
        else:
            turn.tail = turn.say(_TEXTS, "waiting")
            if turn.understanding is not None and turn.understanding.intent == "talk_to_person":
                state.is_aside = True  # the next words are for the person
        return Pass.NOT_MINE

    def _wrong(self, turn: Turn, flow: Flow, state: FlowState, step: Step) -> Reply | str | None:
        state.tries += 1
        if state.tries <= TRIES:
            turn.is_whole = True
            return "\n".join(
                filter(None, (step.retry, flow_shown.lines(flow_shown.options(step, state))))
            )
        if step.may_skip:
            return self._answered(turn, flow, state, "", step.next)
        state.is_aside, state.tries = True, 0
        return turn.say(_TEXTS, "aside")

    def _back(self, turn: Turn, flow: Flow, state: FlowState) -> Reply | str | None:
        if len(state.answers) > state.wall:
            state.step = state.answers.pop()[0]
            return self._go(turn, flow, state, state.step)
        said = self._go(turn, flow, state, state.step)
        return flow_shown.joined([turn.say(_TEXTS, "no_back")], said)

    def _aside(self, turn: Turn, state: FlowState) -> Reply | str | Pass | None:
        """Go on where the parent wants to, or answers with a number nobody else has asked for."""
        assert turn.understanding is not None
        intent, choices = turn.understanding.intent, turn.talk.choices
        if intent == "cancel":
            return self._word_of_aside(turn, state)
        now = turn.now.timestamp()
        is_free = now <= state.until and (choices is None or now > choices.until)
        is_number = intent == "number_choice" and is_free
        if not is_number and (intent != "continue" or turn.talk.rest):
            return Pass.NOT_MINE
        turn.talk.changed, state.is_aside, state.tries = True, False, 0
        flow = self.known.get((state.name, state.version))
        if flow is None:
            return self._renewed(turn, state)
        turn.talk.choices = None
        return self._go(turn, flow, state, state.step)

    def _word_of_aside(self, turn: Turn, state: FlowState) -> str:
        turn.talk.lead_by(state.under)
        return turn.say(_TEXTS, "cancelled")

    def _late(self, turn: Turn, state: FlowState) -> Reply | str | Pass | None:
        """Say once that a question has waited too long; what else was said is answered."""
        assert turn.understanding is not None
        state.is_aside = True
        if turn.understanding.intent == "continue":
            return self._aside(turn, state)
        flow = self.known.get((state.name, state.version))
        if flow is not None and flow.steps[state.step].otherwise is Otherwise.LEAVE:
            turn.talk.lead_by(state.under)
            return Pass.NOT_MINE
        told = turn.say(_TEXTS, "expired", count=str(len(state.answers) + 1))
        if flow is not None:
            step = flow.steps[state.step]
            heard = flow_read.heard(turn, step, flow_shown.options(step, state), self.judge)
            if heard is not Word.ELSEWHERE:
                return told
        turn.tail = told
        return Pass.NOT_MINE

    def _renewed(self, turn: Turn, state: FlowState) -> Reply | str | Pass | None:
        """Begin anew where the definition has changed and nobody knows the old one."""
        turn.talk.lead_by(state.under)
        if state.name not in self.current:
            return Pass.NOT_MINE
        given = dict(state.given)
        start = given.pop(_START, "")
        at = start if start in self.current[state.name].starts else ""
        return flow_shown.joined(
            [turn.say(_TEXTS, "renewed")], self.begin(turn, state.name, at, **given)
        )

    def _answered(
        self, turn: Turn, flow: Flow, state: FlowState, value: str, following: str
    ) -> Reply | str | None:
        state.answers.append([state.step, value])
        state.tries = 0
        done = self.done.get(f"{flow.name}.{state.step}")
        if done is not None and done(turn, flow_shown.answers(flow, state)):
            state.wall = len(state.answers)
        return self._go(turn, flow, state, following)

    def _go(self, turn: Turn, flow: Flow, state: FlowState, target: str) -> Reply | str | None:
        """Ask the step, saying the notes and taking the branches on the way to it."""
        parts: list[str] = []
        while target not in (END, STOP):
            step = flow.steps[target]
            state.step = target
            ask = self.asks.get(f"{flow.name}.{target}")
            shown = ask(turn, flow_shown.answers(flow, state)) if ask is not None else Shown()
            if shown.answer:
                state.given[target] = shown.answer
                target = flow_shown.following(step, shown)
                continue
            if step.kind is not Kind.NOTE:
                return "\n".join([*parts, self._ask(turn, flow, state, step, shown)])
            parts.append(flow_shown.filled(turn, flow, step, shown))
            target = step.next
        turn.talk.lead_by(state.under)
        turn.is_whole = True
        if state.under is not None:
            turn.tail = turn.say(_TEXTS, "waiting")
        said = (
            self.ends[flow.name](turn, flow_shown.answers(flow, state)) if target == END else None
        )
        return flow_shown.joined(parts, said)

    def _ask(self, turn: Turn, flow: Flow, state: FlowState, step: Step, shown: Shown) -> str:
        until = turn.now + timedelta(hours=flow.hours)
        state.until, turn.talk.changed, turn.is_whole = until.timestamp(), True, True
        asked = flow_shown.asked(step, shown)
        is_own = shown.options is None and not shown.before
        state.options = [] if is_own else [[o.value, o.label, o.next, o.offer] for o in asked]
        lines = flow_shown.lines(asked, len(shown.before), shown.between)
        return "\n".join(filter(None, (flow_shown.filled(turn, flow, step, shown), lines)))
