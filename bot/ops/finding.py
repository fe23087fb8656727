"""A finding: a stable key, a verdict and values; its sentences are in findings.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Verdict = Literal["ok", "warn", "fail", "skip"]
Language = Literal["en", "zh"]
_FILE = Path(__file__).with_name("findings.yaml")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `values` fill the sentences and are never personal data."""

    key: str
    verdict: Verdict
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """The group it belongs to, for the list of `bot doctor`."""
        return entry(self.key)["what"]

    @property
    def is_bad(self) -> bool:
        """Whether somebody should look at it."""
        return self.verdict in {"warn", "fail"}

    def sentence(self, language: Language = "en") -> str:
        """Return the sentence for the command line (en) or the console (zh)."""
        return sentence(self.key, self.values, language)


def made(key: str, verdict: Verdict, **values: Any) -> Finding:
    """Return a finding; `made("disk.low", "warn", free_mb=3, folder=path)`."""
    return Finding(key, verdict, values)


def sentence(key: str, values: Mapping[str, Any], language: Language) -> str:
    """Return the filled sentence of a key, of an incident or a field too."""
    return entry(key)[language].format(**values)


def entry(key: str) -> Mapping[str, str]:
    """Return the texts of a key; of its first part where the whole has none (`wechat.45009`)."""
    return texts().get(key) or texts()[key.partition(".")[0]]


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Return every key with its texts."""
    read: dict[str, dict[str, str]] = yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)
    return read
