"""Feature: what a feature may bring to the service; `bot/app.py` gathers them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.page import Page
from bot.console.site import Badge
from bot.console.start_pages import Cards, Search
from bot.delivery.drafts import Draft
from bot.delivery.unwanted import Hook as Unwanted
from bot.dialogue.engine import Waits
from bot.dialogue.flow import FlowEnd, StepAsk, StepDone
from bot.dialogue.turn import ReplyFunction, Turn, WaitingFunction
from bot.h5.mine import Mailbox, Todos
from bot.h5.page import Page as ParentsPage
from bot.people.actor import Actor
from bot.people.audience import Features
from bot.people.families import Person
from bot.people.kept import Kept
from bot.runtime import Runtime
from bot.wechat.messages import Inbound

#: Work that must be done inside a batch's transaction before the first answer.
Prepare = Callable[[Runtime, Connection], None]
#: What a feature keeps about one parent, read for that parent.
Export = Callable[[Runtime, AsyncConnection, Person], Awaitable[tuple[Kept, ...]]]


class MakeDraft(Protocol):
    """Makes a campaign of a draft, once for each source; returns its name in the ledger."""

    def __call__(
        self, rt: Runtime, tx: AsyncConnection, actor: Actor, draft: Draft
    ) -> Awaitable[str]:
        """Make it, in the transaction at hand; the same source again is the same campaign."""
        ...


class Job(Protocol):
    """A job of the worker: runs every so many seconds, under its function's name."""

    __name__: str

    def __call__(self, rt: Runtime) -> Awaitable[object]:
        """Do the work once."""
        ...


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature's record.

    `replies` by intent, `choices` by the kind of numbered offer, `pending` by what a conversation
    waits for, `events` by the type of message that carries no words, `jobs` by interval in seconds,
    `flows` are the functions at the end of the flows in the folder's flows.yaml, `flow_asks` and
    `flow_done` those before and after a step, by `flow.step`;
    `erase` notes the deletion of what the feature keeps of the turn's parent, `export` reads it for
    that parent, `h5_pages` are pages that parents open, `messages` and `todos` what waits for a
    parent there, `audiences` what it knows of parents (`bot/people/audience.py`) by name, `code`
    looks first at a message that is nothing but a code, `goes_on` at a wish to go on or to the next
    step; `draft_campaign` takes drafts of other features. `unwanted` says for whom an order of the
    feature's own is not wanted any more, by the word before the colon of its `about`; `waits` tells
    what waits for a parent (`Talk.held`), by its kind. For the staff: `pages`, `badges` beside menu
    items by their path, `cards` of the first page, and `search`.
    """

    name: str
    replies: Mapping[str, ReplyFunction] = field(default_factory=dict)
    choices: Mapping[str, ReplyFunction] = field(default_factory=dict)
    pending: Mapping[str, WaitingFunction] = field(default_factory=dict)
    events: Mapping[type[Inbound], ReplyFunction] = field(default_factory=dict)
    flows: Mapping[str, FlowEnd] = field(default_factory=dict)
    flow_asks: Mapping[str, StepAsk] = field(default_factory=dict)
    flow_done: Mapping[str, StepDone] = field(default_factory=dict)
    prepare: Prepare | None = None
    erase: Callable[[Turn], None] | None = None
    export: Export | None = None
    h5_pages: tuple[ParentsPage, ...] = ()
    audiences: Features = field(default_factory=dict)
    code: WaitingFunction | None = None
    goes_on: WaitingFunction | None = None
    messages: Mailbox | None = None
    todos: Todos | None = None
    jobs: tuple[tuple[float, Job], ...] = ()
    pages: tuple[Page, ...] = ()
    badges: Mapping[str, Badge] = field(default_factory=dict)
    cards: Cards | None = None
    search: Search | None = None
    draft_campaign: MakeDraft | None = None
    unwanted: Mapping[str, Unwanted] = field(default_factory=dict)
    waits: Mapping[str, Waits] = field(default_factory=dict)
