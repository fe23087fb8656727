"""No page and no file about audiences, codes or rosters can list people or measure a few.

MISSION, first no. 8: the same pages are opened before and after nine parents join a class.
"""

import re

from bot import app
from tests.bot.audiences.conftest import OPERATOR
from tests.support import families
from tests.support.families import Family, Kid
from tests.support.office import CLASS, SCHOOL, TIANHE

NINE = [Family(f"oClass_{n}", (Kid("primary", 2024, CLASS),), role="mother") for n in range(9)]
OURS = ("/audiences", "/codes", "/roster")
ASKED = (
    {"named": CLASS}, {"named": SCHOOL},
    {"areas": TIANHE, "parts": "1"}, {"areas": "*", "parts": "1"},
    {"areas": "*", "grades": "p3"}, {"named": CLASS, "roles": "mother"},
    {"areas": TIANHE, "silent": "3"}, {"areas": TIANHE, "kind": "lessons"},
)  # fmt: skip
#: What differs from one request to the next: the number of a fault, tokens.
_TOKEN = re.compile(r"[0-9a-f]{8,}")


async def opened(office, client):
    """Return what every page of ours shows, and every count that can be asked for."""
    found = {}
    pages = [p for p in app.site(office.rt).pages if p.path.startswith(OURS)]
    assert len(pages) > 12
    for page in pages:
        if page.method == "GET":
            for query in ({}, {"path": SCHOOL}, {"path": CLASS}, {"path": TIANHE}):
                path = re.sub(r"{\w+}", "1", page.path)
                answer = await client.get(path, **query)
                found[path, str(query)] = _TOKEN.sub("", answer.text)
    for asked in ASKED:
        answer = await client.post("/audiences/new", do="count", **asked)
        assert answer.status == 200
        found["count", str(asked)] = _TOKEN.sub("", answer.text)
    return found


async def test_nine_parents_of_a_class_are_seen_nowhere(office):
    await office.units()
    chen = await office.staff("chen", OPERATOR, ("admin", "", ""))
    await chen.post("/audiences/new", do="save", name="三班", named=CLASS)
    await office.change(
        "INSERT INTO qr_code (scene, ticket, url, permanent, area, name, made_at, made_by) VALUES"
        " (:s, 't', 'http://weixin.qq.com/q/x', TRUE, :a, '', '2026-11-24 00:00:00.000000', 1)",
        s=f"class:{CLASS}", a=CLASS,
    )  # fmt: skip
    before = await opened(office, chen)
    await families.write(office.rt.db, NINE)
    after = await opened(office, chen)
    assert [key for key in before if before[key] != after[key]] == []
    await families.write(office.rt.db, [Family("oClass_tenth", NINE[0].kids)])
    tenth = await opened(office, chen)
    changed = [key for key in before if before[key] != tenth[key]]
    assert changed, "ten are shown: the comparison sees something"
    assert {where for where, _ in changed} == {"count"}
    hidden = [one.openid for one in NINE] + [office.rt.pseudonyms.name(o.openid) for o in NINE]
    assert [who for text in tenth.values() for who in hidden if who in text] == []


async def test_no_audience_is_exported(office):
    exported = ("export", "csv", "xlsx", "zip", "pdf")
    files = [p.path for p in office.pages if p.path.startswith(OURS)]
    assert [p for p in files if p.startswith("/audiences") and any(e in p for e in exported)] == []
    assert [p for p in files if any(e in p for e in exported)] == [
        "/codes/pack.zip", "/codes/pack.pdf", "/roster/template.xlsx",
    ]  # fmt: skip
