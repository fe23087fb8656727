"""Links work once, for a while, and for what they were made."""

import asyncio

import pytest

from bot.errors import InvalidInput, NotFound
from bot.people import invitations, staff
from bot.people.actor import Grant
from tests.support.office import Office


@pytest.fixture
async def empty(settings):
    """A console without an administrator, on both databases."""
    async with Office.open(settings, founder=False) as opened:
        yield opened


async def makes(office, kind="setup", **values):
    given = {"grant": Grant("admin", "")} if kind == "setup" else {}
    async with office.rt.db.write() as tx:
        return await invitations.make(tx, kind, now=office.clock.now(), **(given | values))


async def uses(office, key, login="chen"):
    async with office.rt.db.write() as tx:
        return await invitations.use(
            tx, key, login=login, name="陈丽华", password="hash", now=office.clock.now()
        )


async def looks(office, key):
    async with office.rt.db.read() as tx:
        return await invitations.look(tx, key, office.clock.now())


async def test_the_set_up_link_makes_one_administrator_whose_grant_counts(empty):
    key = await makes(empty)
    number = await uses(empty, key)
    async with empty.rt.db.read() as tx:
        who = await staff.actor(tx, number)
        assert who.grants == (Grant("admin", ""),)
        assert await staff.has_administrator(tx)
    with pytest.raises(NotFound):
        await uses(empty, key, "liu")


@pytest.mark.parametrize(("kind", "hours"), [("setup", 0.5), ("reset", 24), ("invite", 72)])
async def test_a_link_works_until_its_time_and_not_after(empty, kind, hours):
    key = await makes(empty, kind, person=1)
    empty.clock.turn(hours=hours, seconds=-1)
    assert (await looks(empty, key)).kind == kind
    empty.clock.turn(seconds=1)
    with pytest.raises(NotFound):
        await looks(empty, key)


async def test_a_new_set_up_link_makes_the_one_before_worthless(empty):
    old, new = await makes(empty), await makes(empty)
    with pytest.raises(NotFound):
        await looks(empty, old)
    assert (await looks(empty, new)).kind == "setup"


async def test_a_set_up_link_is_worthless_once_somebody_administrates(empty):
    key = await makes(empty)
    await empty.account("founder", ("admin", "", ""))
    with pytest.raises(NotFound):
        await looks(empty, key)


async def test_of_two_who_take_a_link_at_once_one_gets_in(empty):
    key = await makes(empty)
    done = await asyncio.gather(
        *(uses(empty, key, f"user{n}") for n in range(4)), return_exceptions=True
    )
    assert sum(isinstance(d, int) for d in done) == 1
    assert len(await empty.rows("SELECT id FROM staff")) == 1


async def test_the_grant_of_an_invitation_waits_for_a_second_person(each_office):
    key = await makes(each_office, "invite", grant=Grant("editor", "gz/tianhe"), by=1)
    number = await uses(each_office, key)
    async with each_office.rt.db.read() as tx:
        assert (await staff.actor(tx, number)).grants == ()
    (row,) = await each_office.rows("SELECT given_by, approved_at FROM staff_grant WHERE staff=2")
    assert (row["given_by"], row["approved_at"]) == (1, None)


async def test_a_reset_changes_the_password_and_ends_the_sessions(each_office):
    chen = await each_office.staff("chen", ("editor", "", ""))
    key = await makes(each_office, "reset", person=chen.id)
    assert await uses(each_office, key) == chen.id
    async with each_office.rt.db.read() as tx:
        assert (await staff.account(tx, chen.id)).password == "hash"
    assert (await chen.get("/me")).status == 303


@pytest.mark.parametrize(
    "login",
    ["", "x", "-chen", "chen.", "a b c", "chen@x", "陈丽华", "c" * 41, "founder", "FOUNDER"],
)
async def test_a_login_that_cannot_be_taken_leaves_the_link_unused(office, login):
    key = await makes(office, "invite", grant=Grant("editor", ""), by=1)
    with pytest.raises(InvalidInput, match=r"^login\."):
        await uses(office, key, login)
    assert (await looks(office, key)).kind == "invite"


async def test_the_database_keeps_no_link(office):
    key = await makes(office, "invite", grant=Grant("editor", ""), by=1)
    (row,) = await office.rows("SELECT * FROM invitation")
    assert key not in map(str, row.values())
