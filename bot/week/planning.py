"""Changes of plans: begun from last year's, adjusted, frozen; after that only texts, by two."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import week_dates
from bot.console import audit
from bot.delivery.drafts import Draft
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.week import access, plans, quota
from bot.week.plans import DRAFT, FROZEN, Item, Plan
from bot.week.tables import items, questions, texts
from bot.week.tables import plans as rows
from bot.week.words import template

#: Where a push of the week leads.
PAGE = "/h/week"
_FIELDS = ("day", "minute", "kind", "title", "text", "theme", "channel")


async def begin(rt: Runtime, tx: AsyncConnection, actor: Actor, year: int, area: str) -> int:
    """Begin a plan: last year's entries on new dates, else those of plan.yaml.

    Raises:
        NotAllowed: the place is not one's own.
        InvalidInput: there is one already, or the year is none we tell.
    """
    access.require(actor, access.EDIT, area)
    if not week_dates.FIRST <= year <= week_dates.LAST:
        raise InvalidInput("week.no_such_year")
    mine = (rows.c.year == year) & (rows.c.area == area)
    if await tx.scalar(select(rows.c.id).where(mine)) is not None:
        raise InvalidInput("week.have_already")
    last = await plans.before(tx, year, area)
    made = await tx.execute(
        insert(rows)
        .values(
            year=year, area=area, state=DRAFT, revision=1, made_at=rt.clock.now(), made_by=actor.id
        )
        .returning(rows.c.id)
    )
    plan = int(made.scalar_one())
    await _fill(tx, plan, last)
    await audit.note(
        rt, tx, actor, "week.begun", f"week:{plan}", area=area, year=year,
        origin=last.year if last else "template",
    )  # fmt: skip
    return plan


async def _fill(tx: AsyncConnection, plan: int, last: Plan | None) -> None:
    if last is None:
        given = template()
        first = [_row(plan, dict(one)) for one in given["items"]]
        asked = [_asked(plan, dict(one)) for one in given["quiz"]]
    else:
        first = [_row(plan, asdict(one)) for one in await plans.entries(tx, last.id)]
        asked = [_asked(plan, asdict(one)) for one in await plans.quiz(tx, last.id)]
    if first:
        await tx.execute(insert(items), first)
    if asked:
        await tx.execute(insert(questions), asked)


def _row(plan: int, given: dict[str, Any]) -> dict[str, Any]:
    plain = {"minute": None, "theme": "", "channel": ""} | given
    return {name: plain[name] for name in _FIELDS} | {"plan": plan, "about": ""}


def _asked(plan: int, given: dict[str, Any]) -> dict[str, Any]:
    options = json.dumps(list(given["options"]), ensure_ascii=False)
    kept = {name: given[name] for name in ("day", "text", "answer", "why")}
    return kept | {"plan": plan, "options": options}


async def put(
    rt: Runtime, tx: AsyncConnection, actor: Actor, plan: Plan, item: Item, *, revision: int
) -> None:
    """Add an entry (its id is 0) or change one of a draft.

    Raises:
        InvalidInput: the plan is frozen, or somebody else has changed it in the meantime.
    """
    await _turn(tx, actor, plan, revision)
    values = {name: getattr(item, name) for name in _FIELDS}
    if item.id:
        await tx.execute(
            update(items).where(items.c.id == item.id, items.c.plan == plan.id).values(values)
        )
    else:
        await tx.execute(insert(items).values(values | {"plan": plan.id, "about": ""}))
    await audit.note(
        rt, tx, actor, "week.changed", f"week:{plan.id}", area=plan.area,
        day=item.day, kind=item.kind, title=item.title,
    )  # fmt: skip


async def remove(
    rt: Runtime, tx: AsyncConnection, actor: Actor, plan: Plan, item: Item, *, revision: int
) -> None:
    """Take an entry out of a draft.

    Raises:
        InvalidInput: as `put`.
    """
    await _turn(tx, actor, plan, revision)
    await tx.execute(delete(items).where(items.c.id == item.id))
    await audit.note(
        rt, tx, actor, "week.removed", f"week:{plan.id}", area=plan.area, title=item.title
    )


async def _turn(
    tx: AsyncConnection, actor: Actor, plan: Plan, revision: int, **values: Any
) -> None:
    """Count the revision on, if the plan is still the draft the person saw."""
    access.require(actor, access.EDIT, plan.area)
    if plan.is_frozen:
        raise InvalidInput("week.is_frozen")
    same = (rows.c.id == plan.id) & (rows.c.state == DRAFT) & (rows.c.revision == revision)
    done = await tx.execute(update(rows).where(same).values(revision=revision + 1, **values))
    if done.rowcount != 1:
        raise InvalidInput("week.changed_meanwhile")


async def freeze(
    rt: Runtime, tx: AsyncConnection, actor: Actor, plan: Plan, *, revision: int
) -> int:
    """Freeze a plan and make drafts of campaigns of its pushes; returns how many were made.

    Raises:
        InvalidInput: its pushes are more than a follower may get, or as `put`.
    """
    entries = await plans.entries(tx, plan.id)
    worries = await worries_of(rt, tx, plan, entries)
    if any(worry.is_over for worry in worries):
        raise InvalidInput("week.over_quota")
    now = rt.clock.now()
    await _turn(tx, actor, plan, revision, state=FROZEN, frozen_at=now, frozen_by=actor.id)
    await audit.note(
        rt, tx, actor, "week.frozen", f"week:{plan.id}", area=plan.area,
        year=plan.year, worries=len(worries),
    )  # fmt: skip
    return await make_drafts(rt, tx, actor, plan, entries)


async def make_drafts(
    rt: Runtime, tx: AsyncConnection, actor: Actor, plan: Plan, entries: list[Item]
) -> int:
    """Make a draft of a campaign of each push that is still to come and has none."""
    if rt.draft_campaign is None:
        return 0
    made = 0
    for item in entries:
        at = item.starts_at(plan.year)
        if item.kind != quota.PUSH or item.about or at <= rt.clock.now():
            continue
        draft = Draft(
            f"week:{item.id}", plan.area, item.title, item.text, item.channel, at, PAGE, "events"
        )
        about = await rt.draft_campaign(rt, tx, actor, draft)
        await tx.execute(update(items).where(items.c.id == item.id).values(about=about))
        made += 1
    return made


async def worries_of(
    rt: Runtime, tx: AsyncConnection, plan: Plan, entries: list[Item]
) -> list[quota.Worry]:
    """Return what is to be thought of; the city's pushes count in a district's week, too."""
    counted = await quota.used(tx, plan.week.begins, plan.week.ends)
    if plan.area != access.CITY:
        wanted = select(rows.c.id).where(rows.c.year == plan.year, rows.c.area == access.CITY)
        city = await tx.scalar(wanted)
        theirs = await plans.entries(tx, city) if city else []
        pushes = [i for i in theirs if i.kind == quota.PUSH and not i.about]
        for item in pushes:
            if item.channel == "mass":
                month = (item.on(plan.year).year, item.on(plan.year).month)
                counted[month] = counted.get(month, 0) + 1
    return quota.worries(entries, plan.year, quota.Limits.of(rt), counted)


async def ask_text(
    rt: Runtime, tx: AsyncConnection, actor: Actor, plan: Plan, item: Item, *, title: str, text: str
) -> None:
    """Ask a second person to take another text for an entry of a frozen plan.

    Raises:
        InvalidInput: one waits already, or the plan is no longer to be changed like this.
    """
    access.require(actor, access.EDIT, plan.area)
    if not plan.is_frozen:
        raise InvalidInput("week.is_draft")
    waits = select(func.count()).where(texts.c.item == item.id, texts.c.decided_at.is_(None))
    if await tx.scalar(waits):
        raise InvalidInput("week.text_waits")
    await tx.execute(
        insert(texts).values(
            item=item.id, title=title, text=text, asked_at=rt.clock.now(), asked_by=actor.id,
            asked_name=actor.name,
        )
    )  # fmt: skip
    await audit.note(rt, tx, actor, "week.text_asked", f"week:{plan.id}", area=plan.area)


async def decide_text(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, *, take: bool
) -> int:
    """Take or drop a text, as a second person; returns its plan.

    Raises:
        NotFound: it does not wait, or lies outside.
        NotAllowed: it is one's own.
    """
    waits = (texts.c.id == number) & texts.c.decided_at.is_(None)
    row = (await tx.execute(select(texts).where(waits))).first()
    if row is None:
        raise NotFound
    item, plan = await plans.item(tx, actor, row.item, access.EDIT)
    if take and row.asked_by == actor.id:
        raise NotAllowed
    done = await tx.execute(
        update(texts).where(waits).values(
            decided_at=rt.clock.now(), decided_by=actor.id, is_taken=take
        )
    )  # fmt: skip
    if done.rowcount != 1:
        raise NotFound
    if take:
        values = {"title": row.title, "text": row.text}
        await tx.execute(update(items).where(items.c.id == item.id).values(values))
    action = "week.text_taken" if take else "week.text_dropped"
    await audit.note(
        rt, tx, actor, action, f"week:{plan.id}", area=plan.area,
        before=item.title, after=row.title,
    )  # fmt: skip
    return plan.id
