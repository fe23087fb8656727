"""Colleagues: invited by a link, given roles by two people, managed from where they belong."""

import re

import pytest

from bot.console import audit
from tests.support.office import PASSWORD, SCHOOL, TIANHE, YUEXIU

ROLE = {"role": "operator", "area": TIANHE, "topic": ""}


@pytest.fixture
async def admin(each_office):
    await each_office.units()
    return await each_office.staff("admin", ("admin", "", ""), name="陈丽华")


@pytest.fixture
async def local(office):
    await office.units()
    return await office.staff("local", ("admin", TIANHE, ""))


async def grants(office, staff):
    sql = "SELECT id, role, area, topic, approved_at, ended_at FROM staff_grant WHERE staff = :s"
    return await office.rows(f"{sql} ORDER BY id", s=staff)


def link(text):
    return re.search(r"<code>http://[^/]+/console(/invite\?key=[\w-]{43})</code>", text)[1]


async def test_an_invited_colleague_sees_nothing_until_two_people_agree(each_office, admin):
    shown = await admin.post("/staff/invite", name="王芳", **ROLE)
    assert shown.status == 200
    guest = each_office.visitor()
    form = await guest.get(link(shown.text))
    assert 'value="王芳"' in form.text
    fields = {"name": "王芳", "login": "wang.fang", "password": PASSWORD, "again": PASSWORD}
    done = await guest.post("/invite", key=link(shown.text).partition("=")[2], **fields)
    assert done.location == "/console/login?done=invitation.invite_done"
    (row,) = await each_office.rows("SELECT id FROM staff WHERE login = 'wang.fang'")
    wang = await each_office.logged_in(row["id"])
    assert (await wang.get("/units")).status == 403
    (grant,) = await grants(each_office, row["id"])
    assert (await admin.post(f"/staff/grants/{grant['id']}/approve")).status == 403
    founder = await each_office.logged_in(each_office.founder)
    assert "王芳" in (await founder.get("/staff/grants")).text
    assert (await founder.post(f"/staff/grants/{grant['id']}/approve")).status == 303
    assert (await wang.get("/units")).status == 303
    wang = await each_office.logged_in(row["id"])
    assert "天河区" in (await wang.get("/units")).text
    assert (await audit.verify(each_office.rt)).broken is None


async def test_the_card_and_the_badge_count_what_one_could_approve(office, admin_pair):
    one, other, chen = admin_pair
    await one.post(f"/staff/{chen}/grants/new", **ROLE)
    assert "待批授权" in (await other.get("/")).text
    assert 'class="side-badge">1<' in (await other.get("/")).text
    assert 'class="side-badge"' not in (await one.get("/")).text


@pytest.fixture
async def admin_pair(office):
    """Two administrators, and a colleague without a grant."""
    await office.units()
    one = await office.staff("one", ("admin", "", ""))
    return one, await office.staff("two", ("admin", "", "")), await office.account("chen")


async def test_the_same_grant_is_not_proposed_twice(office, admin_pair):
    one, two, chen = admin_pair
    assert (await one.post(f"/staff/{chen}/grants/new", **ROLE)).status == 303
    again = await two.post(f"/staff/{chen}/grants/new", **ROLE)
    assert again.status == 422
    assert "相同的授权" in again.text
    assert len(await grants(office, chen)) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"role": "emperor"}, {"area": "gz/nowhere"}, {"topic": "study.nothing"}, {"area": "%"}],
)
async def test_a_role_place_or_topic_that_is_none_is_refused(office, admin_pair, wrong):
    one, _, chen = admin_pair
    assert (await one.post(f"/staff/{chen}/grants/new", **(ROLE | wrong))).status == 422
    assert (await one.post("/staff/invite", name="x", **(ROLE | wrong))).status == 422
    assert await grants(office, chen) == []


async def test_an_ended_grant_counts_at_once_no_more(office, admin_pair):
    one, _, _ = admin_pair
    liu = await office.staff("liu", ("operator", TIANHE, ""))
    assert (await liu.get("/units")).status == 200
    (grant,) = await grants(office, liu.id)
    done = await one.post(f"/staff/grants/{grant['id']}/end", back="person")
    assert done.location == f"/console/staff/{liu.id}?done=grant.ended"
    assert (await liu.get("/units")).status == 403
    assert (await one.post(f"/staff/grants/{grant['id']}/end")).status == 404


async def test_the_last_administrator_can_be_neither_ended_nor_closed(office):
    await office.units()
    founder = await office.logged_in(office.founder)
    (grant,) = await grants(office, office.founder)
    ended = await founder.post(f"/staff/grants/{grant['id']}/end")
    assert ended.status == 422
    assert "至少要保留一位系统管理员" in ended.text
    assert (await founder.get("/staff")).status == 200


async def test_a_district_sees_its_own_people_and_their_grants_there_alone(office, local):
    both = await office.account("both", ("operator", TIANHE, ""), ("lead", YUEXIU, ""), name="两处")
    far = await office.account("far", ("operator", YUEXIU, ""), name="远处")
    listed = (await local.get("/staff")).text
    assert "两处" in listed
    assert "值班负责人 · 越秀" not in re.sub(r"<[^>]+>", "", listed)
    assert "远处" not in listed
    assert "founder" not in listed
    assert "越秀" not in (await local.get(f"/staff/{both}")).text
    assert (await local.get(f"/staff/{far}")).status == 404
    assert "远处" not in (await local.get("/staff", q="远")).text
    for action in ("reset", "close", "open", "second-factor", "grants/new"):
        assert (await local.post(f"/staff/{far}/{action}", **ROLE)).status == 404


async def test_a_district_hands_out_its_own_area_alone(office, local):
    chen = await office.account("chen", ("operator", SCHOOL, ""))
    for area in ("", "gz", YUEXIU):
        outside = await local.post(f"/staff/{chen}/grants/new", **(ROLE | {"area": area}))
        assert outside.status == 422, area
        assert (
            await local.post("/staff/invite", name="x", **(ROLE | {"area": area}))
        ).status == 422
    inside = await local.post(
        f"/staff/{chen}/grants/new", **(ROLE | {"area": SCHOOL, "role": "lead"})
    )
    assert inside.status == 303
    form = (await local.get("/staff/invite")).text
    assert "越秀" not in form
    assert 'value=""' not in form.partition('name="area"')[2].partition("</select>")[0]


async def test_an_account_with_grants_elsewhere_is_managed_from_above(office, local):
    both = await office.account("both", ("operator", TIANHE, ""), ("admin", "", ""))
    password = await office.rows("SELECT password FROM staff WHERE id = :s", s=both)
    for action in ("reset", "close", "second-factor"):
        refused = await local.post(f"/staff/{both}/{action}")
        assert refused.status == 403, action
        assert "不归您管理" in refused.text
    assert "停用账号" not in (await local.get(f"/staff/{both}")).text
    assert await office.rows("SELECT password FROM staff WHERE id = :s", s=both) == password
    (_, foreign) = await grants(office, both)
    assert (await local.post(f"/staff/grants/{foreign['id']}/end")).status == 404
    assert (await local.post(f"/staff/grants/{foreign['id']}/approve")).status == 404


async def test_nobody_manages_their_own_account_here(admin):
    for action in ("reset", "close", "second-factor"):
        assert (await admin.post(f"/staff/{admin.id}/{action}")).status == 403


async def test_a_closed_account_is_out_until_it_is_opened_again(each_office, admin):
    liu = await each_office.staff("liu", ("leader", "", ""))
    done = await admin.post(f"/staff/{liu.id}/close")
    assert done.location == f"/console/staff/{liu.id}?done=staff.closed"
    assert (await liu.get("/me")).status == 303
    assert "已停用" in (await admin.get("/staff", state="closed")).text
    await admin.post(f"/staff/{liu.id}/open")
    again = await each_office.visitor().post("/login", login="liu", password=PASSWORD)
    assert again.status == 303


async def test_a_reset_link_sets_a_new_password_once(each_office, admin):
    liu = await each_office.staff("liu", ("leader", "", ""))
    address = link((await admin.post(f"/staff/{liu.id}/reset")).text)
    new = {"password": "four grey herons by the bridge", "again": "four grey herons by the bridge"}
    key = address.partition("=")[2]
    done = await each_office.visitor().post("/invite", key=key, **new)
    assert done.location == "/console/login?done=invitation.reset_done"
    assert (await each_office.visitor().post("/invite", key=key, **new)).status == 404
    old = await each_office.visitor().post("/login", login="liu", password=PASSWORD)
    assert old.status == 401


async def test_every_change_is_noted_with_its_place(office, admin_pair):
    one, two, chen = admin_pair
    await one.post(f"/staff/{chen}/grants/new", **ROLE)
    (grant,) = await grants(office, chen)
    await two.post(f"/staff/grants/{grant['id']}/approve")
    await one.post(f"/staff/{chen}/close")
    await one.post(f"/staff/{chen}/open")
    await two.post(f"/staff/grants/{grant['id']}/end")
    rows = await office.rows("SELECT login, action, area FROM audit ORDER BY number")
    assert [(r["login"], r["action"], r["area"]) for r in rows] == [
        ("one", "grant.proposed", TIANHE), ("two", "grant.approved", TIANHE),
        ("one", "staff.closed", TIANHE), ("one", "staff.opened", TIANHE),
        ("two", "grant.ended", TIANHE),
    ]  # fmt: skip


async def test_the_roles_are_shown_as_they_are(admin):
    page = (await admin.get("/roles")).text
    assert "发布、下架和回滚" in page
    assert page.count('scope="col"') == 12
