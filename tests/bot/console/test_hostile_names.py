"""Names are text wherever they are shown: nothing in them becomes markup, script or a formula."""

import csv
import io
from html.parser import HTMLParser

import pytest

from bot.console import sheets
from bot.org.tree import Unit, add
from bot.people import staff
from bot.people.actor import Grant

VECTORS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>',
    "'><b onmouseover=alert(1)>", "</title><script>1</script>", "<!--", "{{7*7}}", "{% raw %}",
    "javascript:alert(1)", "]]><script>1</script>", "</textarea><script>1",
    "&lt;script&gt;1", "\u202e<iframe src=//e>",
)  # fmt: skip
PAGES = ("/", "/me", "/staff", "/staff/2", "/staff/grants", "/staff/3", "/units?path=gz/tianhe",
         "/audit", "/search?q=a", "/units?q=a", "/staff/3/grants/new", "/staff/invite",
         "/units/new?parent=gz/tianhe/evil", "/no/such")  # fmt: skip


class Marked(HTMLParser):
    """Collects what a browser would run or fetch."""

    def __init__(self, text):
        super().__init__()
        self.odd, self.scripts = [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag in ("iframe", "b") or (tag == "img" and dict(attrs).get("src") == "x"):
            self.odd.append(tag)
        self.scripts += tag == "script"
        self.odd += [name for name, _ in attrs if name.startswith("on")]
        self.odd += [v for k, v in attrs if k == "href" and v and v.startswith("javascript:")]


@pytest.mark.parametrize("vector", VECTORS)
async def test_a_hostile_name_stays_text_on_every_page(office, vector):
    name = vector[:40]
    await office.units()
    admin = await office.staff("admin", ("admin", "", ""), name=name)
    other = await office.account("other", ("editor", "gz/tianhe", ""), name=name)
    async with office.rt.db.write() as tx:
        now = office.clock.now()
        await add(tx, Unit("gz/tianhe/evil", "gz/tianhe", "school", f"a{name}", "primary"), now)
        await staff.propose(tx, other, Grant("lead", "gz/tianhe/evil"), by=office.founder, now=now)
    renamed = await admin.post("/units/rename", path="gz/tianhe/shifan", name=name)
    assert renamed.status == 303
    plain = Marked((await admin.get("/me")).text).scripts
    for path in PAGES:
        page = Marked((await admin.get(path)).text)
        assert (page.odd, page.scripts) == ([], plain), path
    asked = await admin.get("/search", q=vector)
    assert Marked(asked.text).odd == []
    assert "“49”" not in asked.text


CELLS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "\uff0b1", "\uff0d1",
    "\uff201", '=HYPERLINK("http://e")', "-2+3+cmd|' /C calc'!A0", '="x"', "  @x", "\u3000=1",
    "@x", "=",
)  # fmt: skip


@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_is_a_formula(cell):
    content = sheets.as_csv(["head"], [[cell]]).decode("utf-8-sig")
    ((_,), (kept,)) = csv.reader(io.StringIO(content, newline=""))
    assert kept == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=b", "1", "陈", "a-b", "'x"])
def test_a_plain_cell_stays_as_it_is(cell):
    assert sheets.guarded(cell) == cell


def test_nothing_and_numbers_are_cells_too():
    assert sheets.as_csv(["a", "b"], [[None, -1]]).decode("utf-8-sig") == "a,b\r\n,'-1\r\n"
