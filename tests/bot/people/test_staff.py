"""Grants need two people, and somebody always administrates the whole city."""

import pytest

from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.people import staff
from bot.people.actor import Actor, Grant


async def proposes(office, number, by, grant=Grant("editor", "gz/tianhe")):  # noqa: B008
    async with office.rt.db.write() as tx:
        return await staff.propose(tx, number, grant, by=by, now=office.clock.now())


async def approves(office, grant, by):
    async with office.rt.db.write() as tx:
        await staff.approve(tx, grant, by=by, now=office.clock.now())


@pytest.fixture
async def two(each_office):
    """The office with a second administrator and a colleague: (office, admin, colleague)."""
    admin = await each_office.account("second", ("admin", "", ""))
    return each_office, admin, await each_office.account("chen")


async def test_a_grant_counts_once_a_second_person_approves(two):
    office, admin, chen = two
    grant = await proposes(office, chen, office.founder)
    await approves(office, grant, admin)
    async with office.rt.db.read() as tx:
        assert (await staff.actor(tx, chen)).grants == (Grant("editor", "gz/tianhe"),)
    with pytest.raises(NotFound):
        await approves(office, grant, admin)


async def test_nobody_approves_what_they_proposed_or_what_is_theirs(two):
    office, admin, chen = two
    own = await proposes(office, admin, office.founder)
    for grant, by in ((await proposes(office, chen, admin), admin), (own, admin)):
        with pytest.raises(NotAllowed, match="second_person"):
            await approves(office, grant, by)


async def test_the_only_administrator_approves_alone_but_never_for_themselves(each_office):
    chen = await each_office.account("chen")
    await approves(
        each_office, await proposes(each_office, chen, each_office.founder), each_office.founder
    )
    own = await proposes(each_office, each_office.founder, each_office.founder)
    with pytest.raises(NotAllowed):
        await approves(each_office, own, each_office.founder)


async def test_an_approval_ends_the_sessions_of_who_was_given_it(two):
    office, admin, chen = two
    browser = await office.logged_in(chen)
    await approves(office, await proposes(office, chen, office.founder), admin)
    assert (await browser.get("/me")).status == 303


async def test_an_ended_grant_can_no_longer_be_approved(two):
    office, admin, chen = two
    grant = await proposes(office, chen, office.founder)
    async with office.rt.db.write() as tx:
        await staff.end(tx, grant, now=office.clock.now())
    with pytest.raises(NotFound):
        await approves(office, grant, admin)


async def test_the_last_administrator_of_the_city_stays(office):
    await office.account("district", ("admin", "gz/tianhe", ""))
    (row,) = await office.rows("SELECT id FROM staff_grant WHERE staff = :s", s=office.founder)
    for change in (
        lambda tx: staff.end(tx, row["id"], now=office.clock.now()),
        lambda tx: staff.disable(tx, office.founder, office.clock.now()),
    ):
        with pytest.raises(InvalidInput, match="last_administrator"):
            async with office.rt.db.write() as tx:
                await change(tx)
    async with office.rt.db.read() as tx:
        assert await staff.has_administrator(tx)


@pytest.mark.parametrize(
    ("own", "given", "reached"),
    [
        (Grant("admin", ""), Grant("lead", "gz/yuexiu"), True),
        (Grant("admin", "gz/tianhe"), Grant("admin", "gz/tianhe/x"), True),
        (Grant("admin", "gz/tianhe"), Grant("editor", "gz/yuexiu"), False),
        (Grant("admin", "gz/tianhe"), Grant("editor", ""), False),
        (Grant("admin", "", "study"), Grant("editor", "", "study.reading"), True),
        (Grant("admin", "", "study"), Grant("editor", ""), False),
        (Grant("editor", ""), Grant("author", "gz/tianhe"), False),
    ],
)
def test_nobody_hands_out_more_than_they_manage(own, given, reached):
    assert staff.reaches(Actor(1, "chen", "陈", (own,)), given) == reached


async def test_a_closed_account_acts_no_more_and_cannot_log_in(each_office):
    chen = await each_office.staff("chen", ("editor", "", ""))
    async with each_office.rt.db.write() as tx:
        await staff.disable(tx, chen.id, each_office.clock.now())
    async with each_office.rt.db.read() as tx:
        assert await staff.actor(tx, chen.id) is None
        assert await staff.by_login(tx, "chen") is None
    assert (await chen.get("/me")).status == 303
