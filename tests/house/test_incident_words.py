"""Whatever is reported as an incident has a sentence: the page of health shows it."""

import re
from pathlib import Path

from bot.ops import finding

BOT = Path(__file__).parents[2] / "bot"
REPORTED = re.compile(r'\breport(?:_in)?\(\s*tx,\s*"([a-z_.]+)"')


def test_every_incident_has_words_in_both_languages():
    found = {k for p in BOT.rglob("*.py") for k in REPORTED.findall(p.read_text("utf-8"))}
    assert "broadcast.paused" in found
    told = {k for k in finding.texts() if k.startswith("broadcast.")}
    assert told <= found, "a sentence nobody reports"
    for key in found:
        assert {"en", "zh"} <= finding.entry(key).keys(), key
