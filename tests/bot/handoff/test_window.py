"""The window of the platform: 48 hours and five messages after the parent wrote."""

from datetime import timedelta

import pytest

from bot.handoff import window
from tests.support import world
from tests.support.desk import MORNING


@pytest.mark.parametrize(
    ("after", "sent", "left", "reason"),
    [
        ({"hours": 0}, 0, 5, ""),
        ({"hours": 47, "minutes": 59}, 1, 4, ""),
        ({"hours": 48}, 0, 5, "inbox.window_closed"),
        ({"hours": 1}, 5, 0, "inbox.window_used_up"),
        ({"hours": 1}, 6, 0, "inbox.window_used_up"),
    ],
)
def test_what_may_still_be_said(tmp_path, after, sent, left, reason):
    given = world.settings(tmp_path, "")
    found = window.of(given, last_at=MORNING, sent=sent, now=MORNING + timedelta(**after))
    assert (found.left, found.reason, found.is_open) == (left, reason, not reason)


def test_the_numbers_are_settings(tmp_path):
    given = world.settings(tmp_path, "", customer_window_hours=1, customer_messages=2)
    found = window.of(given, last_at=MORNING, sent=1, now=MORNING + timedelta(minutes=59))
    assert (found.left, found.is_open) == (1, True)


def test_a_parent_who_only_tapped_the_menu_cannot_be_written_to(tmp_path):
    found = window.of(world.settings(tmp_path, ""), last_at=None, sent=0, now=MORNING)
    assert found.reason == "inbox.window_never"
