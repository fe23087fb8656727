"""What the texts of a crisis are called on the page where they are signed, and their groups."""

from __future__ import annotations

import re
from collections.abc import Callable

from intents.crisis_rules import CATEGORIES

#: Texts of every kind of danger.
COMMON = "common"
GROUPS = (*CATEGORIES, COMMON)
Say = Callable[[str], str]
_NUMBER = re.compile(r"\{hotline_(\d+)\}")


def group_of(text: str) -> str:
    """Return the kind of danger a text is for, or `COMMON`."""
    parts = text.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in CATEGORIES else COMMON


def title_of(text: str, say: Say) -> str:
    """Return what a text is, in words: `first.abuse.child.3` is a first reply to a child."""
    kind, *more = text.split(".")
    if group_of(text) == COMMON:
        return say("texts.name_" + text.replace(".", "_"))
    rest = more[1:]
    if kind == "first":
        return " · ".join(
            (say("texts.first"), say(f"texts.to_{rest[0]}"), say(f"inbox.severity_{rest[1]}"))
        )
    if kind == "soft":
        is_question = rest[0].startswith("ask_")
        of = say("texts.soft_ask" if is_question else "texts.soft")
        return f"{of} · {say('texts.to_' + rest[0].removeprefix('ask_'))}"
    return f"{say('texts.' + kind)} · {say('texts.answer_' + rest[0])}"


def read(text: str) -> str:
    """Return a text as a person reads it: numbers in place of their placeholders."""
    return _NUMBER.sub(r"\1", text)
