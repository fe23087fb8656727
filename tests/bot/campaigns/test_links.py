"""A parent's signed link and the page of past messages, over HTTP."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot import app
from bot.campaigns import links
from bot.clock import HandClock
from bot.delivery import clicks, freeze
from tests.support.campaigning import WORDS, Team, draft
from tests.support.parents import House
from tests.support.sending import add_people
from tests.support.staffing import hire


@pytest.fixture
async def house(sqlite_settings):
    async with House.open(sqlite_settings) as opened:
        yield opened


async def sent(house, **changes):
    """Order a campaign to thirty parents behind the house's back; returns its number and a link."""
    given = house.city.settings.model_copy(update={"public_url": "https://bot.example.cn"})
    clock = HandClock(house.clock.now())
    async with app.opened(given, clock=clock) as rt:
        async with rt.db.write() as tx:
            await add_people(tx, [f"oParent_{n:03d}" for n in range(30)], clock.now())
        team = Team(SimpleNamespace(rt=rt))
        for name in ("ann", "bob"):
            team.actors[name] = await hire(rt, name, ("operator", "", ""))
        number = await team.create("ann", draft("", **changes))
        await team.submit("ann", number, "bob")
        await team.approve("bob", number, count=30)
        broadcast = (await team.one("ann", number)).broadcast
        await freeze.freeze(rt, broadcast)
        async with rt.db.write() as tx:
            await tx.exec_driver_sql("UPDATE broadcast SET stage = 'finished'")
        (row, *_) = await house.city.rows("SELECT n FROM delivery ORDER BY n")
        return number, f"/h/c/{clicks.token(rt, broadcast, row['n'])}"


async def clicked(house):
    (row,) = await house.city.rows("SELECT count(clicked_at) AS n FROM delivery")
    return row["n"]


async def test_a_link_is_counted_once_and_leads_on(house):
    _, path = await sent(house)
    for _ in range(2):
        answer = await house.send("GET", path)
        assert (answer.status, answer.headers["Location"]) == (302, "/h/past")
    assert await clicked(house) == 1
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t[:-4] + "AAAA", lambda t: "x"])
async def test_a_link_that_is_not_ours_is_a_kind_page(house, spoil):
    _, path = await sent(house)
    head, _, token = path.rpartition("/")
    answer = await house.send("GET", f"{head}/{spoil(token)}")
    assert (answer.status, "看往期" in answer.text) == (404, True)
    assert await clicked(house) == 0


@pytest.mark.parametrize(
    ("target", "is_allowed"),
    [
        ("https://edu.gz.gov.cn/x", True),
        ("/h/past", True),
        ("http://edu.gz.gov.cn/x", False),
        ("//evil.example", False),
        ("/console/", False),
        ("/h/../console/", False),
        ("/h/\\evil", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_where_a_link_may_lead(target, is_allowed):
    assert links.is_allowed(target) is is_allowed


async def test_past_messages_are_those_marked_public(house):
    words = replace(WORDS, text="公开课改到周日：{link}", target="https://edu.gz.gov.cn/x")
    number, _ = await sent(house, words=words, is_public=True)
    page = await house.send("GET", "/h/past")
    assert WORDS.title in page.text
    one = await house.send("GET", f"/h/past/{number}")
    assert "公开课改到周日：https://edu.gz.gov.cn/x" in one.text
    assert (await house.send("GET", "/h/past/99")).status == 404
    assert (await house.send("GET", "/h/past/x")).status == 404
    assert WORDS.title in (await house.send("GET", "/h/past?stage=primary")).text
    assert (await house.send("GET", "/h/past?stage=nonsense")).status == 200


async def test_what_is_not_public_is_in_no_list(house):
    number, _ = await sent(house)
    assert WORDS.title not in (await house.send("GET", "/h/past")).text
    assert (await house.send("GET", f"/h/past/{number}")).status == 404
