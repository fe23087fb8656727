"""Every page of every feature × every role × where the role is given: nobody sees over a border.

Rows live in Tianhe and are about reading; who asks holds a role there, in another district, for the
whole city or for another topic. A page with a path parameter needs a provider below: it makes one
such row and returns what stands in the path.
"""

import re
from dataclasses import dataclass, field

import pytest

from bot.console.page import ANYBODY, STAFF
from bot.people import invitations, roles, staff
from bot.people.actor import Grant
from tests.support import world
from tests.support.office import TIANHE, YUEXIU, Office

TOPIC, OTHER_TOPIC = "study.reading", "media.game"
#: Stands in every row that is made, and so in nothing a stranger may read.
MARK = "markxq7"
PLACES = {
    "here": (TIANHE, ""),
    "elsewhere": (YUEXIU, ""),
    "the city": ("", ""),
    "another topic": (TIANHE, OTHER_TOPIC),
}
PARAMETER = re.compile(r"{(\w+)(?::[^}]*)?}")


async def person(office):
    return await office.account(f"{MARK}p", ("author", TIANHE, TOPIC), name=f"{MARK}人")


async def waiting_grant(office):
    number = await office.account(f"{MARK}g", ("author", TIANHE, TOPIC), name=f"{MARK}待")
    async with office.rt.db.write() as tx:
        grant, now = Grant("reviewer", TIANHE, TOPIC), office.clock.now()
        return await staff.propose(tx, number, grant, by=office.founder, now=now)


async def unit(office):
    """A node that only its name marks; pages ask for it by `?path=`."""
    await office.change("UPDATE unit SET name = :n WHERE path = 'gz/tianhe/shifan'", n=f"{MARK}街")
    async with office.rt.db.write() as tx:
        now, grant = office.clock.now(), Grant("author", TIANHE, TOPIC)
        await invitations.make(tx, "invite", now=now, name=f"{MARK}客", grant=grant, by=1)


#: What makes a row for a parameter, by `first step of the path / parameter`, else by parameter.
#: A feature with a parameter of its own adds a line here.
PROVIDERS = {
    "me/session": None,  # one's own, by its number: tests/bot/console/test_forms.py
    "staff/person": person,
    "staff/grant": waiting_grant,
}
#: Pages whose rows hold no topic: a role for another topic in the same place reaches them.
WITHOUT_TOPIC = ("/units", "/audit", "/search")


def key_of(page, parameter):
    named = f"{page.path.split('/')[1]}/{parameter}"
    return named if named in PROVIDERS else parameter


@dataclass
class Matrix:
    """The office with one row of everything, and browsers by role and place."""

    office: Office
    made: dict = field(default_factory=dict)
    browsers: dict = field(default_factory=dict)

    def address(self, page):
        """Return the page's address for the row that was made."""
        return PARAMETER.sub(lambda p: str(self.made.get(key_of(page, p[1]), "x")), page.path)


@pytest.fixture
async def matrix(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    async with Office.open(given) as office:
        await office.units()
        await unit(office)
        found = Matrix(office)
        for page in office.pages:
            for parameter in PARAMETER.findall(page.path):
                key = key_of(page, parameter)
                if PROVIDERS.get(key) is not None and key not in found.made:
                    found.made[key] = await PROVIDERS[key](office)
        for role in roles.load().roles:
            for place, (area, topic) in PLACES.items():
                login = f"{role}-{place.replace(' ', '-')}"
                found.browsers[role, place] = await office.staff(login, (role, area, topic))
        yield found


def has(role, page):
    return page.permission in (ANYBODY, STAFF) or page.permission in roles.load().roles[role].may


async def opened(matrix, page, browser, **fields):
    if page.method == "GET":
        return await browser.get(matrix.address(page))
    return await browser.post(matrix.address(page), **fields)


async def test_every_parameter_of_a_path_has_a_provider(matrix):
    used = {key_of(page, p) for page in matrix.office.pages for p in PARAMETER.findall(page.path)}
    assert used - PROVIDERS.keys() == set(), "add a provider: a function that makes such a row"
    assert PROVIDERS.keys() - used == set(), "no page asks for these any more"


async def test_who_lacks_the_permission_is_refused_on_every_page(matrix):
    tried = 0
    for page in matrix.office.pages:
        for (role, place), browser in matrix.browsers.items():
            if not has(role, page):
                answer = await opened(matrix, page, browser)
                assert answer.status == 403, (page.method, page.path, role, place)
                assert MARK not in answer.text, (page.method, page.path, role, place)
                tried += 1
    assert tried > 100


async def test_a_stranger_is_sent_to_the_login_by_every_page_of_the_staff(matrix):
    for page in matrix.office.pages:
        if page.permission != ANYBODY:
            answer = await opened(matrix, page, matrix.office.visitor())
            assert answer.status == (303 if page.method == "GET" else 401), page.path
            assert MARK not in answer.text


async def test_nobody_reads_over_a_border(matrix):
    """The mark of a foreign row is in no page, list, count, badge or search; its page is a 404."""
    for page in matrix.office.pages:
        for (role, place), browser in matrix.browsers.items():
            if place in ("here", "the city") or page.method != "GET" or not has(role, page):
                continue
            if place == "another topic" and page.path.startswith(WITHOUT_TOPIC):
                continue
            answer = await opened(matrix, page, browser)
            assert MARK not in answer.text, (page.path, role, place)
            if PARAMETER.search(page.path) and page.permission not in (ANYBODY, STAFF):
                assert answer.status == 404, (page.path, role, place)
            assert answer.status < 500, (page.path, role, place)


async def test_the_search_finds_nothing_over_a_border(matrix):
    for (role, place), browser in matrix.browsers.items():
        if place == "elsewhere":
            for path in ("/search", "/staff", "/units", "/entries", "/gaps", "/tickets"):
                found = await browser.get(path, q=MARK)
                typed = found.text.replace(f'value="{MARK}"', "").replace(f"“{MARK}”", "")
                assert MARK not in typed, (path, role)


async def test_nobody_changes_over_a_border(matrix):
    for page in matrix.office.pages:
        for (role, place), browser in matrix.browsers.items():
            if place != "elsewhere" or page.method != "POST" or not has(role, page):
                continue
            if not PARAMETER.search(page.path) or page.permission in (ANYBODY, STAFF):
                continue
            answer = await opened(matrix, page, browser)
            assert answer.status == 404, (page.path, role)
            assert MARK not in answer.text, (page.path, role)


async def test_no_file_that_is_saved_holds_a_row_over_a_border(matrix):
    for page in matrix.office.pages:
        for (role, place), browser in matrix.browsers.items():
            if place == "elsewhere" and has(role, page) and "export" in page.path:
                answer = await opened(matrix, page, browser)
                assert answer.status < 500, (page.path, role)
                assert MARK.encode() not in answer.body, (page.path, role)


async def test_where_it_is_given_and_in_the_whole_city_the_page_opens(matrix):
    """The matrix would also pass if nothing ever opened."""
    for page in matrix.office.pages:
        if page.method != "GET" or page.permission in (ANYBODY, STAFF):
            continue
        for place in ("here", "the city"):
            statuses = {
                role: (await opened(matrix, page, browser)).status
                for (role, at), browser in matrix.browsers.items()
                if at == place and has(role, page)
            }
            assert set(statuses.values()) & {200, 404}, (page.path, statuses)
            if PARAMETER.search(page.path) and place == "the city":
                assert 200 in statuses.values(), (page.path, statuses)
