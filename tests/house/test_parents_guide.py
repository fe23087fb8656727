"""docs/parents.md shows every page that parents open, with pictures that are there and small."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import app

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "parents.md").read_text("utf-8")
PICTURES = DOCS / "images" / "parents"
MOST_BYTES = 80 * 1024
#: What a GET answers that is no page to look at, and why.
NO_PAGES = {
    "/c/{token}": "leads on at once",
    "/s/{code}": "leads on at once",
    "/login": "leads on at once",
    "/login/back": "leads on at once; what may go wrong is shown with the faults",
    "/mine/learning/{course}": "leads on at once",
    "/data/{key}/file": "a download",
    "/sessions/{code}/ics": "a download",
    "/mine/certificates/{serial}/picture": "a picture",
    "/sessions/{code}/follow": "a picture",
    "/sessions/{code}/pass": "a picture",
    "/week/own/{photo}": "a picture",
    "/week/photos/{photo}": "a picture",
    "/sdk": "JSON for a script",
    "/verify/keys": "JSON for a program",
}
SITE = app.parents_site(SimpleNamespace())
PATHS = sorted({page.path for page in SITE.pages if page.method == "GET"})
#: A block of the guide begins with its paths in bold.
BLOCKS = [block.partition("**") for block in re.split(r"^\*\*", GUIDE, flags=re.MULTILINE)[1:]]


@pytest.mark.parametrize("path", [path for path in PATHS if path not in NO_PAGES])
def test_every_page_has_its_words_and_a_picture(path):
    own = [told for paths, _, told in BLOCKS if f"`{path}`" in paths]
    assert own, f"{path} is not named in docs/parents.md"
    assert any("<img " in told for told in own), f"{path} has no picture"


def test_what_is_no_page_is_still_there():
    assert set(PATHS) >= NO_PAGES.keys()


def test_pictures_are_there_small_and_of_a_phone():
    used = set(re.findall(r'src="images/parents/([^"]+)"', GUIDE))
    kept = {one.name for one in PICTURES.iterdir()}
    assert used == kept
    for name in kept:
        data = (PICTURES / name).read_bytes()
        assert len(data) <= MOST_BYTES, name
        assert int.from_bytes(data[16:20], "big") == 375, name
