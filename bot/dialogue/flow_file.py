"""flows.yaml of a feature: read, checked, every fault with file and line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from bot.dialogue.flow import END, STOP, Flow, Kind, Option, Otherwise, Step
from intents import yamlfile
from intents.errors import CatalogueError
from intents.yamlfile import Block, Items, Node
from knowledge import hotlines
from knowledge.text import normalise

_BOT = Path(__file__).parent.parent
TEXT_MOST_BYTES = 600
#: A parent answers with one digit; 0 is `none of them` elsewhere.
CHOICES_MOST = 9
_FLOW = frozenset(("hours", "start", "steps", "values"))
_STEP = frozenset(
    ("kind", "ask", "retry", "next", "slot", "choices", "may_skip", "otherwise", "fills")
)
_OPTION = frozenset(("value", "label", "next", "words"))
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
#: A list of numbers in a text: the engine writes it, so that it is always right.
_NUMBERED = re.compile(r"^\s*[0-9\uff10-\uff19](?![0-9])[\s.\u3001\uff0e]", re.MULTILINE)
_ASKS = (Kind.CHOICE, Kind.SLOT, Kind.CONFIRM)
_CHOOSES = (Kind.CHOICE, Kind.CONFIRM, Kind.BRANCH)


@cache
def load(path: Path) -> tuple[Flow, ...]:
    """Return the flows of a file.

    Raises:
        CatalogueError: the first fault, as one sentence with file and line.
    """
    return tuple(_flow(path, name, node) for name, node in yamlfile.read(path).items.items())


def load_features(names: Iterable[str]) -> tuple[tuple[Flow, ...], tuple[Flow, ...]]:
    """Return the flows of these features, and the earlier versions kept in flows-*.yaml.

    Raises:
        CatalogueError: as `load`, or two features bring a flow of the same name.
    """
    current: dict[str, Flow] = {}
    earlier: list[Flow] = []
    for name in names:
        path = _BOT / name / "flows.yaml"
        for flow in load(path) if path.exists() else ():
            if flow.name in current:
                raise CatalogueError(path, None, f"another feature has a flow `{flow.name}`")
            current[flow.name] = flow
        earlier += [flow for old in sorted(path.parent.glob("flows-*.yaml")) for flow in load(old)]
    return tuple(current.values()), tuple(earlier)


def _flow(path: Path, name: str, node: Node) -> Flow:
    fields = yamlfile.block(path, node, _FLOW)
    for key in ("hours", "steps"):
        if key not in fields:
            raise CatalogueError(path, node.line, f"`{name}` needs `{key}`")
    listed = yamlfile.block(path, fields["steps"])
    values = {k: yamlfile.text(path, v) for k, v in _block(path, fields, "values").items()}
    steps = {key: _step(path, key, step, frozenset(values)) for key, step in listed.items()}
    starts = [t.value for t in yamlfile.texts(path, fields["start"])] if "start" in fields else []
    flow = Flow(
        name=name,
        version=hashlib.blake2b(repr(_plain(node)).encode(), digest_size=4).hexdigest(),
        hours=_number(path, fields["hours"]),
        starts=tuple(starts or list(steps)[:1]),
        steps=steps,
        values=values,
    )
    _check(path, flow, listed, node.line)
    return flow


def _step(path: Path, name: str, node: Node, values: frozenset[str]) -> Step:
    fields = yamlfile.block(path, node, _STEP)
    kinds = frozenset(map(str, Kind))
    if "kind" not in fields:
        raise CatalogueError(path, node.line, f"`{name}` needs `kind`")
    kind = Kind(yamlfile.choice(path, fields["kind"], kinds))
    fills = {t.value for t in yamlfile.texts(path, fields["fills"])} if "fills" in fields else set()
    known = frozenset(fills) | values | hotlines.shown().keys()
    texts = {key: _text(path, fields.get(key), known) for key in ("ask", "retry")}
    if kind in (*_ASKS, Kind.NOTE) and not texts["ask"]:
        raise CatalogueError(path, node.line, f"`{name}` needs `ask`")
    if kind in _ASKS and not texts["retry"]:
        raise CatalogueError(path, node.line, f"`{name}` needs `retry`")
    slots = yamlfile.texts(path, fields["slot"]) if "slot" in fields else []
    if kind is Kind.SLOT and not slots:
        raise CatalogueError(path, node.line, f"`{name}` needs `slot`")
    otherwise = frozenset(map(str, Otherwise))
    return Step(
        name=name,
        kind=kind,
        ask=texts["ask"],
        retry=texts["retry"],
        next=yamlfile.text(path, fields["next"]) if "next" in fields else "",
        slots=tuple(t.value for t in slots),
        options=tuple(_options(path, name, kind, fields.get("choices"), node.line)),
        may_skip="may_skip" in fields and _is_true(path, fields["may_skip"]),
        otherwise=Otherwise(yamlfile.choice(path, fields["otherwise"], otherwise))
        if "otherwise" in fields
        else Otherwise.RETRY,
    )


def _options(path: Path, name: str, kind: Kind, node: Node | None, line: int) -> Iterator[Option]:
    items = node.items if isinstance(node, Items) else ()
    if (kind is Kind.CONFIRM and len(items) != 2) or len(items) > CHOICES_MOST:  # noqa: PLR2004
        raise CatalogueError(path, line, f"`{name}` has {len(items)} choices")
    said: dict[str, str] = {}
    for item in items:
        option = _option(path, kind, item)
        for word in sorted(option.words):
            if said.setdefault(word, option.value) != option.value:
                raise CatalogueError(path, item.line, f"`{word}` stands for two choices")
        yield option
    if kind is Kind.CONFIRM and sorted(set(said.values())) != ["no", "yes"]:
        raise CatalogueError(path, line, f"`{name}` needs the choices `yes` and `no`")


def _option(path: Path, kind: Kind, item: Node) -> Option:
    fields = yamlfile.block(path, item, _OPTION)
    needed = ("value",) if kind is Kind.BRANCH else ("value", "label")
    for key in needed:
        if key not in fields:
            raise CatalogueError(path, item.line, f"a choice needs `{key}`")
    label = yamlfile.text(path, fields["label"]) if "label" in fields else ""
    words = [t.value for t in yamlfile.texts(path, fields["words"])] if "words" in fields else []
    return Option(
        value=yamlfile.text(path, fields["value"]),
        label=label,
        next=yamlfile.text(path, fields["next"]) if "next" in fields else "",
        words=frozenset(map(normalise, filter(None, (label, *words)))),
    )


def _text(path: Path, node: Node | None, known: frozenset[str]) -> str:
    if node is None:
        return ""
    text = yamlfile.text(path, node)
    if len(text.encode()) > TEXT_MOST_BYTES:
        raise CatalogueError(path, node.line, f"the text is longer than {TEXT_MOST_BYTES} bytes")
    if _NUMBERED.search(text):
        raise CatalogueError(path, node.line, "choices are numbered by the engine, not in the text")
    for placeholder in _PLACEHOLDER.findall(text):
        if placeholder not in known:
            raise CatalogueError(path, node.line, f"nothing fills `{{{placeholder}}}`")
    return text


def _check(path: Path, flow: Flow, lines: Mapping[str, Node], line: int) -> None:
    for start in flow.starts:
        if start not in flow.steps:
            raise CatalogueError(
                path, line, f"`{flow.name}` starts with the unknown step `{start}`"
            )
    for step in flow.steps.values():
        at = lines[step.name].line
        for target in targets(step):
            if not target:
                raise CatalogueError(path, at, f"`{step.name}` leads nowhere: `next` is missing")
            if target not in flow.steps and target not in (END, STOP):
                raise CatalogueError(path, at, f"`{step.name}` leads to the unknown `{target}`")
    reached = _reached(flow)
    for name, node in lines.items():
        if name not in reached:
            raise CatalogueError(path, node.line, f"no step leads to `{name}`")
        _check_silence(path, flow, name, node.line)


def targets(step: Step) -> list[str]:
    """Return where a step may lead; an empty one is missing."""
    by_option = [option.next or step.next for option in step.options]
    needs_own = step.kind not in _CHOOSES or step.slots or step.may_skip or not step.options
    return [*by_option, *([step.next] if needs_own else [])]


def _reached(flow: Flow) -> set[str]:
    reached, waiting = set(flow.starts), list(flow.starts)
    while waiting:
        found = set(targets(flow.steps[waiting.pop()])) - reached - {END, STOP}
        reached |= found
        waiting += found
    return reached


def _check_silence(path: Path, flow: Flow, name: str, line: int) -> None:
    """Refuse a circle of steps that ask nothing."""
    seen, waiting = set[str](), [name]
    while waiting:
        step = flow.steps.get(waiting.pop())
        if step is None or step.kind in _ASKS:
            continue
        found = set(targets(step)) - seen
        if name in found:
            raise CatalogueError(path, line, f"`{name}` comes back to itself without a question")
        seen |= found
        waiting += found


def _block(path: Path, fields: Mapping[str, Node], key: str) -> Mapping[str, Node]:
    return yamlfile.block(path, fields[key]) if key in fields else {}


def _number(path: Path, node: Node) -> int:
    value = yamlfile.text(path, node)
    if not value.isdecimal() or value == "0":
        raise CatalogueError(path, node.line, f"`{value}` is not a number of hours")
    return int(value)


def _is_true(path: Path, node: Node) -> bool:
    return yamlfile.choice(path, node, frozenset(("true", "false"))) == "true"


def _plain(node: Node) -> object:
    """Return a node without its lines: a comment more makes no new version."""
    if isinstance(node, Block):
        return [(key, _plain(value)) for key, value in node.items.items()]
    return [_plain(item) for item in node.items] if isinstance(node, Items) else node.value
