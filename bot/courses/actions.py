"""Everything that changes a course: write, send to review, judge, publish, retire, go back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.courses import mapping, store
from bot.courses.access import EDIT, NO_TOPIC, PUBLISH, REVIEW
from bot.courses.states import OPEN, State
from bot.courses.store import Version
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.school import courses as reading
from bot.school.course_tables import course_versions, courses
from knowledge import courses as rules
from knowledge.courses import Course


class Conflict(InvalidInput):
    """Somebody else saved in the meantime."""


async def create(
    rt: Runtime, tx: AsyncConnection, actor: Actor, content: Course, area: str
) -> None:
    """Add a course whose first version is a draft.

    Raises:
        InvalidInput: the id is taken.
        NotAllowed: outside the actor's places.
    """
    actor.require(EDIT, area, NO_TOPIC)
    if await tx.scalar(select(courses.c.id).where(courses.c.id == content.id)):
        raise InvalidInput("course.id_taken")
    await tx.execute(
        insert(courses).values(
            id=content.id, title=content.title, area=area, version=0, created_at=rt.clock.now()
        )
    )
    await _add(rt, tx, actor, content, 1)
    await _note(rt, tx, actor, "course.created", content.id, area, number=1)


async def save(
    rt: Runtime, tx: AsyncConnection, actor: Actor, content: Course, on: str | None = None
) -> int:
    """Keep a text as the course's draft; what parents see stays. Returns the draft's number.

    What is published already, word for word, needs no draft.

    `on` is the token of the text it was made of; what was in review or approved is a draft again.

    Raises:
        Conflict: it was saved since.
    """
    row = await store.one(tx, actor, content.id, EDIT)
    before = await store.opened(tx, content.id)
    content = replace(content, status="draft")
    if before is None:
        shown = await store.version(tx, content.id, row.version)
        if content == replace(shown.content, status="draft"):
            return shown.number
        number = await store.next_number(tx, content.id)
        await _add(rt, tx, actor, content, number)
    elif on is not None and on != before.token:
        raise Conflict("course.conflict")
    elif content == before.content:
        return before.number
    else:
        number = before.number
        authors = sorted({*before.authors, actor.id})
        await _move(
            tx, before, State.DRAFT, content=reading.dumps(content), made_by=actor.id,
            made_at=rt.clock.now(), authors=json.dumps(authors),
        )  # fmt: skip
    if row.version == 0:
        named = update(courses).where(courses.c.id == content.id)
        await tx.execute(named.values(title=content.title))
    await _note(rt, tx, actor, "course.saved", content.id, row.area, number=number)
    return number


async def submit(rt: Runtime, tx: AsyncConnection, actor: Actor, name: str) -> None:
    """Send a draft to review.

    Raises:
        InvalidInput: the rules of courses find something, or another course has its title.
    """
    row, draft = await _open(tx, actor, name, EDIT, State.DRAFT, State.REJECTED)
    if rules.judge(draft.content):
        raise InvalidInput("course.problems")
    same = select(courses.c.id).where(courses.c.title == draft.content.title)
    if await tx.scalar(same.where(courses.c.id != name)):
        raise InvalidInput("course.title_taken")
    await _move(tx, draft, State.REVIEW)
    await _note(rt, tx, actor, "course.submitted", name, row.area, number=draft.number)


async def approve(
    rt: Runtime, tx: AsyncConnection, actor: Actor, name: str, on: str, note: str = ""
) -> None:
    """Approve what is in review; `on` is the token of the text that was read.

    Raises:
        NotAllowed: the actor had a hand in it.
    """
    row, draft = await _open(tx, actor, name, REVIEW, State.REVIEW)
    _second(actor, draft)
    if on != draft.token:
        raise Conflict("course.conflict")
    now = rt.clock.now()
    await _move(tx, draft, State.APPROVED, decided_by=actor.id, decided_at=now, note=note)
    await _note(rt, tx, actor, "course.approved", name, row.area, number=draft.number, why=note)


async def reject(rt: Runtime, tx: AsyncConnection, actor: Actor, name: str, note: str) -> None:
    """Send a text back with what should change.

    Raises:
        InvalidInput: nothing is said about what should change.
    """
    row, draft = await _open(tx, actor, name, REVIEW, State.REVIEW, State.APPROVED)
    if not note:
        raise InvalidInput("course.note_missing")
    now = rt.clock.now()
    await _move(tx, draft, State.REJECTED, decided_by=actor.id, decided_at=now, note=note)
    await _note(rt, tx, actor, "course.rejected", name, row.area, number=draft.number, why=note)


async def publish(rt: Runtime, tx: AsyncConnection, actor: Actor, name: str) -> int:
    """Give an approved version to who begins from now on; who has begun goes on with theirs.

    Returns its number.

    Raises:
        NotAllowed: the actor had a hand in it.
    """
    row, draft = await _open(tx, actor, name, PUBLISH, State.APPROVED)
    _second(actor, draft)
    # after going back, the version in force may have a greater number than this draft
    late = draft.number < row.version
    number = await store.next_number(tx, name) if late else draft.number
    content = replace(draft.content, status="published")
    await _move(tx, draft, State.PUBLISHED, number=number, content=reading.dumps(content),
                decided_by=actor.id, decided_at=rt.clock.now())  # fmt: skip
    await _enforce(tx, name, number, content.title)
    await _note(rt, tx, actor, "course.published", name, row.area, number=number)
    return number


async def go_back(
    rt: Runtime, tx: AsyncConnection, actor: Actor, name: str, number: int, why: str
) -> int:
    """Publish what an older version says under a new number; returns the number."""
    row = await store.one(tx, actor, name, PUBLISH)
    old = await store.version(tx, name, number)
    if old.state is not State.PUBLISHED or number == row.version:
        raise InvalidInput("course.state")
    fresh, now = await store.next_number(tx, name), rt.clock.now()
    await tx.execute(
        insert(course_versions).values(
            course=name, number=fresh, state=State.PUBLISHED, content=reading.dumps(old.content),
            made_by=actor.id, made_at=now, decided_by=actor.id, decided_at=now, note=why,
            authors=json.dumps(old.authors),
        )
    )  # fmt: skip
    await _enforce(tx, name, fresh, old.content.title)
    await _note(rt, tx, actor, "course.went_back", name, row.area, number=fresh, of=number, why=why)
    return fresh


async def retire(
    rt: Runtime, tx: AsyncConnection, actor: Actor, name: str, why: str, *, again: bool = False
) -> None:
    """Let nobody begin a course any more; `again`: let them. Who has begun goes on."""
    row = await store.one(tx, actor, name, PUBLISH)
    if row.version == 0 or again == (row.retired_at is None):
        raise InvalidInput("course.state")
    at = None if again else rt.clock.now()
    await tx.execute(update(courses).where(courses.c.id == name).values(retired_at=at))
    await mapping.renew(tx)
    action = "course.offered" if again else "course.retired"
    await _note(rt, tx, actor, action, name, row.area, why=why)


async def _open(
    tx: AsyncConnection, actor: Actor, name: str, permission: str, *states: State
) -> tuple[Any, Version]:
    """Return a course that the permission reaches, and its open version in one of these states."""
    row = await store.one(tx, actor, name, permission)
    draft = await store.opened(tx, name)
    if draft is None or draft.state not in states:
        raise InvalidInput("course.state")
    return row, draft


def _second(actor: Actor, draft: Version) -> None:
    if actor.id in draft.authors:
        raise NotAllowed("course.second_person")


async def _add(
    rt: Runtime, tx: AsyncConnection, actor: Actor, content: Course, number: int
) -> None:
    draft = replace(content, status="draft")
    await tx.execute(
        insert(course_versions).values(
            course=content.id, number=number, state=State.DRAFT, content=reading.dumps(draft),
            made_by=actor.id, made_at=rt.clock.now(), authors=json.dumps([actor.id]),
        )
    )  # fmt: skip


async def _move(tx: AsyncConnection, draft: Version, state: State, **values: Any) -> None:
    """Change a version that is still as it was read."""
    v = course_versions.c
    same = (v.course == draft.course) & (v.number == draft.number) & (v.state == draft.state)
    same &= v.made_at == draft.made_at
    moved = await tx.execute(update(course_versions).where(same).values(state=state, **values))
    if moved.rowcount != 1 or draft.state not in OPEN:
        raise Conflict("course.conflict")


async def _enforce(tx: AsyncConnection, name: str, number: int, title: str) -> None:
    row = update(courses).where(courses.c.id == name)
    moved = await tx.execute(row.values(version=number, title=title))
    if moved.rowcount != 1:
        raise NotFound
    await mapping.renew(tx)


async def _note(
    rt: Runtime, tx: AsyncConnection, actor: Actor, action: str, name: str, area: str, **told: Any
) -> None:
    await audit.note(rt, tx, actor, action, f"course:{name}", area=area, **told)
