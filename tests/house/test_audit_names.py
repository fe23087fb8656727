"""Whatever is noted in the audit log has a Chinese name that the console shows."""

import re
from pathlib import Path

from bot import app
from bot.console.render import Renderer

BOT = Path(__file__).parents[2] / "bot"
NOTED = re.compile(r"(?:audit|chain)\.note\(\s*[\w.]+,\s*\w+,\s*[^\"]*?\"([a-z_]+(?:\.[a-z_]+)+)\"")


def noted():
    """Return the actions that stand in the code as plain literals, and where."""
    found = {}
    for path in sorted(BOT.rglob("*.py")):
        for match in NOTED.finditer(path.read_text(encoding="utf-8")):
            found.setdefault(match[1], path.name)
    return found


def test_every_action_noted_in_the_log_has_a_name():
    names = Renderer(("console", *(f.name for f in app.FEATURES))).actions
    found = noted()
    assert len(found) > 15
    assert {action: file for action, file in found.items() if action not in names} == {}
