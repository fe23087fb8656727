"""Faults of the files under intents/; each is one sentence that names file and line."""

from __future__ import annotations

from pathlib import Path


class IntentsError(Exception):
    """Something under intents/ cannot be used."""


class CatalogueError(IntentsError):
    """A file is broken: the message begins with its path and line."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {problem}")
        self.path, self.line, self.problem = path, line, problem


class TemplateError(IntentsError):
    """A sentence template cannot be read."""


class UnknownReply(IntentsError):
    """No reply of that name, or a placeholder without a value."""


class UnknownSlot(IntentsError):
    """No slot of that name."""
