"""To a second person and back: an approval is of one hash, by who has no hand in the text.

| needs a second person | |
|---|---|
| so many recipients or more | BOT_SECOND_PERSON_FROM |
| parents of more than one school | |
| a warning that was kept, or leave in quiet hours | |

Source: RELIABILITY 7 (Hawaii 2018; the typed number of recipients).
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import actions, articles, ordering, queries
from bot.campaigns.draft import Campaign
from bot.campaigns.lint import Finding
from bot.campaigns.queries import APPROVE, EDIT
from bot.campaigns.states import OPEN, OWN_HAND, State, Verdict
from bot.console import audit
from bot.errors import InvalidInput, NotAllowed
from bot.people import audience, roles, staff
from bot.people.actor import Actor
from bot.people.audience_figures import LEAST
from bot.people.tables import grants
from bot.runtime import Runtime

#: Characters of a reason, at least.
REASON_LEAST = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """What is typed when a campaign is approved."""

    digest: str
    count: int


async def reviewers(tx: AsyncConnection, area: str) -> list[Actor]:
    """Return who may approve for this node, by name."""
    able = [name for name, role in roles.load().roles.items() if APPROVE in role.may]
    g = grants.c
    ids = await tx.scalars(select(g.staff).where(g.role.in_(able)).distinct())
    found = [await staff.actor(tx, number) for number in ids.all()]
    fit = [one for one in found if one is not None and queries.may(one, APPROVE, area)]
    return sorted(fit, key=lambda one: (one.name, one.id))


async def needs_second(
    rt: Runtime, tx: AsyncConnection, campaign: Campaign, count: int, findings: Sequence[Finding]
) -> bool:
    """Say whether whoever wrote a campaign may not approve it alone."""
    if count >= rt.settings.second_person_from or findings or campaign.reason:
        return True
    return campaign.draft.is_urgent or not await queries.is_in_one_school(tx, campaign.draft.area)


async def hands(tx: AsyncConnection, campaign: Campaign) -> set[int]:
    """Return who has a hand in a campaign's text."""
    past = await queries.history(tx, campaign.id)
    return {campaign.made_by, *(one.by for one in past if one.verdict in OWN_HAND)}


async def submit(
    rt: Runtime,
    tx: AsyncConnection,
    actor: Actor,
    number: int,
    reviewer: int,
    reason: str,
    findings: Sequence[Finding],
) -> None:
    """Ask for the approval of a campaign as it stands.

    Raises:
        InvalidInput: an error stands in it, a warning without a reason, or the person who was
            named may not approve for these parents.
    """
    campaign = await queries.one(tx, actor, number, EDIT)
    if campaign.state not in OPEN or campaign.state is State.SUBMITTED:
        raise InvalidInput("campaign.closed")
    if any(one.severity == "error" for one in findings):
        raise InvalidInput("campaign.errors")
    if findings and len(reason.strip()) < REASON_LEAST:
        raise InvalidInput("campaign.reason")
    named = await staff.actor(tx, reviewer)
    if named is None or not queries.may(named, APPROVE, campaign.draft.area):
        raise InvalidInput("campaign.other_scope")
    now, said = rt.clock.now(), campaign.digest
    kept = reason.strip() if findings else ""
    values = {"state": State.SUBMITTED, "digest": said, "reviewer": reviewer, "reason": kept}
    await actions.move(tx, campaign, values | {"changed_at": now})
    await actions.note(rt, tx, actor, number, Verdict.SUBMITTED, digest=said, why=kept)
    area = campaign.draft.area
    await audit.note(
        rt, tx, actor, "campaign.submitted", f"campaign:{number}", area=area, digest=said[:12]
    )


async def reject(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, digest: str, why: str
) -> None:
    """Send a campaign back with a reason."""
    campaign = await _submitted(tx, actor, number, digest)
    if len(why.strip()) < REASON_LEAST:
        raise InvalidInput("campaign.reason")
    values = {"state": State.REJECTED, "digest": "", "changed_at": rt.clock.now()}
    await actions.move(tx, campaign, values)
    await actions.note(rt, tx, actor, number, Verdict.REJECTED, digest=digest, why=why.strip())
    area = campaign.draft.area
    await audit.note(rt, tx, actor, "campaign.rejected", f"campaign:{number}", area=area)


async def approve(
    rt: Runtime,
    tx: AsyncConnection,
    actor: Actor,
    number: int,
    asked: Asked,
    findings: Sequence[Finding],
) -> None:
    """Approve what was submitted and order it; with an article the order waits for its draft.

    Raises:
        NotAllowed: a second person is needed.
        InvalidInput: it was changed, an error stands in it, or the number typed is not the live
            count.
    """
    campaign = await _submitted(tx, actor, number, asked.digest)
    if any(one.severity == "error" for one in findings):
        raise InvalidInput("campaign.errors")
    count = await live_count(rt, tx, campaign)
    if count < LEAST:
        raise InvalidInput("campaign.few")
    if asked.count != count:
        raise InvalidInput("campaign.count")
    if await needs_second(rt, tx, campaign, count, findings) and actor.id in await hands(
        tx, campaign
    ):
        raise NotAllowed("campaign.second_person")
    await _approved(rt, tx, actor, campaign, count)


async def live_count(rt: Runtime, tx: AsyncConnection, campaign: Campaign) -> int:
    """Return how many parents the audience holds now."""
    today = ordering.today(rt)
    wanted = campaign.draft.audience
    return await audience.count(tx, wanted, ordering.account(rt), today, rt.audiences)


async def _submitted(tx: AsyncConnection, actor: Actor, number: int, digest: str) -> Campaign:
    campaign = await queries.one(tx, actor, number, APPROVE)
    if campaign.state is not State.SUBMITTED:
        raise InvalidInput("campaign.not_submitted")
    same = hmac.compare_digest(campaign.submitted, campaign.digest)
    if not same or not hmac.compare_digest(campaign.submitted, digest):
        raise InvalidInput("campaign.changed_meanwhile")
    return campaign


async def _approved(
    rt: Runtime, tx: AsyncConnection, actor: Actor, campaign: Campaign, count: int
) -> None:
    draft, now = campaign.draft, rt.clock.now()
    if draft.not_before is not None and draft.not_before < now - ordering.LATE:
        raise InvalidInput("campaign.past")
    values = {"state": State.APPROVED, "expected": count, "changed_at": now}
    await actions.move(tx, campaign, values)
    await actions.note(
        rt, tx, actor, campaign.id, Verdict.APPROVED, digest=campaign.digest, why=str(count)
    )
    await audit.note(
        rt, tx, actor, "campaign.approved", f"campaign:{campaign.id}", area=draft.area,
        count=count, digest=campaign.digest[:12],
    )  # fmt: skip
    if not articles.is_needed(draft):
        await ordering.place(rt, tx, campaign.id)
