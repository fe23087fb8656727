"""Parents who ask what nobody has answered, and the gaps their questions make."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from sqlalchemy import text

from bot import app
from bot.curation import jobs
from bot.dialogue import batch
from bot.wechat.messages import Text
from tests.support.world import ACCOUNT

#: Two needs the small base has no answer to, each asked in two ways.
NAILS = ("孩子老是啃指甲怎么办", "孩子咬指甲改不掉")
BIKE = ("孩子的自行车链条老是掉怎么修", "孩子自行车链条掉了怎么装回去")
BED = ("孩子七岁还尿床怎么办", "孩子老是尿床", "孩子七岁了晚上还尿床")
#: What the small base answers, and one word that gets candidates.
KNOWN, WORD = "孩子写作业总是拖拉怎么办", "手机"


@dataclass
class Parents:
    """Any number of parents at a desk or an office; each is named by a short word."""

    place: object
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))
    engine: object = field(default_factory=app.engine)

    @property
    def rt(self):
        return self.place.rt

    def openid(self, who):
        return f"o{who}".ljust(28, "0")

    def asker(self, who):
        return self.rt.pseudonyms.name(self.openid(who))

    async def say(self, who, words):
        """Say something; returns the account's words."""
        at = int(self.place.clock.timestamp())
        message = Text(ACCOUNT, self.openid(who), at, f"m{next(self.numbers)}", words)
        jobs_of = [(batch.Received(message), False)]
        found = await self.rt.db.transact(
            lambda tx: batch.run(self.rt, self.engine, tx, jobs_of, careful=True)
        )
        (reply,) = found.values()
        self.place.clock.turn(seconds=1)
        return "" if reply is None else reply.text

    async def ask(self, *texts, who="parent"):
        """Let a parent of its own say each text."""
        for number, words in enumerate(texts):
            await self.say(f"{who}{number}", words)

    async def collect(self):
        await jobs.collect(self.rt)

    async def gaps(self):
        """Return the questions of each gap, by its number."""
        rows = await self.place.rows("SELECT gap, text FROM gap_question ORDER BY decision")
        found = {}
        for row in rows:
            found.setdefault(row["gap"], []).append(row["text"])
        return found

    async def gap_of(self, words):
        """Return the number of the gap a question stands in."""
        rows = await self.place.rows("SELECT gap FROM gap_question WHERE text = :w", w=words)
        return rows[0]["gap"]

    async def row(self, gap):
        (row,) = await self.place.rows("SELECT * FROM gap WHERE id = :g", g=gap)
        return row

    async def live_in(self, area, *texts):
        """Move questions into a place, as if their parents were bound there."""
        async with self.rt.db.write() as tx:
            for words in texts:
                await tx.execute(
                    text("UPDATE gap_question SET area = :a WHERE text = :w"),
                    {"a": area, "w": words},
                )
