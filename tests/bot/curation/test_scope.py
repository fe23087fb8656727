"""A district edits its own and reads the city's; an author of one topic keeps to it."""

from dataclasses import replace

import pytest

from bot.curation import editing, publishing, queries
from tests.bot.curation.conftest import PENCILS, SLOW, pencils

TIANHE, YUEXIU = ("editor", "gz/tianhe", ""), ("editor", "gz/yuexiu", "")


@pytest.fixture
async def district(each_room):
    """The newsroom with an entry of Tianhe and one of a school there."""
    await each_room.office.units()
    chief = await each_room.person("chief")
    from bot.curation import actions

    local = replace(pencils(await each_room.entry(SLOW)), area="gz/tianhe")
    await each_room.does(actions.create, chief, local, actions.Change())
    return each_room


async def test_a_district_reads_the_city_and_its_own_but_no_other(district):
    own = await district.office.staff("tianhe", TIANHE)
    other = await district.office.staff("yuexiu", YUEXIU)
    assert [(await c.get(f"/entries/{SLOW}")).status for c in (own, other)] == [200, 200]
    assert [(await c.get(f"/entries/{PENCILS}")).status for c in (own, other)] == [200, 404]
    assert PENCILS in (await own.get("/entries")).text
    assert PENCILS not in (await other.get("/entries", q="铅笔")).text


async def test_a_district_changes_and_publishes_only_its_own(district):
    own = await district.office.staff("tianhe", TIANHE)
    for path in (f"/entries/{SLOW}", f"/entries/{SLOW}/submit", f"/entries/{SLOW}/retire"):
        assert (await own.post(path, why="不行")).status == 404
    assert (await own.get(f"/entries/{SLOW}/retire")).status == 404
    assert (await own.post("/publish", entry=[SLOW])).status == 404
    row = await district.row(PENCILS)
    form = editing.filled(replace(row.entry, summary="天河的铅笔")) | {"revision": row.revision}
    assert (await own.post(f"/entries/{PENCILS}", **form)).status == 303
    assert (await own.get(f"/entries/{SLOW}")).text.count('id="entry-form"') == 0


async def test_a_district_writes_for_itself_and_not_for_the_city(district):
    own = await district.office.staff("tianhe", TIANHE)
    blank = await own.get("/entries/new")
    assert 'id="entry-form"' in blank.text
    form = editing.filled(await district.entry(PENCILS)) | {"slug": "two", "question": "铅笔二"}
    refused = await own.post("/entries/new", **(form | {"area": ""}))
    assert refused.status == 422
    assert (await own.post("/entries/new", **(form | {"area": "gz/yuexiu"}))).status == 422
    assert (await own.post("/entries/new", **(form | {"area": "gz/tianhe"}))).status == 303


async def test_an_entry_of_a_school_can_be_saved_by_the_city(district):
    chief = await district.office.staff("chiefs", ("editor", "", ""))
    school = "gz/tianhe/shifan/shifan-1"
    await district.office.change("UPDATE entry SET area = :a WHERE entry = :e", a=school, e=PENCILS)
    row = await district.row(PENCILS)
    form = editing.filled(row.entry) | {"area": school, "revision": row.revision}
    assert (await chief.post(f"/entries/{PENCILS}", **form)).status in (303, 422)
    shown = await chief.get(f"/entries/{PENCILS}")
    assert shown.status == 200


async def test_an_author_of_one_topic_keeps_to_it(district):
    author = await district.office.staff("author", ("author", "", "media"))
    assert (await author.get("/entries/media.phone.buy-phone")).status == 200
    assert (await author.get(f"/entries/{SLOW}")).status == 404
    form = editing.filled(await district.entry(SLOW)) | {
        "slug": "mine",
        "question": "我的",
        "related": "",
    }
    refused = await author.post("/entries/new", **form)
    assert refused.status == 422
    assert "不在您的权限内" in refused.text


async def test_counts_keep_to_what_may_be_seen(district):
    async with district.rt.db.read() as tx:
        author = await district.person("writer", ("author", "", "media"))
        counts = await queries.counts_by_state(tx, author)
        every = await queries.count(tx, author, queries.Wanted())
    assert every == counts["published"] > 0
    assert counts["draft"] == 0


async def test_going_back_over_what_one_may_not_publish_is_refused(district):
    chief = await district.person("huang")
    await publishing.retire(district.rt, chief, "media.phone.buy-phone", "先下架")
    await publishing.retire(district.rt, chief, "media.game.late-night", "先下架")
    own = await district.office.staff("tianhe", TIANHE)
    first = (await district.office.rows("SELECT min(id) AS id FROM publication"))[0]["id"]
    assert (await own.post(f"/publications/{first}/back")).status == 404
