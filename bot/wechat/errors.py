"""What WeChat refused, sorted by what the caller can do.

WeChatError(BotError)
├── Retry    not carried out; may be tried again after `after_s` seconds
├── Gone     this follower cannot be reached by this kind of message
├── Quota    a limit of the account is used up
├── Refused  the call or the settings are wrong; trying again changes nothing
└── Unknown  the outcome is not known: a send must not be repeated, only reconciled

The table of codes, with the words for staff, is `errcodes.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BotError

TOKEN_CODES = frozenset((40001, 40014, 42001))
TOKEN_CALL = "stable_token"  # noqa: S105 - the name of a call
DEFAULT_AFTER_S = 5.0
_RID = re.compile(r"rid:\s*([0-9A-Za-z-]{8,64})")
_TABLE_FILE = Path(__file__).with_name("errcodes.yaml")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known about a failed call; never a token, secret or openid.

    Attributes:
        api: the call, without host and query (`message/custom/send`).
        code: WeChat's errcode; None when no readable answer came.
        meaning: one sentence for staff, in Chinese.
        remedy: what staff can do, in Chinese.
        rid: WeChat's number of the failed call, good for seven days; may be empty.
        detail: what `errcodes.yaml` finds in the answer (40164: this machine's address).
        has_left: False when no connection was made.
    """

    api: str
    code: int | None
    meaning: str
    remedy: str
    rid: str = ""
    detail: str = ""
    has_left: bool = True


class WeChatError(BotError):
    """The platform refused a call."""

    def __init__(
        self,
        answer: Answer,
        *,
        after_s: float = DEFAULT_AFTER_S,
        kept: Mapping[str, Any] | None = None,
    ) -> None:
        what = "gave no answer" if answer.code is None else f"answered {answer.code}"
        super().__init__(f"{answer.api} {what}" + (f" (rid {answer.rid})" if answer.rid else ""))
        self.answer = answer
        self.code = answer.code
        self.after_s = after_s
        self.kept = kept or {}  # for the caller only: may hold openids, is not in `answer`


class Retry(WeChatError):
    """Not carried out; may be tried again after `after_s` seconds."""


class Gone(WeChatError):
    """The follower cannot be reached by this kind of message."""


class Quota(WeChatError):
    """A limit of the account is used up."""


class Refused(WeChatError):
    """The call or the settings are wrong; trying again changes nothing."""


class Unknown(WeChatError):
    """The outcome is not known; a send must not be repeated."""


_KINDS: dict[str, type[WeChatError]] = {
    "token": Retry,
    "retry": Retry,
    "gone": Gone,
    "quota": Quota,
    "refused": Refused,
}


def classify(
    errcode: int,
    errmsg: str,
    api: str,
    method: str = "POST",
    fields: Mapping[str, Any] | None = None,
) -> WeChatError:
    """Return the error for an answer with an errcode other than 0; the caller raises it.

    Only the rid, a network address (40164) and the name of a template field (47003) are taken over
    from `errmsg`, which may hold anything; of the other fields only what the table says to keep.
    """
    table = _table()
    special = table["token_call"].get(errcode) if _name(api) == TOKEN_CALL else None
    entry = special or table["codes"].get(errcode) or table["other"]
    found = re.search(entry["find"], errmsg) if "find" in entry else None
    detail = found[1] if found else ""
    rid = _RID.search(errmsg)
    answer = Answer(
        api=_name(api),
        code=errcode,
        meaning=entry["meaning"].format(detail=detail),
        remedy=entry["remedy"].format(detail=detail),
        rid=rid[1] if rid else "",
        detail=detail,
    )
    kind = _KINDS.get(entry["kind"]) or (Retry if may_repeat(method, api) else Unknown)
    given = fields or {}
    kept = {name: given[name] for name in entry.get("keep", ()) if name in given}
    return kind(answer, after_s=float(entry.get("after_s", DEFAULT_AFTER_S)), kept=kept)


def no_answer(api: str, method: str) -> WeChatError:
    """Return the error for a call that left and got no readable answer: timeout, reset, 5xx."""
    words = _table()["no_answer"]
    kind = Retry if may_repeat(method, api) else Unknown
    return kind(Answer(_name(api), None, words["meaning"], words["remedy"]))


def unreachable(api: str) -> Retry:
    """Return the error for a call that never left: no connection was made."""
    words = _table()["unreachable"]
    return Retry(Answer(_name(api), None, words["meaning"], words["remedy"], has_left=False))


def may_repeat(method: str, api: str) -> bool:
    """Say whether a call may be made twice without a second effect."""
    return method.upper() == "GET" or _name(api) in _table()["repeatable"]


def is_channel_closed(error: WeChatError) -> bool:
    """Say whether this kind of message cannot reach this one parent now, while another might.

    False for an unknown outcome: the message may have arrived.
    Source: RELIABILITY.md 2.3 (45015 and 45047 fall to another channel).
    """
    return error.code in _table()["closed"]


def is_of_account(error: WeChatError) -> bool:
    """Say whether every other parent would be refused the same way: stop the channel.

    Token (renewed once already), quota, permission, blocks, and what one broadcast gives to all.
    """
    return error.code in _of_account()


def known_codes() -> dict[int, str]:
    """Return every listed code with its kind."""
    return {code: entry["kind"] for code, entry in _table()["codes"].items()}


def _name(api: str) -> str:
    """Return a call without host, query and the usual `cgi-bin/`."""
    path = api.partition("?")[0].partition("://")[2] or api.partition("?")[0]
    path = path.partition("/")[2] if "://" in api else path
    return path.strip("/").removeprefix("cgi-bin/")


@cache
def _of_account() -> frozenset[int]:
    kinds = {code for code, kind in known_codes().items() if kind in ("token", "quota")}
    return frozenset(kinds.union(_table()["of_account"]))


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = yaml.load(_TABLE_FILE.read_bytes(), Loader=yaml.CSafeLoader)
    return table
