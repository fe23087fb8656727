"""A desk without a wire: messages go straight into a batch, and the clock is turned by hand."""

from __future__ import annotations

import itertools
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import text

from bot import app, logs
from bot.clock import HandClock
from bot.db.base import metadata
from bot.dialogue import batch
from bot.dialogue.engine import Engine
from bot.runtime import Runtime
from bot.wechat.messages import Inbound, Text
from tests.support import world

MORNING = datetime(2026, 11, 24, 1, tzinfo=UTC)
MOTHER, FATHER = "oMother_0000000000000000000", "oFather_0000000000000000000"


@dataclass
class Desk:
    """A runtime with a published base; `says` is one message of one parent."""

    rt: Runtime
    engine: Engine
    clock: HandClock
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    @classmethod
    @asynccontextmanager
    async def open(cls, given, *, at=MORNING):
        logs.configure(level=given.log_level)
        await world.prepare(given)
        clock = HandClock(at)
        async with app.opened(given, clock=clock) as rt:
            yield cls(rt, app.engine(), clock)

    def _repr_pretty_(self, printer, _cycle):
        """Show hypothesis a name instead of the whole base."""
        printer.text("desk")

    def words(self, content, *, who=MOTHER):
        """Return a text message as the platform sends it now."""
        created_at = int(self.clock.timestamp())
        return Text(world.ACCOUNT, who, created_at, str(next(self.numbers)), content)

    def event(self, kind, *fields, who=MOTHER, at=None):
        """Return an event or a message of another kind; `at` is its CreateTime."""
        created_at = int(self.clock.timestamp()) if at is None else at
        return kind(world.ACCOUNT, who, created_at, f"k{next(self.numbers)}", *fields)

    async def gets(self, *messages: Inbound):
        """Answer messages in one batch; returns the replies in their order."""
        jobs = [(batch.Received(m), False) for m in messages]
        answers = await self.rt.db.transact(
            lambda tx: batch.run(self.rt, self.engine, tx, jobs, careful=True)
        )
        return [answers[job.key] for job, _ in jobs]

    async def says(self, content, *, who=MOTHER):
        """Return the words of the answer to a text; an empty string shows nothing."""
        (reply,) = await self.gets(self.words(content, who=who))
        return "" if reply is None else reply.text

    async def rows(self, sql, **values):
        async with self.rt.db.read() as tx:
            return (await tx.execute(text(sql), values)).mappings().all()

    async def everything(self):
        """Return every cell of every table as one text, without the published base."""
        return await all_cells(self.rt.db)


async def all_cells(db, *, without=("base", "published_entry", "entry_version")):
    found = []
    async with db.read() as tx:
        for table in metadata.sorted_tables:
            if table.name not in without:
                found += (await tx.execute(table.select())).all()
    return "\n".join(repr(tuple(row)) for row in found)
