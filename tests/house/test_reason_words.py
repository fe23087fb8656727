"""Whatever the ledger gives as a reason has words: staff never read a key."""

import re
from pathlib import Path

from bot.delivery import reasons

DELIVERY = Path(__file__).parents[2] / "bot" / "delivery"
#: A reason that is given to a row or an order, and one that pauses an order.
GIVEN = re.compile(r'(?:reason=|pause\(\w+, [\w.]+, |reason = Stage\.\w+, )"([a-z_]+)"')


def test_every_reason_of_the_code_has_words():
    code = "\n".join(path.read_text("utf-8") for path in DELIVERY.glob("*.py"))
    given = set(GIVEN.findall(code))
    assert {"refusals", "count_changed", "restored", "again", "tag_gone"} <= given
    assert given <= reasons.known()
