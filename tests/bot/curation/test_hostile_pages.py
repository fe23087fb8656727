"""Hostile text stays text on every page of curation: no element or attribute comes out of it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from bot.curation import actions, editing
from bot.curation.exchange import sheets
from tests.bot.curation.conftest import EDITOR, SLOW, pencils

VECTORS = (
    "<script>alert(1)</script>家",
    "<img src=x onerror=alert(1)>家",
    '"><svg onload=alert(1)>家',
    "' autofocus onfocus=alert(1) x='家",
    "<a href=javascript:alert(1)>家</a>",
    "</textarea><script>alert(1)</script>家",
    "</title><script>alert(1)</script>家",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>家",
    "<math><mtext><style><img src=x onerror=alert(1)></style>家",
    "{{ 7*7 }}{% raw %}家",
    "<base href=//evil.example>家",
    "<form action=//evil.example><button>家</button></form>",
    "<!--><img src=x onerror=alert(1)>--&gt;&lt;b&gt;家",
)
ALLOWED = {"href", "src", "action", "formaction", "hx-get", "hx-post"}


class Elements(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def check(answer, *, status=200):
    """Nothing runs, nothing leads elsewhere, no foreign element stands in the page."""
    assert answer.status == status, answer.text[:500]
    for tag, attrs in Elements(answer.text).found:
        assert tag not in ("iframe", "base", "math", "style", "img" if "x" in attrs else "object")
        assert tag != "script" or attrs.get("src", "").startswith("/console/static/")
        assert not [name for name in attrs if name.startswith("on")], (tag, attrs)
        for name in ALLOWED & attrs.keys():
            assert re.match(r"(/console|#|\?|data:,|$)", attrs[name] or ""), (tag, attrs)
    assert "49家" not in answer.text


def hostile(like, n, vector):
    similar = tuple(replace(a, text=f"{vector}{n}{m}") for m, a in enumerate(like.similar))
    sources = (replace(like.sources[0], name=vector, ref=vector),)
    return replace(like, id=f"study.procrastinate.bad-{n}", question=vector, summary=vector[:40],
                   owner=vector, answer=f"{vector}\n{like.answer}", similar=similar,
                   sources=sources)  # fmt: skip


async def test_thirteen_vectors_on_every_page_of_an_entry(room):
    chen, editor = await room.office.staff("chen", EDITOR, name="<b>陈</b>"), None
    editor = await chen.actor()
    like = pencils(await room.entry(SLOW))
    for n, vector in enumerate(VECTORS):
        entry = hostile(like, n, vector)
        await room.does(actions.create, editor, entry, actions.Change(note=vector))
        changed = replace(entry, answer=f"{vector}{entry.answer}")
        await room.does(actions.save, editor, changed, actions.Change(note=vector, on=1))
        page = f"/entries/{entry.id}"
        form = editing.filled(entry)
        check(await chen.get(page))
        check(await chen.get(f"{page}/revisions/1"))
        check(await chen.post("/entries/preview", _headers={"HX-Request": "1"}, **form))
        late = await chen.post(page, revision="1", **(form | {"summary": "另一句"}))
        check(late, status=422 if "{{" in vector else 409)
        check(await chen.post("/entries/new", **(form | {"slug": vector})), status=422)
    check(await chen.get("/entries"))
    check(await chen.get("/entries", q=VECTORS[1]))


async def test_thirteen_vectors_on_the_way_to_parents(room):
    chen = await room.office.staff("chen", EDITOR)
    editor = await chen.actor()
    like = pencils(await room.entry(SLOW))
    for n, vector in enumerate(VECTORS):
        await room.does(actions.create, editor, hostile(like, n, vector), actions.Change())
    await room.office.change("UPDATE entry SET state = 'approved' WHERE state = 'draft'")
    check(await chen.get("/publish"))
    names = [f"study.procrastinate.bad-{n}" for n in range(len(VECTORS))]
    looked = await chen.post("/publish", entry=names)
    check(await chen.follow(looked))
    number = looked.location.rpartition("/")[2]
    await chen.post(f"/publish/{number}/ask", why=VECTORS[1] * 2)
    check(await chen.get(f"/publish/{number}"))
    await room.office.change("UPDATE gate_run SET passed_at = at, passed_by = 1")
    done = await chen.post(f"/publish/{number}/release", note=VECTORS[0])
    assert done.status == 303
    check(await chen.get("/publish"))
    (made,) = await room.office.rows("SELECT id FROM publication")
    check(await chen.get(f"/publications/{made['id']}"))
    check(await chen.get(f"/entries/{names[0]}/retire"))


async def test_thirteen_vectors_in_a_file_and_in_questions(room):
    chen = await room.office.staff("chen", EDITOR)
    like = pencils(await room.entry(SLOW))
    rows = [hostile(like, n, vector) for n, vector in enumerate(VECTORS)]
    rows.append(replace(rows[0], id=f"{like.topic}.worse", topic="<img src=x onerror=1>"))
    sent = await chen.post("/imports", {"file": ("<img src=x onerror=1>.csv", sheets.to_csv(rows))})
    for view in ("faults", "changes"):
        check(await chen.get(sent.location.removeprefix("/console"), view=view))
    check(await chen.get("/imports"))
    for vector in VECTORS:
        await chen.post("/golden/new", text=vector, outside="1")
    check(await chen.get("/golden"))
    check(await chen.get("/golden", q=VECTORS[1]))
    check(await chen.post("/golden/new", text=VECTORS[2], expected=VECTORS[2]), status=422)
    await chen.post("/golden/run")
    check(await chen.get("/golden/run"))
    newest = (await room.office.rows("SELECT max(id) AS id FROM golden_question"))[0]["id"]
    check(await chen.get(f"/golden/{newest}"))
