"""Values for the fields of template messages and subscription notices, made to fit their kind.

The rules are data: `fields_rules.yaml`. A value outside its rule is refused with 47003.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import yaml

from bot.wechat import texts

Why: TypeAlias = Literal["missing", "empty", "long", "form", "choice", "unknown"]

_RULES_FILE = Path(__file__).with_name("fields_rules.yaml")
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that the platform would refuse; never its value."""

    key: str
    why: Why


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of field may hold; see `fields_rules.yaml`."""

    limit: int
    form: re.Pattern[str]
    drop: re.Pattern[str] | None = None
    cut: bool = False
    tail: str = ""
    narrow: bool = False
    latin: Rule | None = None


def fit(key: str, value: str) -> str:
    """Return a value on one line, cleaned and cut to the rule of its kind (`thing1`: thing).

    Lengths are UTF-16 units; no emoji family, flag or accent is ever split. A number, time, date,
    amount, phone or number plate that is too long is not cut: `faults` names it. The result may be
    empty. Fitting twice is fitting once.
    """
    rule, line = rule_of(key), one_line(value)
    if rule.narrow:
        line = one_line(unicodedata.normalize("NFKC", line))
    if rule.latin and rule.latin.form.fullmatch(line):
        return texts.leading(line, rule.latin.limit).strip()
    if rule.drop:
        line = rule.drop.sub("", line).strip()
    if not rule.cut or texts.units(line) <= rule.limit:
        return line
    return texts.leading(line, rule.limit - len(rule.tail)).rstrip() + rule.tail


def faults(
    data: Mapping[str, str],
    fields: Sequence[str],
    choices: Mapping[str, Sequence[str]] | None = None,
) -> list[Fault]:
    """Return what the platform would refuse, in the order of the template's fields.

    Args:
        data: the values to be sent, by key.
        fields: every key of the template; each must have a value, and there are no others.
        choices: the values that an `enum` or `const` field may have, where they are known.
    """
    allowed = choices or {}
    found = [(key, _fault(key, data.get(key), allowed.get(key))) for key in fields]
    known = [Fault(key, why) for key, why in found if why]
    return known + [Fault(key, "unknown") for key in data if key not in fields]


def rule_of(key: str) -> Rule:
    """Return the rule of a key; a kind that is not listed gets that of `other`."""
    kinds, other = _rules()
    return kinds.get(key.rstrip("0123456789"), other)


def one_line(value: str) -> str:
    """Return a value without line breaks, controls and invisible format characters."""
    line = " ".join(texts.clean(value).split())
    kept = "".join(sign for sign in line if sign == _JOINER or not _is_hidden(sign))
    return " ".join(kept.split())


def _is_hidden(sign: str) -> bool:
    """Say whether a sign is a control or format character; the tags of flags are kept."""
    return unicodedata.category(sign) in {"Cc", "Cf"} and not "\U000e0020" <= sign <= "\U000e007f"


def _fault(key: str, value: str | None, choices: Sequence[str] | None) -> Why | None:
    if value is None:
        return "missing"
    if not value.strip():
        return "empty"
    if choices and value not in choices:
        return "choice"
    rule = rule_of(key)
    if value != one_line(value):
        return "form"
    if rule.latin and rule.latin.form.fullmatch(value):
        rule = rule.latin
    if texts.units(value) > rule.limit:
        return "long"
    return None if rule.form.fullmatch(value) else "form"


@cache
def _rules() -> tuple[Mapping[str, Rule], Rule]:
    told: dict[str, Any] = yaml.load(_RULES_FILE.read_bytes(), Loader=yaml.CSafeLoader)
    return {kind: _rule(rule) for kind, rule in told["kinds"].items()}, _rule(told["other"])


def _rule(told: dict[str, Any]) -> Rule:
    made = dict(told)
    for name in {"form", "drop"} & told.keys():
        made[name] = re.compile(told[name])
    if "latin" in told:
        made["latin"] = _rule(told["latin"])
    return Rule(**made)
