"""Certificates are issued once, by whoever looks first, and a new rule only adds."""

import asyncio
import json
from datetime import date

from sqlalchemy import delete

from bot import app
from bot.awards import holding, issuing, jobs, keys, rules
from bot.school.certificate_tables import certificates
from bot.school.learner_tables import evidence
from tests.support.academy import COURSE


def rules_of(rows):
    return sorted((row.rule, row.period) for row in rows)


async def test_three_runs_issue_one(each_academy):
    academy = each_academy
    mother, _ = await academy.phone()
    await academy.finishes(academy.person(mother))
    for _ in range(3):
        await academy.issues()
    rows = await academy.certificates()
    assert rules_of(rows) == [("course", COURSE), ("star-1", "2026-2027")]
    content = json.loads(next(r.snapshot for r in rows if r.rule == "star-1"))
    assert content["title"] == "一星学习证"
    assert content["text"] == "2026—2027 学年内学完 1 门课程"
    assert content["issued"] == "2026-12-01"
    assert content["issuer"] == "羊城家校社共育助手"
    course = json.loads(next(r.snapshot for r in rows if r.rule == "course"))
    assert course["hours"] == content["hours"] != "0"


async def test_two_workers_at_once_issue_one(each_academy):
    academy = each_academy
    people = [academy.person((await academy.phone(name))[0]) for name in ("mother", "father")]
    for person in people:
        await academy.finishes(person)

    async def work():
        async with app.opened(academy.rt.settings, clock=academy.house.clock) as rt:
            await asyncio.gather(jobs.issue_due(rt), *(holding.listed(rt, p) for p in people))

    await asyncio.gather(work(), work())
    rows = await academy.certificates()
    assert len(rows) == 4
    assert len({row.serial for row in rows}) == 4
    assert len({row.key for row in rows}) == 1
    assert len(await academy.house.rows("SELECT 1 FROM certificate_key")) == 1


async def test_looking_issues_at_once_and_the_job_adds_nothing(academy):
    mother, phone = await academy.phone()
    assert "还没有学习证" in (await phone.get("/h/mine/certificates")).text
    await academy.finishes(academy.person(mother))
    assert "一星学习证" in (await phone.get("/h/mine/certificates")).text
    (before,) = [r for r in await academy.certificates() if r.rule == "star-1"]
    await academy.issues()
    (after,) = [r for r in await academy.certificates() if r.rule == "star-1"]
    assert after == before


async def test_the_job_follows_the_record_in_pages(academy, monkeypatch):
    monkeypatch.setattr(jobs, "PAGE", 3)
    monkeypatch.setattr(jobs, "AGAIN", 2)
    for name in ("mother", "father", "granny"):
        parent, _ = await academy.phone(name)
        await academy.finishes(academy.person(parent))
    await academy.issues()
    assert len(await academy.certificates()) == 6
    assert await academy.issues() == 0


async def test_each_school_year_has_its_own_stars(academy):
    mother, _ = await academy.phone()
    person = academy.person(mother)
    await academy.finishes(person)
    academy.at("2027-08-31 23:50")
    await academy.learns(person, "onsite", "session:1", 90)
    academy.at("2027-09-01 00:10")
    await academy.finishes(person, "phone-agreement")
    await academy.issues()
    stars = [pair for pair in rules_of(await academy.certificates()) if pair[0] != "course"]
    assert stars == [
        ("star-1", "2026-2027"), ("star-1", "2027-2028"), ("star-2", "2026-2027"),
    ]  # fmt: skip


async def test_a_new_rule_changes_nothing_that_was_issued_and_only_adds(academy, monkeypatch):
    mother, _ = await academy.phone()
    await academy.finishes(academy.person(mother))
    await academy.learns(academy.person(mother), "live", "live:1", 60)
    before = await academy.settled(academy.person(mother))
    known = rules.stars()
    easier = {"version": "2027-01", "from": date(2027, 1, 1), "levels": [{"hours": 1}] * 2}
    changed = known | {"versions": [*known["versions"], easier]}
    monkeypatch.setattr(rules, "stars", lambda: changed)
    academy.at("2027-01-02 10:00")
    assert await academy.issues() == 1
    rows = {row.rule: row for row in await academy.certificates()}
    assert rows["star-1"] == before
    assert "学满 1 学时" in json.loads(rows["star-2"].snapshot)["text"]
    harder = easier | {"levels": [{"courses": 9}] * 2, "from": date(2027, 2, 1)}
    monkeypatch.setattr(rules, "stars", lambda: known | {"versions": [*known["versions"], harder]})
    academy.at("2027-02-02 10:00")
    await academy.issues()
    assert await academy.certificates() == list(rows.values())


async def test_the_name_is_put_on_once(each_academy):
    academy = each_academy
    mother, phone = await academy.phone()
    await academy.finishes(academy.person(mother))
    page = await phone.get("/h/mine/certificates")
    serial = next(r.serial for r in await academy.certificates() if r.rule == "star-1")
    assert serial in page.text
    one = f"/h/mine/certificates/{serial}"
    assert (await phone.get(f"{one}/picture")).status == 404
    for wrong in ("一" * 13, "13800138000", "a<b"):
        refused = await phone.post(one, page=one, name=wrong, **{"as": "name"})
        assert refused.status == 422
    rare = await phone.post(one, page=one, name="刘龑", **{"as": "name"})
    assert rare.status == 422
    assert "没有「龑」" in rare.text
    done = await phone.post(one, page=one, name="刘龑", starred="刘龑", **{"as": "name"})
    assert done.status == 303
    assert "没有「龑」" in (await phone.get(one)).text
    picture = await phone.get(f"{one}/picture")
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    token_page = "/h/mine/certificates"
    await phone.post(one, page=token_page, name="王五", **{"as": "name"})
    rows = {row.serial: row for row in await academy.certificates()}
    assert json.loads(rows[serial].snapshot)["name"] == "刘龑"
    async with academy.rt.db.write() as tx:
        assert not await issuing.settle(academy.rt, tx, rows[serial], "王五")
    _, other = await academy.phone("father")
    assert (await other.get(one)).status == 404
    assert (await other.get(f"{one}/picture")).status == 404


async def test_a_rotated_key_leaves_old_ones_valid(each_academy):
    academy = each_academy
    mother, _ = await academy.phone()
    await academy.finishes(academy.person(mother))
    old = await academy.settled(academy.person(mother))
    async with academy.rt.db.write() as tx:
        made = await keys.rotate(academy.rt, tx)
    await academy.finishes(academy.person(mother), "family-culture")
    await academy.issues()
    new = (await academy.certificates())[-1]
    assert (new.key, old.key != made) == (made, True)
    for row in (old, new):
        assert "有效" in (await academy.house.get(f"/h/verify/{row.serial}")).text
    listed = json.loads((await academy.house.get("/h/verify/keys")).text)["keys"]
    assert [one["id"] for one in listed] == [made, old.key]
    assert listed[1]["until"]
    sealed = await academy.house.rows("SELECT id, sealed FROM certificate_key ORDER BY number")
    assert sealed[0]["sealed"] is None
    assert sealed[1]["sealed"]


async def test_what_was_issued_while_its_parent_left_is_deleted(academy):
    mother, _ = await academy.phone()
    father, _ = await academy.phone("father")
    await academy.finishes(academy.person(mother))
    await academy.finishes(academy.person(father))
    await academy.issues()
    async with academy.rt.db.write() as tx:
        await tx.execute(delete(evidence).where(evidence.c.openid == mother.openid))
    assert await jobs.forget_left(academy.rt) == 2
    assert {r.openid for r in await academy.certificates()} == {father.openid}
    assert certificates.c.openid.nullable
