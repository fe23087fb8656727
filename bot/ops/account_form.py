"""The form of the account's settings: each field judged by itself, faults as keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.errors import InvalidInput
from bot.ops.account import NAMES, Account
from bot.secret_forms import aes_key_fault, token_fault

MODES = ("plain", "compatible", "safe")
_FORMS: dict[str, Callable[[str], object]] = {
    "account_id": re.compile(r"gh_[A-Za-z0-9_-]{1,61}").fullmatch,
    "app_id": re.compile(r"[A-Za-z0-9_-]{4,32}").fullmatch,
    "app_secret": re.compile(r"[A-Za-z0-9]{16,64}").fullmatch,
    "mode": lambda text: text in MODES,
}
#: What a rotation keeps: the value of before goes on being accepted.
_FORMER = {"token": "previous_token", "aes_key": "previous_aes_key"}


class AccountFaulty(InvalidInput):
    """Fields are not valid; `faults` is a key (`field.…` in findings.yaml) for each."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {key}" for name, key in faults.items()))
        self.faults = faults


def check(current: Account, given: Mapping[str, str]) -> dict[str, str]:
    """Return what to save of the fields given: what has changed, and what a rotation keeps.

    A field that is not given stays; an empty one is taken away. `current` is the account in force.

    Raises:
        AccountFaulty: with a key for each field that is wrong, all at once.
    """
    asked = {name: text.strip() for name, text in given.items()}
    faults = {name: key for name, text in asked.items() if (key := _fault(current, name, text))}
    changed = {n: t for n, t in asked.items() if t != current[n]}
    after = dict(current.values) | asked
    if not faults and _needs_key(after):
        faults["aes_key"] = "field.needed"
    if faults:
        raise AccountFaulty(faults)
    for name, former in _FORMER.items():
        is_free = former not in asked and not current.fixed & {name, former}
        if changed.get(name) and current[name] and is_free:
            changed[former] = current[name]
    return changed


def _fault(current: Account, name: str, text: str) -> str:
    if name not in NAMES:
        return "field.unknown"
    if name in current.fixed:
        return "" if text == current[name] else "field.fixed"
    if name in {"token", "previous_token"}:
        fault = token_fault(text)
        return f"field.{fault}" if fault else ""
    if name in {"aes_key", "previous_aes_key"}:
        fault = aes_key_fault(text)
        return f"field.{fault}" if fault else ""
    return "field.form" if text and not _FORMS[name](text) else ""


def _needs_key(after: Mapping[str, str]) -> bool:
    is_plain = after.get("mode") == "plain"
    return bool(after.get("token")) and not is_plain and not after.get("aes_key")
