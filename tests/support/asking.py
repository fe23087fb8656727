"""Parents who ask what nobody has answered, and the gaps their questions make."""

from __future__ import annotations

from dataclasses import dataclass

from bot.curation import jobs

#: Two needs the small base has no answer to, each asked in several ways.
NAILS = (
    "孩子老是啃指甲怎么办",
    "孩子咬指甲改不掉",
    "六岁孩子啃指甲",
    "孩子紧张就啃手指甲",
)
BIKE = ("孩子的自行车链条老是掉怎么修", "孩子自行车链条掉了怎么装回去")


@dataclass
class Asking:
    """A desk whose parents ask; `collect` is the worker's job."""

    desk: object

    async def ask(self, *texts, who="oParent"):
        """Let a parent of its own ask each text; returns their names."""
        names = [f"{who}_{number}_{len(text)}".ljust(28, "0") for number, text in enumerate(texts)]
        for name, text in zip(names, texts, strict=True):
            await self.desk.says(text, who=name)
            self.desk.clock.turn(seconds=1)
        return names

    async def collect(self):
        await jobs.collect(self.desk.rt)

    async def gaps(self):
        """Return the questions of each gap, by its number."""
        rows = await self.desk.rows("SELECT gap, text FROM gap_question ORDER BY decision")
        found = {}
        for row in rows:
            found.setdefault(row["gap"], []).append(row["text"])
        return found
