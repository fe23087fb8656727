"""Changes of a term plan: begun from a template, adjusted, published with its sessions."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calendar import store
from bot.console import audit
from bot.errors import InvalidInput
from bot.org.tables import units
from bot.org.tree import Unit
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.school import sessions
from bot.teaching import dating, modules
from bot.teaching.access import NO_TOPIC, TERMS
from bot.teaching.dating import LESSON, ONSITE, Dated
from bot.teaching.tables import items, plans
from bot.teaching.terms import DRAFT, PUBLISHED, Item, Plan, entries
from bot.teaching.words import templates, words

#: Longest term in days, and most entries of a plan.
DAYS_MAX, ITEMS_MAX = 200, 60


async def begin(
    rt: Runtime, tx: AsyncConnection, actor: Actor, school: Unit, *,
    title: str, first: date, last: date, template: str,
) -> int:  # fmt: skip
    """Begin a plan: the template on the term's days; returns its number.

    Raises:
        NotAllowed: the school is not one's own.
        InvalidInput: a key of messages.yaml.
    """
    actor.require(TERMS, school.path, NO_TOPIC)
    # two at once: the second waits here, and then sees the plan of the first
    await tx.execute(select(units.c.id).where(units.c.path == school.path).with_for_update())
    if not 0 < (last - first).days <= DAYS_MAX:
        raise InvalidInput("terms.backwards")
    same = (plans.c.area == school.path) & (plans.c.first <= last) & (plans.c.last >= first)
    if await tx.scalar(select(plans.c.id).where(same)) is not None:
        raise InvalidInput("terms.have_already")
    calendar = await store.load(tx)
    laid = dating.lay(calendar, first, last, templates()[template].items)
    if not laid:
        raise InvalidInput("terms.no_days")
    row = {"area": school.path, "title": title, "first": first, "last": last, "state": DRAFT}
    made = await tx.execute(
        insert(plans)
        .values(row | {"revision": 1, "made_at": rt.clock.now(), "made_by": actor.id})
        .returning(plans.c.id)
    )
    plan = int(made.scalar_one())
    laid = await _with_lessons(rt, tx, school, laid)
    await tx.execute(insert(items), [asdict(one) | {"plan": plan, "session": None} for one in laid])
    await audit.note(
        rt, tx, actor, "terms.begun", f"term:{plan}", area=school.path, template=template
    )
    return plan


async def _with_lessons(
    rt: Runtime, tx: AsyncConnection, school: Unit, laid: list[Dated]
) -> list[Dated]:
    """Put the lessons that suit the school into the entries for them, in their order."""
    listed = modules.suiting(await modules.published(rt, tx), school, laid[0].day)
    waiting = iter(listed)
    told = []
    for one in laid:
        module = next(waiting, None) if one.kind == LESSON else None
        found = module and one.taught(module.course.id, module.lesson.name, module.lesson.title)
        told.append(found or one)
    return told


async def put(
    rt: Runtime, tx: AsyncConnection, actor: Actor, plan: Plan, item: Item, *,
    revision: int, is_sure: bool,
) -> None:  # fmt: skip
    """Add an entry (its id is 0) or change one; `is_sure`: on a day without school as well.

    Raises:
        InvalidInput: the day is outside of the term, has no school, or somebody was faster.
    """
    if not plan.first <= item.day <= plan.last:
        raise InvalidInput("terms.outside")
    calendar = await store.load(tx)
    if item.kind == ONSITE and not is_sure and not dating.fits(calendar, item.day):
        raise InvalidInput("terms.no_school")
    if not item.id and len(await entries(tx, plan.id)) >= ITEMS_MAX:
        raise InvalidInput("terms.full")
    await _turn(tx, plan, revision)
    values = {n: getattr(item, n) for n in Item.__slots__ if n not in ("id", "plan")}
    if plan.is_published and item.kind == ONSITE and item.session is None:
        values["session"] = await _hold(rt, tx, actor, plan, item)
    if item.id:
        mine = (items.c.id == item.id) & (items.c.plan == plan.id)
        await tx.execute(update(items).where(mine).values(values))
    else:
        await tx.execute(insert(items).values(values | {"plan": plan.id}))
    await audit.note(
        rt, tx, actor, "terms.changed", f"term:{plan.id}", area=plan.area, title=item.title
    )


async def remove(
    rt: Runtime, tx: AsyncConnection, actor: Actor, plan: Plan, item: Item, *, revision: int
) -> None:
    """Take an entry out; one that has become a session is cancelled there.

    Raises:
        InvalidInput: it has a session, or somebody was faster.
    """
    if item.session is not None:
        raise InvalidInput("terms.has_session")
    await _turn(tx, plan, revision)
    await tx.execute(delete(items).where(items.c.id == item.id, items.c.plan == plan.id))
    await audit.note(
        rt, tx, actor, "terms.removed", f"term:{plan.id}", area=plan.area, title=item.title
    )


async def publish(
    rt: Runtime, tx: AsyncConnection, actor: Actor, plan: Plan, *, revision: int
) -> int:
    """Show a plan to parents and make its sessions; returns how many.

    Raises:
        InvalidInput: it is published, a lesson is not chosen, or somebody was faster.
    """
    if plan.is_published:
        raise InvalidInput("terms.is_published")
    found = await entries(tx, plan.id)
    if any(one.kind == LESSON and not one.course for one in found):
        raise InvalidInput("terms.lesson_missing")
    await _turn(tx, plan, revision, state=PUBLISHED, published_at=rt.clock.now())
    onsite = [one for one in found if one.kind == ONSITE]
    for one in onsite:
        number = await _hold(rt, tx, actor, plan, one)
        await tx.execute(update(items).where(items.c.id == one.id).values(session=number))
    await audit.note(
        rt, tx, actor, "terms.published", f"term:{plan.id}", area=plan.area, sessions=len(onsite)
    )
    return len(onsite)


async def _hold(rt: Runtime, tx: AsyncConnection, actor: Actor, plan: Plan, item: Item) -> int:
    made = sessions.Made(
        area=plan.area, title=item.title, starts_at=item.starts_at, minutes=item.minutes,
        place=item.place, programme=words().programme, course=item.course, lesson=item.lesson,
        plan=plan.id,
    )  # fmt: skip
    return await sessions.add(tx, made, by=actor.id, now=rt.clock.now())


async def _turn(tx: AsyncConnection, plan: Plan, revision: int, **values: Any) -> None:
    """Count the revision on, if the plan is still the one the person saw."""
    same = (plans.c.id == plan.id) & (plans.c.revision == revision) & (plans.c.state == plan.state)
    done = await tx.execute(update(plans).where(same).values(revision=revision + 1, **values))
    if done.rowcount != 1:
        raise InvalidInput("terms.changed_meanwhile")
