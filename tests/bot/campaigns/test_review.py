"""Nobody approves alone, nothing leaves unapproved, and an approval is of one text at one time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaigns import actions, ordering, queries, reviewing, running
from bot.campaigns.lint import Finding
from bot.errors import InvalidInput, NotAllowed, NotFound
from tests.support.campaigning import SCHOOL, TIANHE, WORDS, Team, draft, form, parents
from tests.support.office import YUEXIU


@pytest.fixture
async def team(each_office):
    await each_office.units()
    found = Team(each_office)
    for name in ("ann", "bob", "cat"):
        await found.join(name)
    await found.join("eve", area=YUEXIU)
    await parents(each_office)
    return found


async def orders(team):
    return await team.office.rows("SELECT id, about, expected FROM broadcast ORDER BY id")


async def test_a_second_person_approves_and_it_is_ordered_once(team):
    number = await team.create("ann")
    await team.submit("ann", number, "bob")
    await team.approve("bob", number)
    (one,) = await orders(team)
    assert (one["about"], one["expected"]) == (f"campaign:{number}", 12)
    assert (await team.one("ann", number)).state == "ordered"


@pytest.mark.parametrize("hand", ["made", "edited", "submitted"])
async def test_whoever_has_a_hand_in_it_is_no_second_person(team, hand):
    number = await team.create("ann")
    if hand == "edited":
        await team.change("bob", number, draft(words=replace(WORDS, title="改")))
    await team.submit("bob" if hand == "submitted" else "ann", number, "cat")
    who = "ann" if hand == "made" else "bob"
    with pytest.raises(NotAllowed, match=r"campaign\.second_person"):
        await team.approve(who, number)
    assert await orders(team) == []


async def test_who_edited_an_earlier_text_still_has_a_hand_in_it(team):
    number = await team.create("ann")
    await team.change("bob", number, draft(words=replace(WORDS, title="改")))
    await team.change("ann", number, draft(words=replace(WORDS, title="再改")))
    await team.submit("ann", number, "cat")
    with pytest.raises(NotAllowed):
        await team.approve("bob", number)
    await team.approve("cat", number)


CHANGES = {
    "text": {"words": replace(WORDS, text="换了一句话")},
    "audience": {"areas": (SCHOOL,)},
    "channels": {"excluded": frozenset({"mass"})},
    "time": {"valid_minutes": 60},
    "purpose": {"purpose": ""},
    "urgent": {"is_urgent": True},
}


@pytest.mark.parametrize("what", CHANGES)
async def test_an_edit_after_the_submission_voids_it(team, what):
    number = await team.create("ann")
    await team.submit("ann", number, "bob")
    seen = (await team.one("bob", number)).submitted
    given = dict(CHANGES[what])
    areas = given.pop("areas", (TIANHE,))
    await team.change("ann", number, draft(*areas, **given))
    with pytest.raises(InvalidInput, match=r"campaign\.not_submitted"):
        await team.approve("bob", number, digest=seen)
    await team.submit("ann", number, "bob")
    with pytest.raises(InvalidInput, match=r"campaign\.changed_meanwhile"):
        await team.approve("bob", number, digest=seen)  # what was seen is not what stands there
    assert await orders(team) == []


async def test_a_row_changed_behind_our_back_is_not_what_was_submitted(team):
    number = await team.create("ann")
    await team.submit("ann", number, "bob")
    await team.office.change("UPDATE campaign SET purpose = '' WHERE id = :n", n=number)
    with pytest.raises(InvalidInput, match=r"campaign\.changed_meanwhile"):
        await team.approve("bob", number)


async def test_a_replayed_approval_orders_nothing(team):
    number = await team.create("ann")
    await team.submit("ann", number, "bob")
    seen = (await team.one("bob", number)).submitted
    await team.approve("bob", number)
    for who in ("bob", "cat"):
        with pytest.raises(InvalidInput, match=r"campaign\.not_submitted"):
            await team.approve(who, number, digest=seen)
    assert len(await orders(team)) == 1


async def test_an_approval_of_another_campaign_is_none_of_this(team):
    first, second = await team.create("ann"), await team.create("ann", draft(name="另一个"))
    await team.submit("ann", first, "bob")
    await team.submit("ann", second, "bob")
    seen = (await team.one("bob", first)).submitted
    with pytest.raises(InvalidInput):
        await team.approve("bob", second, digest=seen)


@pytest.mark.parametrize("typed", [0, 11, 13, -1])
async def test_the_typed_number_must_be_the_live_count(team, typed):
    number = await team.create("ann")
    await team.submit("ann", number, "bob")
    with pytest.raises(InvalidInput, match=r"campaign\.count"):
        await team.approve("bob", number, count=typed)


async def test_the_count_is_that_of_the_moment(team):
    number = await team.create("ann")
    await team.submit("ann", number, "bob")
    await parents(team.office, 3, prefix="oNew")
    with pytest.raises(InvalidInput, match=r"campaign\.count"):
        await team.approve("bob", number, count=12)
    await team.approve("bob", number, count=15)


async def test_fewer_than_ten_are_nobody_to_send_to(team):
    await team.office.change("DELETE FROM guardian WHERE openid > 'oParent_0008'")
    number = await team.create("ann")
    await team.submit("ann", number, "bob")
    with pytest.raises(InvalidInput, match=r"campaign\.few"):
        await team.approve("bob", number, count=9)


async def test_one_school_few_and_no_warning_needs_no_second_person(team):
    number = await team.create("ann", draft(SCHOOL))
    campaign = await team.one("ann", number)
    async with team.office.rt.db.read() as tx:
        needs = reviewing.needs_second
        assert not await needs(team.office.rt, tx, campaign, 12, [])
        assert await needs(team.office.rt, tx, campaign, 500, [])
        assert await needs(team.office.rt, tx, campaign, 12, [Finding("double", "warn")])
        kept = replace(campaign, reason="说明过")
        assert await needs(team.office.rt, tx, kept, 12, [])
        wide = replace(campaign, draft=draft(TIANHE))
        assert await needs(team.office.rt, tx, wide, 12, [])


async def test_a_reviewer_of_another_district_cannot_be_named(team):
    number = await team.create("ann")
    with pytest.raises(InvalidInput, match=r"campaign\.other_scope"):
        await team.submit("ann", number, "eve")
    async with team.office.rt.db.read() as tx:
        assert {a.name for a in await reviewing.reviewers(tx, TIANHE)} == {
            "ann先生", "bob先生", "cat先生",
        }  # fmt: skip


async def test_nobody_of_another_district_does_anything(team):
    number = await team.create("ann")
    await team.submit("ann", number, "bob")
    seen = (await team.one("ann", number)).submitted
    asked = reviewing.Asked(seen, 12)
    for work, given in {
        reviewing.approve: (asked, []),
        reviewing.reject: (seen, "理由写得够长"),
        reviewing.submit: (1, "理由写得够长", []),
        actions.copy: (form(),),
        actions.archive: (),
        running.stop: (),
    }.items():
        with pytest.raises(NotFound):
            await team.do(work, "eve", number, *given)
    with pytest.raises(NotAllowed):
        await team.create("eve")
    with pytest.raises(NotAllowed):
        await team.change("ann", number, draft(YUEXIU))


async def test_an_error_stops_and_a_warning_needs_a_reason(team):
    number = await team.create("ann", draft(words=replace(WORDS, text="完成情况与入学挂钩")))
    with pytest.raises(InvalidInput, match=r"campaign\.errors"):
        await team.submit("ann", number, "bob")
    await team.change("ann", number, draft(words=replace(WORDS, text="请截图")))
    with pytest.raises(InvalidInput, match=r"campaign\.reason"):
        await team.submit("ann", number, "bob", reason="短")
    await team.submit("ann", number, "bob", reason="家长自己要求留个底")
    assert (await team.one("bob", number)).reason == "家长自己要求留个底"


async def test_a_rejected_one_goes_back_and_may_come_again(team):
    number = await team.create("ann")
    await team.submit("ann", number, "bob")
    seen = (await team.one("bob", number)).submitted
    with pytest.raises(InvalidInput, match=r"campaign\.reason"):
        await team.do(reviewing.reject, "bob", number, seen, "不")
    await team.do(reviewing.reject, "bob", number, seen, "时间写错了，请改")
    with pytest.raises(InvalidInput):
        await team.approve("bob", number, digest=seen)
    await team.submit("ann", number, "bob")
    await team.approve("bob", number)


async def test_the_same_form_is_one_campaign(team):
    number = form()
    first = await team.create("ann", number=number)
    assert await team.create("ann", number=number) == first


async def test_two_editors_do_not_overwrite_each_other(team):
    number = await team.create("ann")
    await team.change("ann", number, draft(name="一"), revision=1)
    with pytest.raises(InvalidInput, match=r"campaign\.changed_meanwhile"):
        await team.change("bob", number, draft(name="二"), revision=1)


async def test_the_same_text_to_the_same_people_within_a_day_is_asked_about(team):
    first = await team.create("ann")
    await team.submit("ann", first, "bob")
    await team.approve("bob", first)
    for areas, is_double in (((TIANHE,), True), ((SCHOOL,), True)):
        number = await team.create("ann", draft(*areas))
        keys = {one.key for one in await team.findings("ann", number)}
        assert ("double" in keys) is is_double
    await team.join("fay", area=YUEXIU)
    number = await team.create("fay", draft(YUEXIU))
    assert "double" not in {one.key for one in await team.findings("fay", number)}
    team.office.clock.turn(hours=24, minutes=1)
    number = await team.create("ann")
    assert "double" not in {one.key for one in await team.findings("ann", number)}


async def test_nothing_that_is_not_approved_is_ever_ordered(team):
    number = await team.create("ann")
    for _ in range(2):
        async with team.office.rt.db.write() as tx:
            with pytest.raises(InvalidInput, match=r"campaign\.not_approved"):
                await ordering.place(team.office.rt, tx, number)
        if (await team.one("ann", number)).state == "draft":
            await team.submit("ann", number, "bob")
    assert await ordering.order_approved(team.office.rt) == 0
    assert await orders(team) == []


async def test_an_old_time_is_not_approved(team):
    past = team.office.clock.now() - timedelta(hours=1)
    number = await team.create("ann", draft(not_before=past))
    await team.submit("ann", number, "bob")
    with pytest.raises(InvalidInput, match=r"campaign\.past"):
        await team.approve("bob", number)


async def test_everything_is_in_the_history_and_in_the_chain(team):
    number = await team.create("ann")
    await team.submit("ann", number, "bob")
    await team.approve("bob", number)
    async with team.office.rt.db.read() as tx:
        past = [one.verdict for one in await queries.history(tx, number)]
    assert past == ["approved", "submitted", "made"]
    noted = await team.office.rows(
        "SELECT action FROM audit WHERE target = :t", t=f"campaign:{number}"
    )
    assert [row["action"] for row in noted] == [
        "campaign.made", "campaign.submitted", "campaign.approved",
    ]  # fmt: skip
