"""What is wrong with a file of entries: the sentences of every file, and those of problems.yaml."""

from __future__ import annotations

from pathlib import Path

from bot.spreadsheet import problems

_sentences = problems.Sentences(problems.FILE, Path(__file__).with_name("problems.yaml"))
say, refuse = _sentences.say, _sentences.refuse


def sentences() -> dict[str, str]:
    """Return the sentences by key."""
    return dict(_sentences.all)
