"""What the search of the console finds here: places and colleagues."""

from __future__ import annotations

from bot.admin import people, places
from bot.console.start_pages import Group, Row
from bot.console.visit import PREFIX, Visit

_MOST = 8


async def search(visit: Visit, words: str) -> list[Group]:
    """Return the places and people whose names hold these words."""
    groups = []
    async with visit.rt.db.read() as tx:
        if visit.may(places.READ):
            found = await places.named(tx, visit.actor, words, limit=_MOST)
            names = dict(await places.full_names(tx, [f.unit.path for f in found]))
            rows = [
                Row(
                    label=f.unit.label(visit.today),
                    text=names[f.unit.path],
                    href=f"{PREFIX}/units?path={f.unit.path}",
                )
                for f in found
            ]
            groups.append(Group(visit.text("search.units"), "hierarchy", rows))
        if visit.may(people.READ):
            colleagues = await people.listed(
                tx, visit.actor, people.Wanted(words), offset=0, limit=_MOST
            )
            staff = [Row(p.name, p.login, f"{PREFIX}/staff/{p.id}") for p in colleagues]
            groups.append(Group(visit.text("search.staff"), "users", staff))
    return groups
