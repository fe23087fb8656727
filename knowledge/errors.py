"""Faults of the knowledge files; each is one sentence that names file and line."""

from __future__ import annotations

from pathlib import Path


class KnowledgeError(Exception):
    """Something under knowledge/ cannot be used."""


class FileFault(KnowledgeError):
    """A file is broken: the message begins with its path and line; `field` names what is wrong."""

    def __init__(self, path: Path, line: int | None, problem: str, *, field: str = "") -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {problem}")
        self.path, self.line, self.problem, self.field = path, line, problem, field


class IndexBroken(KnowledgeError):
    """A saved index cannot be read: built by another version, or damaged."""
