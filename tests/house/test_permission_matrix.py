"""Every page of every feature × every role × where the role is given: nobody sees over a border.

Rows live in Tianhe and are about reading; who asks holds a role there, in another district, for the
whole city or for another topic. A page with a path parameter needs a provider below: it makes one
such row and returns what stands in the path.
"""

from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from bot.console.page import ANYBODY, STAFF
from bot.people import roles
from tests.support import samples, world
from tests.support.desk import all_cells
from tests.support.office import TIANHE, YUEXIU, Office
from tests.support.samples import MARK, OTHER_TOPIC, PLACE_MARK

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("matrix")]
PLACES = {
    "here": (TIANHE, ""),
    "elsewhere": (YUEXIU, ""),
    "the city": ("", ""),
    "another topic": (TIANHE, OTHER_TOPIC),
}
#: Rows of the audit log have a place and no topic.
WITHOUT_TOPIC = ("/audit",)
FOREIGN = ("elsewhere", "another topic")


@dataclass
class Matrix:
    """The office with one row of everything, and browsers by role and place."""

    office: Office
    made: dict = field(default_factory=dict)
    browsers: dict = field(default_factory=dict)
    actors: dict = field(default_factory=dict)

    def address(self, page):
        """Return the page's address for the row that was made."""
        return samples.filled(page.path, self.made)

    def has(self, who, page):
        """Say whether somebody holds the page's permission, wherever."""
        return page.permission in (ANYBODY, STAFF) or self.actors[who].may(page.permission)

    def every(self, *places, method=None, holding=None):
        """Yield (page, who, browser): who holds the permission, or (False) who does not."""
        for page in self.office.pages:
            for who, browser in self.browsers.items():
                fits = method in (None, page.method) and (not places or who[1] in places)
                if fits and holding in (None, self.has(who, page)):
                    yield page, who, browser

    async def opens(self, page, browser):
        if page.method == "GET":
            return await browser.get(self.address(page))
        return await browser.post(self.address(page))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def matrix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("matrix")
    given = world.settings(folder, f"sqlite:///{folder}/bot.db")
    async with Office.open(given, base=True) as office:
        await office.units()
        found = Matrix(office, await samples.make_all(office))
        for role in roles.load().roles:
            for where, (area, topic) in PLACES.items():
                login = f"{role}-{where.replace(' ', '-')}"
                browser = await office.staff(login, (role, area, topic))
                found.browsers[role, where] = browser
                found.actors[role, where] = await browser.actor()
        yield found


def is_about_a_row(page):
    return bool(samples.keys_of(page.path)) and page.permission not in (ANYBODY, STAFF)


async def test_every_parameter_of_a_path_has_a_provider(matrix):
    used = {key for page in matrix.office.pages for key in samples.keys_of(page.path)}
    assert used - samples.PROVIDERS.keys() == set(), (
        "add a provider: a function that makes such a row"
    )
    assert samples.PROVIDERS.keys() - used == set(), "no page asks for these any more"


async def test_who_lacks_the_permission_is_refused_on_every_page(matrix):
    tried = 0
    # who lacks it altogether lacks it everywhere: the place changes nothing but the hour
    for page, who, browser in matrix.every("here", "the city", holding=False):
        answer = await matrix.opens(page, browser)
        assert answer.status == 403, (page.method, page.path, who)
        assert MARK not in answer.text, (page.method, page.path, who)
        tried += 1
    assert tried > 100


async def test_a_stranger_is_sent_to_the_login_by_every_page_of_the_staff(matrix):
    for page in matrix.office.pages:
        if page.permission != ANYBODY:
            answer = await matrix.opens(page, matrix.office.visitor())
            assert answer.status == (303 if page.method == "GET" else 401), page.path
            assert MARK not in answer.text


async def test_nobody_reads_over_a_border(matrix):
    """The mark of a foreign row is in no page, list, badge or choice; its own page is a 404."""
    for page, who, browser in matrix.every(
        "elsewhere", "another topic", method="GET", holding=True
    ):
        answer = await matrix.opens(page, browser)
        assert answer.status < 500, (page.path, who)
        if who[1] == "elsewhere":
            assert PLACE_MARK not in answer.text, (page.path, who)
        elif page.path in WITHOUT_TOPIC:
            continue
        assert MARK not in answer.text, (page.path, who)
        if is_about_a_row(page):
            assert answer.status == 404, (page.path, who)


async def test_the_search_finds_nothing_over_a_border(matrix):
    for who, browser in matrix.browsers.items():
        if who[1] == "elsewhere":
            for path in ("/search", "/staff", "/units", "/entries", "/audit"):
                for mark in (MARK, PLACE_MARK):
                    found = (await browser.get(path, q=mark, target=mark)).text
                    typed = (f'value="{mark}"', f"“{mark}”", f"={mark}")
                    for mine in typed:
                        found = found.replace(mine, "")
                    assert mark not in found, (path, who)


async def test_nobody_changes_over_a_border(matrix):
    before = await all_cells(matrix.office.rt.db)
    for page, who, browser in matrix.every(*FOREIGN, method="POST", holding=True):
        if is_about_a_row(page):
            answer = await matrix.opens(page, browser)
            assert answer.status in (400, 403, 404, 409, 422), (page.path, who)
            assert MARK not in answer.text, (page.path, who)
    assert await all_cells(matrix.office.rt.db) == before


async def test_no_file_that_is_saved_holds_a_row_over_a_border(matrix):
    for page, who, browser in matrix.every("elsewhere", holding=True):
        if "export" in page.path or page.path.endswith((".csv", ".xlsx")):
            answer = await matrix.opens(page, browser)
            assert answer.status < 500, (page.path, who)
            assert MARK.encode() not in answer.body, (page.path, who)


async def test_in_the_whole_city_the_page_of_the_row_opens(matrix):
    """All the others would also pass if nothing ever opened."""
    opened = {}
    for page, who, browser in matrix.every("the city", method="GET", holding=True):
        is_made = all(samples.PROVIDERS[key] for key in samples.keys_of(page.path))
        if is_about_a_row(page) and is_made:
            opened.setdefault(page.path, {})[who[0]] = (await matrix.opens(page, browser)).status
    assert [path for path, found in opened.items() if 200 not in found.values()] == []
