"""The results of a campaign as a file: figures by state and reason, and no person."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from bot.campaigns.results import Progress, Variant
from bot.console.render import Renderer

KINDS = {"csv": "text/csv"}
_BOM = "\ufeff"


def write(
    words: Renderer,
    why: Callable[[str], str],
    now: Progress,
    reasons: Sequence[tuple[str, str, str, int]],
    variants: Sequence[Variant],
) -> bytes:
    """Return the file; cells are our own words and numbers only."""
    held = io.StringIO()
    rows = csv.writer(held)
    say = words.text
    rows.writerow([say("campaign.sheet_state"), say("campaign.sheet_channel"),
                   say("campaign.sheet_reason"), say("campaign.sheet_count")])  # fmt: skip
    for state, channel, reason, count in reasons:
        rows.writerow([say(f"campaign.row_{state}"), say(f"campaign.channel_{channel}"),
                       why(reason), count])  # fmt: skip
    rows.writerow([say("campaign.sheet_sum"), "", "", now.frozen])
    for one in variants:
        few = say("campaign.few_shown")
        rows.writerow([say("campaign.sheet_variant", name=one.name), "",
                       say("campaign.sheet_clicked"),
                       few if one.clicked is None else one.clicked])  # fmt: skip
    return (_BOM + held.getvalue()).encode()
