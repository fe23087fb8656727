"""The calendar file against a strict reader of RFC 5545, written for this test."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.sessions import calendar_file

BEGINS = datetime(2026, 11, 26, 9, tzinfo=UTC)
PAGE = "https://bot.example.cn/h/sessions/abcd"


def session(**more):
    values = {
        "code": "abcd", "title": "放学第一句话", "place": "示范一小", "text": "来吧", "revision": 3,
        "starts_at": BEGINS, "ends_at": BEGINS + timedelta(hours=1), "state": "open",
    } | more  # fmt: skip
    return SimpleNamespace(**values)


def parsed(content):
    """Return [(name, value)]; anything RFC 5545 does not allow fails."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    raw = content[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in raw)
    for line in raw:
        line.decode()  # no character is torn apart
    lines = []
    for line in raw:
        if line.startswith(b" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    found, open_ = [], []
    for line in (one.decode() for one in lines):
        match = re.fullmatch(r"([A-Z][A-Z-]*):([^\x00-\x08\x0a-\x1f\x7f]*)", line)
        assert match, line
        name, value = match.groups()
        if name == "BEGIN":
            open_.append(value)
        elif name == "END":
            assert open_.pop() == value
        found.append((name, value))
    assert open_ == []
    return found


def plain(value):
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value)
    pairs = {"\\n": "\n", "\\;": ";", "\\,": ",", "\\\\": "\\"}
    return re.sub(r"\\.", lambda m: pairs[m[0]], value)


@pytest.mark.parametrize("text", [
    "一句话" * 60, "a;b,c\\d", "两行\n三行\r\n四行", "BEGIN:VEVENT\nEND:VEVENT", "\u0000\u0007x",
    "", "\\n", "a" * 74, "a" * 200, "\N{FAMILY}" * 40,
])  # fmt: skip
def test_every_text_comes_back_as_it_was(text):
    found = dict(parsed(calendar_file.made(session(text=text, title=text), PAGE, BEGINS)))
    wanted = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or c.isprintable())
    assert plain(found["DESCRIPTION"]) in (wanted, plain(found["SUMMARY"]))
    assert plain(found["SUMMARY"]) == wanted


def test_times_are_utc_and_the_event_can_be_replaced():
    found = dict(parsed(calendar_file.made(session(), PAGE, BEGINS - timedelta(days=1))))
    assert (found["DTSTART"], found["DTEND"]) == ("20261126T090000Z", "20261126T100000Z")
    assert found["DTSTAMP"] == "20261125T090000Z"
    assert (found["UID"], found["SEQUENCE"], found["STATUS"]) == (
        "abcd@sessions", "3", "CONFIRMED",
    )  # fmt: skip
    assert found["URL"] == PAGE


def test_a_cancelled_one_says_so_and_rings_no_more():
    found = parsed(calendar_file.made(session(state="cancelled"), "", BEGINS))
    assert ("STATUS", "CANCELLED") in found
    assert ("BEGIN", "VALARM") not in found
    assert "URL" not in dict(found)


async def test_the_page_sends_the_file(gate):
    made = await gate.session()
    answer = await gate.house.get(f"/h/sessions/{made.code}/ics")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert dict(parsed(answer.body))["DTSTART"] == "20261126T090000Z"
