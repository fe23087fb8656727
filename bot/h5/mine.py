"""What waits for a parent on the pages: messages and to-dos, as features bring them.

The pages read what the chat could not push (pull mode, MISSION 4, first 17): a feature brings a
`Mailbox`, a `todos` function, or both, in its record.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people.families import Person
from bot.runtime import Runtime

#: Messages on one page, and how many of the newest can be paged through.
SIZE, REACH = 20, 400


@dataclass(frozen=True, slots=True)
class Message:
    """One message for a parent. `id`: at most 64 letters, digits, `-`, `_`, its mailbox's own.

    `url` is a path of ours or an https address; empty without one.
    """

    id: str
    at: datetime
    title: str
    text: str
    url: str = ""
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """Something a parent may still do; never a duty, and nobody counts who did not."""

    title: str
    text: str = ""
    url: str = ""
    due_at: datetime | None = None


#: (rt, tx, person, most): the newest messages, at most so many, newest first.
Listed = Callable[[Runtime, AsyncConnection, Person, int], Awaitable[Sequence[Message]]]
#: (rt, tx, person, id): one message, noted as read in this writing transaction; None: not theirs.
Opened = Callable[[Runtime, AsyncConnection, Person, str], Awaitable[Message | None]]
#: (rt, tx, person): how many are not read.
Unread = Callable[[Runtime, AsyncConnection, Person], Awaitable[int]]
#: (rt, tx, person): what is open, the most urgent first.
Todos = Callable[[Runtime, AsyncConnection, Person], Awaitable[Sequence[Todo]]]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What a feature keeps of messages for parents."""

    listed: Listed
    opened: Opened
    unread: Unread


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of messages, numbered from 1."""

    number: int
    messages: tuple[Message, ...]
    has_more: bool


async def messages(rt: Runtime, tx: AsyncConnection, person: Person, number: int) -> Shown:
    """Return one page of the messages of all mailboxes, newest first; beyond the end: empty."""
    number = min(max(number, 1), REACH // SIZE)
    first = (number - 1) * SIZE
    found: list[Message] = []
    for box in _boxes(rt):
        found += await box.listed(rt, tx, person, first + SIZE + 1)
    found.sort(key=lambda one: (one.at, one.id), reverse=True)
    shown = tuple(islice(found, first, first + SIZE))
    return Shown(number, shown, len(found) > first + SIZE and number < REACH // SIZE)


async def message(rt: Runtime, tx: AsyncConnection, person: Person, name: str) -> Message | None:
    """Return one message and note that it was read; None where it is not this parent's."""
    for box in _boxes(rt):
        found = await box.opened(rt, tx, person, name)
        if found is not None:
            return found
    return None


async def unread(rt: Runtime, tx: AsyncConnection, person: Person) -> int:
    """Return how many messages are not read."""
    return sum([await box.unread(rt, tx, person) for box in _boxes(rt)])


async def todos(rt: Runtime, tx: AsyncConnection, person: Person) -> list[Todo]:
    """Return what this parent may still do: what has a day first, by the day."""
    found: list[Todo] = []
    for todo in rt.todos:
        found += await todo(rt, tx, person)
    return sorted(found, key=_order)


def _order(todo: Todo) -> tuple[bool, float]:
    return todo.due_at is None, todo.due_at.timestamp() if todo.due_at else 0.0


def _boxes(rt: Runtime) -> Sequence[Mailbox]:
    return rt.mailboxes
