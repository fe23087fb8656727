"""rules.yaml: times and lists of the crisis flow, as one frozen record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything of rules.yaml."""

    silence: timedelta
    answer_minutes: int
    again: timedelta
    next: timedelta
    quiet: timedelta
    follow_up: timedelta
    follow_up_keep: timedelta
    hold_categories: frozenset[str]
    hold_severity: int
    hold: timedelta
    review_days: int
    always: frozenset[str]
    outcomes: tuple[str, ...]
    signatures: tuple[str, ...]

    def holds(self, category: str, severity: int) -> bool:
        """Say whether the record of such a crisis is kept against deletion."""
        return category in self.hold_categories and severity >= self.hold_severity


@cache
def rules() -> Rules:
    """Read rules.yaml."""
    path = Path(__file__).parent / "rules.yaml"
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Rules(
        silence=timedelta(minutes=data["silence_minutes"]),
        answer_minutes=data["answer_minutes"],
        again=timedelta(minutes=data["again_minutes"]),
        next=timedelta(minutes=data["next_minutes"]),
        quiet=timedelta(days=data["quiet_days"]),
        follow_up=timedelta(hours=data["follow_up_hours"]),
        follow_up_keep=timedelta(hours=data["follow_up_keep_hours"]),
        hold_categories=frozenset(data["hold_categories"]),
        hold_severity=data["hold_severity"],
        hold=timedelta(days=data["hold_days"]),
        review_days=data["review_days"],
        always=frozenset(data["always"]),
        outcomes=tuple(data["outcomes"]),
        signatures=tuple(data["signatures"]),
    )
