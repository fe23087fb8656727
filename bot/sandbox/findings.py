"""What the platform has to say about a reply: a code for tests, a sentence for the developer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox import texts


@dataclass(frozen=True)
class Finding:
    """One remark; the sentence is Chinese."""

    code: str
    sentence: str


class Broken(Exception):
    """The reply cannot be shown, so the user sees the fault text."""

    def __init__(self, found: Finding) -> None:
        self.finding = found
        super().__init__(found.code)


def note(code: str, **values: object) -> Finding:
    """Return a remark that does not stop the reply."""
    return Finding(code, texts.finding(code, **values))


def broken(code: str, **values: object) -> Broken:
    """Return the error to raise for a reply that cannot be shown."""
    return Broken(note(code, **values))
