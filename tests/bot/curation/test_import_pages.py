"""Import and export over HTTP: a dry run that adds up, drafts with one click, and nothing lost."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.curation import importing
from bot.curation.exchange import columns, reading, sheets
from knowledge.entry import Asking
from tests.bot.curation.conftest import EDITOR, PENCILS, SLOW, pencils

OTHER = "media.phone.buy-phone"


async def sends(who, content, name="条目.csv"):
    """Upload a file; returns the path of its run."""
    answer = await who.post("/imports", {"file": (name, content)})
    assert answer.status == 303, answer.text
    return answer.location.removeprefix("/console")


async def told(room, path):
    number = int(path.rpartition("/")[2])
    row = (await room.office.rows("SELECT * FROM import_run WHERE id = :n", n=number))[0]
    return json.loads(row["plan"])


def numbered(like, n):
    """Return one of many entries no two of which share a wording."""
    similar = tuple(replace(a, text=f"{a.text}第{n}回") for a in like.similar)
    return replace(
        like, id=f"{like.topic}.row-{n}", question=f"第{n}回削铅笔怎么办", similar=similar
    )


async def test_two_thousand_rows_of_which_37_have_faults(room):
    chen, like = await room.office.staff("chen", EDITOR), pencils(await room.entry(SLOW))
    rows = [columns.row(numbered(like, n)) for n in range(2000)]
    for n in range(37):
        rows[n * 50] |= [{"summary": ""}, {"risk": "9"}, {"topic": "没有"}, {"review_due": "昨天"}][
            n % 4
        ]
    heads = columns.columns()
    content = sheets.csv_of(heads, ([r[c.field] for c in heads] for r in rows))
    path = await sends(chen, content)
    counts = (await told(room, path))["counts"]
    assert counts == {"new": 1963, "changed": 0, "same": 0, "broken": 37}
    page = await chen.get(path)
    assert "作为草稿导入 1963 条" in page.text
    assert "第 2 行" in page.text
    assert await room.office.rows("SELECT entry FROM entry WHERE state = 'draft'") == []
    assert (await chen.post(path)).location == f"/console{path}?done=import.taken"
    made = await room.office.rows("SELECT count(*) AS n FROM entry WHERE state = 'draft'")
    assert made[0]["n"] == 1963
    mended = reading.read("faults.xlsx", (await chen.get(f"{path}/faults.xlsx")).body)
    assert len(mended.rows) == 37


async def test_what_is_exported_and_imported_is_the_same(each_room):
    chen = await each_room.office.staff("chen", EDITOR)
    number = len(await each_room.public())
    for kind in ("csv", "xlsx", "zip"):
        file = await chen.get(f"/exports/entries.{kind}")
        assert file.headers["Content-Disposition"].endswith(f'.{kind}"')
        path = await sends(chen, file.body, f"entries.{kind}")
        counts = (await told(each_room, path))["counts"]
        assert counts == {"new": 0, "changed": 0, "same": number, "broken": 0}, kind
    noted = await each_room.office.rows("SELECT detail FROM audit WHERE action = 'entry.exported'")
    assert [json.loads(r["detail"])["count"] for r in noted] == [number] * 3


async def test_an_export_keeps_to_the_filters_and_to_ones_places(room):
    await room.office.units()
    chen = await room.office.staff("chen", EDITOR)
    local = columns.row(replace(pencils(await room.entry(SLOW)), area="gz/tianhe"))
    heads = columns.columns()
    path = await sends(chen, sheets.csv_of(heads, [[local[c.field] for c in heads]]))
    await chen.post(path)
    found = reading.read("e.csv", (await chen.get("/exports/entries.csv", topic="media")).body)
    assert {r.id.partition(".")[0] for r in found.rows} == {"media"}
    assert "topic=media" in (await chen.get("/entries", topic="media")).text.partition("exports")[2]
    yuexiu = await room.office.staff("yuexiu", ("editor", "gz/yuexiu", ""))
    names = {
        r.id for r in reading.read("e.csv", (await yuexiu.get("/exports/entries.csv")).body).rows
    }
    assert SLOW in names
    assert PENCILS not in names


async def test_a_change_becomes_a_draft_and_parents_notice_nothing(each_room, answer):
    chen = await each_room.office.staff("chen", EDITOR)
    before = await each_room.public()
    changed = replace(await each_room.entry(SLOW), answer=answer("表里改的"))
    path = await sends(chen, sheets.to_xlsx([changed, await each_room.entry(OTHER)]), "改.xlsx")
    plan = await told(each_room, path)
    assert plan["counts"] == {"new": 0, "changed": 1, "same": 1, "broken": 0}
    assert plan["changes"][0]["fields"] == ["answer"]
    await chen.post(path)
    row = await each_room.row(SLOW)
    assert (row.state, row.revision) == ("draft", 2)
    assert await each_room.public() == before
    kept = await each_room.office.rows("SELECT kind FROM entry_revision WHERE number = 2")
    assert [r["kind"] for r in kept] == ["import"]


async def test_a_second_click_does_nothing(each_room, answer):
    chen = await each_room.office.staff("chen", EDITOR)
    changed = replace(await each_room.entry(SLOW), answer=answer("点两下"))
    path = await sends(chen, sheets.to_csv([changed]))
    for _ in range(2):
        assert (await chen.post(path)).status == 303
    assert (await each_room.row(SLOW)).revision == 2
    noted = await each_room.office.rows("SELECT number FROM audit WHERE action = 'import.taken'")
    assert len(noted) == 1


async def test_what_was_edited_since_the_look_is_left_and_can_be_fetched(each_room, answer):
    chen, other = await each_room.office.staff("chen", EDITOR), await each_room.person("huang")
    changed = replace(await each_room.entry(SLOW), answer=answer("表里的"))
    new = pencils(await each_room.entry(SLOW))
    path = await sends(chen, sheets.to_csv([changed, new]))
    await each_room.writes(other, SLOW, answer=answer("别人刚写的"))
    await chen.post(path)
    assert "别人刚写的" in (await each_room.entry(SLOW)).answer
    assert (await each_room.row(PENCILS)).state == "draft"
    shown = await chen.get(path)
    assert "没有导入的行（1）" in shown.text
    left = reading.read("c.xlsx", (await chen.get(f"{path}/conflicts.xlsx")).body)
    assert [(r.id, "表里的" in r.entry.answer) for r in left.rows] == [(SLOW, True)]


async def test_an_id_that_was_taken_since_the_look_is_left(room):
    from bot.curation import actions

    chen, other = await room.office.staff("chen", EDITOR), await room.person("huang")
    new = pencils(await room.entry(SLOW))
    path = await sends(chen, sheets.to_csv([replace(new, summary="表里的")]))
    await room.does(actions.create, other, new, actions.Change())
    await chen.post(path)
    assert (await room.entry(PENCILS)).summary == new.summary
    assert (await told(room, path))["conflicts"][0]["why"] == "import.id_taken"


async def test_rows_beyond_ones_places_and_topics_are_faults(room):
    await room.office.units()
    own = await room.office.staff("tianhe", ("editor", "gz/tianhe", ""))
    author = await room.office.staff("author", ("author", "", "media"))
    slow, other = await room.entry(SLOW), await room.entry(OTHER)
    new = pencils(slow)
    rows = [replace(slow, summary="改一句"), replace(new, area="gz/tianhe")]
    plan = await told(room, await sends(own, sheets.to_csv(rows)))
    assert plan["counts"] == {"new": 1, "changed": 0, "same": 0, "broken": 1}
    assert "不在您的权限内" in plan["faults"][0]["problem"]
    rows = [replace(other, summary="改一句"), replace(new, id="", area="")]
    plan = await told(room, await sends(author, sheets.to_csv(rows)))
    assert [(f["row"], f["column"]) for f in plan["faults"]] == [(3, "主题")]


async def test_an_id_of_a_district_one_may_not_read_is_refused_without_its_text(room):
    from bot.curation import actions

    await room.office.units()
    chief = await room.person("chief")
    local = replace(pencils(await room.entry(SLOW)), area="gz/yuexiu", summary="越秀的秘密")
    await room.does(actions.create, chief, local, actions.Change())
    own = await room.office.staff("tianhe", ("editor", "gz/tianhe", ""))
    path = await sends(own, sheets.to_csv([replace(local, area="gz/tianhe", summary="我的")]))
    plan = await told(room, path)
    assert plan["counts"]["broken"] == 1
    assert "越秀的秘密" not in json.dumps(plan, ensure_ascii=False)


async def test_nobody_else_sees_a_file(each_room):
    chen = await each_room.office.staff("chen", EDITOR)
    other = await each_room.office.staff("huang", EDITOR)
    path = await sends(chen, sheets.to_csv([replace(await each_room.entry(SLOW), summary="我的")]))
    for way in ("", "/faults.xlsx", "/conflicts.xlsx"):
        assert (await other.get(path + way)).status == 404
    assert (await other.post(path)).status == 404
    assert path not in (await other.get("/imports")).text
    assert path in (await chen.get("/imports")).text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.exe", b"MZ", "不认识的文件类型"),
        ("a.csv", b"", "文件里没有内容"),
        ("a.xlsx", b"not a zip", "文件内容与扩展名"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "不认识"),
        ("a.zip", b"PK\x03\x04broken", "文件打不开"),
    ],
)
async def test_a_file_that_is_none_is_refused_in_a_sentence(room, name, content, sentence):
    chen = await room.office.staff("chen", EDITOR)
    refused = await chen.post("/imports", {"file": (name, content)})
    assert refused.status == 422
    assert sentence in refused.text
    assert 'id="f-file-fault"' in refused.text


async def test_no_file_and_a_file_too_big_are_refused(room):
    chen = await room.office.staff("chen", EDITOR)
    assert "请选一个文件" in (await chen.post("/imports")).text
    big = await chen.post("/imports", {"file": ("a.csv", b"a" * (10 * 1024 * 1024 + 1))})
    assert (big.status, "最多 10 MB" in big.text) == (422, True)


async def test_a_file_is_forgotten_after_a_week(each_room):
    chen = await each_room.office.staff("chen", EDITOR)
    path = await sends(chen, sheets.to_csv([await each_room.entry(SLOW)]))
    each_room.office.clock.turn(days=6, hours=23)
    assert await importing.forget(each_room.rt) == 0
    each_room.office.clock.turn(hours=1)
    assert await importing.forget(each_room.rt) == 1
    assert timedelta(days=7) == importing.KEPT
    again = await each_room.office.logged_in(chen.id)
    assert (await again.get(path)).status == 404


async def test_entries_of_a_file_may_lead_to_each_other(room):
    chen, like = await room.office.staff("chen", EDITOR), pencils(await room.entry(SLOW))
    first, second = numbered(like, 1), numbered(like, 2)
    rows = [replace(first, related=(second.id,)), replace(second, related=(first.id,))]
    path = await sends(chen, sheets.to_zip(rows), "两个.zip")
    assert (await told(room, path))["counts"]["new"] == 2
    await chen.post(path)
    assert (await room.entry(second.id)).related == (first.id,)


async def test_an_export_holds_the_drafts_as_they_are(room):
    chen = await room.office.staff("chen", EDITOR)
    similar = (*(await room.entry(SLOW)).similar, Asking("=HYPERLINK(1)公式", "plain"))
    await room.writes(await chen.actor(), SLOW, similar=similar)
    body = (await chen.get("/exports/entries.zip", state="draft")).body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        (name,) = archive.namelist()
        assert name == "study.procrastinate/slow-homework.md"
        assert "=HYPERLINK(1)公式" in archive.read(name).decode()
