"""What the console shows of an audience: how many, how many are left alone, five without a name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audiences import places
from bot.people import audience as people
from bot.people import audience_figures as figures
from bot.people.audience import Audience
from bot.people.audience_figures import Glimpse
from bot.people.consents import Kind
from bot.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Told:
    """Figures that may be shown; None: below ten, or nothing at all.

    The size before opt-outs is not among them: it would give small ones away. Below a district
    `quiet` is counted with `opted_out`, so that nobody learns of a crisis at a school.
    """

    left: int | None
    opted_out: int | None
    quiet: int | None
    is_fine: bool
    sample: list[Glimpse]
    parts: list[tuple[str, int | None]]
    #: Of the audience who is in none of `parts`.
    elsewhere: int | None


async def tell(
    rt: Runtime,
    tx: AsyncConnection,
    audience: Audience,
    kind: Kind | None,
    *,
    in_parts: bool = False,
) -> Told:
    """Return what may be shown of an audience now; in parts it takes as long again.

    Raises:
        NotAnAudience: it asks for what no feature knows.
    """
    account, now, features = rt.account_id(), rt.clock.now(), rt.audiences
    counted = await people.exclusions(tx, audience, account, now, features, kind)
    to = figures.step(audience)
    off, quiet = counted.opted_out, counted.quiet
    if to > 1:
        off, quiet = off + quiet, 0
    units = await places.parts(tx, audience.areas) if in_parts else []
    cells = {}
    if units:
        paths = [unit.path for unit in units]
        cells = await figures.by_area(tx, audience, account, now, features, paths, kind)
    return Told(
        left=figures.shown(counted.left, to),
        opted_out=figures.shown(off, to),
        quiet=figures.shown(quiet, to),
        is_fine=to > 1,
        sample=await figures.sample(tx, audience, account, now, features, kind),
        parts=[(unit.name, cells[unit.path]) for unit in units],
        elsewhere=cells.get(""),
    )
