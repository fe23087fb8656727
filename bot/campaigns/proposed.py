"""A draft that another feature proposes becomes a campaign like any other: nothing is approved."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import actions
from bot.campaigns.draft import MASS_NONE, MASS_TEXT, Draft, Words
from bot.delivery import drafts
from bot.delivery.states import Channel
from bot.people.actor import Actor
from bot.people.audience import Audience
from bot.people.audience_shape import CITY
from bot.runtime import Runtime

#: The city as a unit; as an audience that is everybody.
_WHOLE = "gz"


async def make(rt: Runtime, tx: AsyncConnection, actor: Actor, draft: drafts.Draft) -> str:
    """Begin a campaign of a proposal, once for each source; returns what a broadcast is about.

    Raises:
        NotAllowed: the person may not write to these parents.
    """
    number = await actions.create(rt, tx, actor, _draft(draft), draft.source)
    return f"campaign:{number}"


def _draft(proposed: drafts.Draft) -> Draft:
    wish = proposed.channel
    words = Words(
        title=proposed.title,
        text=proposed.text or proposed.title,
        target=proposed.page,
        mass=MASS_TEXT if wish in ("", Channel.MASS) else MASS_NONE,
    )
    area = CITY if proposed.area == _WHOLE else proposed.area
    has_other = wish in (Channel.NOTICE, Channel.CUSTOM)
    return Draft(
        name=proposed.title,
        words=words,
        audience=Audience(areas=(area,)),
        area=area,
        purpose=proposed.consent,
        excluded=frozenset({Channel.MASS} if has_other else ()),
        not_before=proposed.not_before,
    )
