"""A campaign that another feature would like to be made: only a draft, approved like any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """What is proposed. `source` names whose wish it is and is unique (`week:12`).

    `channel` is a wish (`mass`, `notice`, `custom`), empty for none; `page` is a path below `/h`
    that the message leads to; `consent` the kind whose withdrawal stops it.
    """

    source: str
    area: str
    title: str
    text: str
    channel: str
    not_before: datetime
    page: str
    consent: str
