"""Begin, change, copy, put away: each noted in the campaign's history and in the audit log."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import queries
from bot.campaigns.draft import Campaign, Draft, copied
from bot.campaigns.queries import EDIT, NO_TOPIC
from bot.campaigns.states import OPEN, State, Verdict
from bot.campaigns.tables import campaigns, reviews
from bot.console import audit
from bot.errors import InvalidInput
from bot.people.actor import Actor
from bot.people.audience import Audience
from bot.runtime import Runtime


async def create(rt: Runtime, tx: AsyncConnection, actor: Actor, draft: Draft, form: str) -> int:
    """Begin a campaign; the same form sent twice is one campaign. Returns its number.

    Raises:
        NotAllowed: it is for parents somebody else looks after.
    """
    actor.require(EDIT, draft.area, NO_TOPIC)
    known = await tx.scalar(select(campaigns.c.id).where(campaigns.c.form == form))
    if known is not None:
        await queries.one(tx, actor, known, EDIT)
        return int(known)
    now = rt.clock.now()
    begun = {
        "form": form, "state": State.DRAFT, "revision": 1, "digest": "", "reason": "",
        "made_by": actor.id, "made_at": now, "changed_at": now,
    }  # fmt: skip
    made = await tx.execute(
        insert(campaigns).values(**draft.columns(), **begun).returning(campaigns.c.id)
    )
    number = int(made.scalar_one())
    await note(rt, tx, actor, number, Verdict.MADE)
    await audit.note(rt, tx, actor, "campaign.made", f"campaign:{number}", area=draft.area)
    return number


async def change(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, draft: Draft, revision: int
) -> None:
    """Change a campaign that still stands at the revision the person saw.

    Whatever was submitted is void: an approval is of this text to these people at this time.

    Raises:
        NotAllowed: it is for parents somebody else looks after.
        InvalidInput: it was ordered, or somebody changed it in the meantime.
    """
    actor.require(EDIT, draft.area, NO_TOPIC)
    before = await queries.one(tx, actor, number, EDIT)
    if before.state not in OPEN:
        raise InvalidInput("campaign.closed")
    draft = replace(draft, kind=before.draft.kind, corrects=before.draft.corrects)
    values = draft.columns() | {
        "state": State.DRAFT, "digest": "", "reviewer": None, "reason": "", "article": "",
        "revision": revision + 1, "changed_at": rt.clock.now(),
    }  # fmt: skip
    await move(tx, before, values, revision=revision)
    if before.state is State.SUBMITTED:
        await note(rt, tx, actor, number, Verdict.VOIDED)
    await note(rt, tx, actor, number, Verdict.EDITED)
    await audit.note(rt, tx, actor, "campaign.changed", f"campaign:{number}", area=draft.area)


async def copy(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, form: str) -> int:
    """Begin a campaign that says the same; returns its number."""
    campaign = await queries.one(tx, actor, number)
    return await create(rt, tx, actor, copied(campaign.draft, campaign.draft.name), form)


async def correct(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, form: str, texts: tuple[str, str]
) -> int:
    """Begin a correction to exactly the people a campaign reached; returns its number.

    `texts` are title and text of the prepared correction.

    Raises:
        InvalidInput: nothing was ordered.
    """
    campaign = await queries.one(tx, actor, number, EDIT)
    if campaign.broadcast is None:
        raise InvalidInput("campaign.not_ordered")
    title, text = texts
    words = replace(
        campaign.draft.words, title=title, text=text, text_b="", card=False, template="",
        notice={}, mass="none", publish=False,
    )  # fmt: skip
    reached = Audience(features={"received": str(campaign.broadcast)})
    draft = replace(
        copied(campaign.draft, campaign.draft.name), words=words, audience=reached,
        kind="correction", corrects=number, excluded=frozenset(), is_public=False,
    )  # fmt: skip
    return await create(rt, tx, actor, draft, form)


async def archive(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> None:
    """Put a campaign away; what was ordered goes on."""
    campaign = await queries.one(tx, actor, number, EDIT)
    if campaign.state is State.APPROVED:
        raise InvalidInput("campaign.closed")
    await move(tx, campaign, {"state": State.ARCHIVED, "changed_at": rt.clock.now()})
    await note(rt, tx, actor, number, Verdict.ARCHIVED)
    area = campaign.draft.area
    await audit.note(rt, tx, actor, "campaign.archived", f"campaign:{number}", area=area)


async def move(
    tx: AsyncConnection,
    campaign: Campaign,
    values: dict[str, object],
    *,
    revision: int | None = None,
) -> None:
    """Change the row of a campaign that still stands as it was read.

    Raises:
        InvalidInput: somebody was faster.
    """
    c = campaigns.c
    done = await tx.execute(
        update(campaigns)
        .where(c.id == campaign.id, c.state == campaign.state)
        .where(c.revision == (campaign.revision if revision is None else revision))
        .values(**values)
    )
    if done.rowcount != 1:
        raise InvalidInput("campaign.changed_meanwhile")


async def note(
    rt: Runtime,
    tx: AsyncConnection,
    actor: Actor,
    number: int,
    verdict: Verdict,
    *,
    digest: str = "",
    why: str = "",
) -> None:
    """Add a line to a campaign's history."""
    await tx.execute(
        insert(reviews).values(
            campaign=number, at=rt.clock.now(), by=actor.id, by_name=actor.name,
            verdict=verdict, digest=digest, note=why[:200],
        )
    )  # fmt: skip
