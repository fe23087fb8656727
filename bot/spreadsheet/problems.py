"""What is wrong with a file, in the words of the person who uploaded it: problems.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import yaml

from bot.errors import InvalidInput

#: As much of a cell as a sentence quotes.
_QUOTED = 100


class Sentences:
    """The sentences of one or more files, read when the first is needed."""

    def __init__(self, *files: Path) -> None:
        self._files = files

    @cached_property
    def all(self) -> Mapping[str, str]:
        """Every sentence by its key; a later file's counts."""
        found: dict[str, str] = {}
        for file in self._files:
            found |= yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
        return found

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its values filled in, each on one line and cut short."""
        return self.all[key].format(**{name: _short(str(v)) for name, v in values.items()})

    def refuse(self, key: str, **values: object) -> InvalidInput:
        """Return the error that a file as a whole is refused with."""
        return InvalidInput(self.say(key, **values))


def _short(value: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in value[: 4 * _QUOTED]).split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"


FILE = Path(__file__).with_name("problems.yaml")
_general = Sentences(FILE)
say, refuse = _general.say, _general.refuse
