"""What is wrong, in the words of the person who uploaded it: problems.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from bot.errors import InvalidInput

_FILE = Path(__file__).with_name("problems.yaml")
#: As much of a cell as a sentence quotes.
_QUOTED = 100


@cache
def sentences() -> dict[str, str]:
    """Return the sentences by key."""
    found: dict[str, str] = yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)
    return found


def say(key: str, **values: object) -> str:
    """Return a sentence with its values filled in, each on one line and cut short."""
    return sentences()[key].format(**{name: _short(str(v)) for name, v in values.items()})


def refuse(key: str, **values: object) -> InvalidInput:
    """Return the error that a file as a whole is refused with."""
    return InvalidInput(say(key, **values))


def _short(value: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in value[: 4 * _QUOTED]).split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"
