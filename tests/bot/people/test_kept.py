"""What is kept is called by words parents know: every value of ours has one."""

from pathlib import Path

import pytest
import yaml

import bot
from bot import app
from bot.curation.waiting import Wish
from bot.handoff.tables import Kind, Side, State
from bot.people.kept import kept, word
from intents.slots import BANDS
from knowledge.judge import Band

BOT = Path(bot.__file__).parent
MESSAGES = yaml.safe_load((BOT / "handoff" / "messages.yaml").read_text("utf-8"))
CATEGORIES = [
    k.removeprefix("inbox.category_") for k in MESSAGES if k.startswith("inbox.category_")
]
LINES = [k.removeprefix("inbox.line_") for k in MESSAGES if ".line_" in k]
VALUES = [
    ("answers", "band", [str(b) for b in Band]),
    ("answers", "stage", list(BANDS)),
    ("answers", "vote", ["1", "-1"]),
    ("curation", "state", [str(w) for w in Wish]),
    ("curation", "reason", ["declined", "none_meant", "not_helpful"]),
    ("handoff", "kind", [str(k) for k in Kind]),
    ("handoff", "state", [str(s) for s in State]),
    ("handoff", "side", [str(s) for s in Side]),
    ("handoff", "category", CATEGORIES),
    ("handoff", "line", LINES),
    ("handoff", "choice", ["1", "2", "3"]),
    ("profile", "waits", ["choice", "crisis", "delete_me", "person"]),
]


@pytest.mark.parametrize(("feature", "kind", "values"), VALUES)
def test_every_value_has_a_word(feature, kind, values):
    assert values
    assert [v for v in values if word(feature, kind, v) == v] == []


def test_a_value_without_a_word_stands_for_itself():
    assert word("handoff", "side", "ghost") == "ghost"
    assert word("handoff", "side", None) == ""


def test_rows_have_the_columns_that_were_named():
    with pytest.raises(AssertionError):
        kept("profile", "links", [(1, 2)])
    made = kept("profile", "links", [(1, 2, 3)], days=1)
    assert (len(made.columns), made.rows, made.days) == (3, ((1, 2, 3),), 1)


def test_whatever_keeps_something_of_parents_reads_it_for_them():
    erases = {f.name for f in app.FEATURES if f.erase is not None}
    assert erases <= {f.name for f in app.FEATURES if f.export is not None}
