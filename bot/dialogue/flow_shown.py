"""The texts of a step as a parent sees it, and what its numbers stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.flow import Flow, Option, Shown, Step
from bot.dialogue.flow_state import Answers, FlowState
from bot.dialogue.turn import Turn
from bot.wechat.replies import Reply, TextReply
from knowledge.text import normalise


def following(step: Step, shown: Shown) -> str:
    """Return where the answer that a function gave leads."""
    chosen = next((o for o in asked(step, shown) if o.value == shown.answer), None)
    return (chosen.next if chosen is not None else "") or step.next


def filled(turn: Turn, flow: Flow, step: Step, shown: Shown) -> str:
    """Return a step's text with everything that fills it."""
    return step.ask.format_map({**turn.rt.hotlines, **flow.values, **shown.values})


def answers(flow: Flow, state: FlowState) -> Answers:
    """Return what the flow's functions are told."""
    pairs = tuple((step, value) for step, value in state.answers)
    return Answers(flow.values, dict(state.given), pairs)


def options(step: Step, state: FlowState) -> Sequence[Option]:
    """Return the choices the parent saw: computed ones as they were then."""
    if not state.options:
        return step.options
    written = {option.value: option for option in step.options}
    stored = [named(*given) for given in state.options]
    return [written.get(o.value, o) if o.offer == "" else o for o in stored]


def named(value: str, label: str, target: str = "", offer: str = "") -> Option:
    """Return a computed choice; its label says it, too."""
    return Option(value, label, target, frozenset((normalise(label),)), offer)


def asked(step: Step, shown: Shown) -> Sequence[Option]:
    """Return the choices to show now."""
    return (*shown.before, *(step.options if shown.options is None else shown.options))


def lines(options: Sequence[Option], at: int = 0, between: str = "") -> str:
    """Return the numbered list of choices, a line each; one more line may stand at a place."""
    listed = [f"{n} {option.label}" for n, option in enumerate(options, 1)]
    return "\n".join([*listed[:at], *filter(None, (between,)), *listed[at:]])


def hand_over(turn: Turn, option: Option) -> None:
    """Let another kind of offer have the choice, as if it had been its only one."""
    assert turn.understanding is not None
    until = turn.in_minutes(turn.rt.settings.choice_minutes)
    turn.talk.offer(option.offer, [option.value], until)
    turn.understanding = replace(turn.understanding, intent="number_choice", slots={"choice": 1})


def joined(parts: Sequence[str], said: Reply | str | None) -> Reply | str | None:
    """Return parts and a reply as one; a reply that is no text stands alone."""
    if isinstance(said, TextReply):
        said = said.text
    if said is not None and not isinstance(said, str):
        return said
    return "\n".join([*parts, *filter(None, (said,))]) or None
