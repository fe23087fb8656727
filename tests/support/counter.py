"""A counter: parents at a desk, the pretend platform behind it, and the office that answers."""

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import update

from bot import app
from bot.handoff.tables import tickets
from tests.support import world
from tests.support.desk import MOTHER, Desk
from tests.support.office import Office

#: Another parent than the desk's mother and father.
AGENT = ("agent", "", "")
LEAD = ("lead", "", "")
#: As a browser in the middle of a page asks for a part of it.
PART = {"HX-Request": "true"}


@dataclass
class Counter:
    """Both sides of a hand-off on one runtime."""

    office: Office
    desk: Desk
    platform: object
    phones: dict = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def open(cls, given):
        async with AsyncExitStack() as stack:
            platform, address = await stack.enter_async_context(world.pretended())
            given = given.model_copy(update={"wechat_api": address})
            office = await stack.enter_async_context(Office.open(given, base=True))
            await office.units()
            await stack.enter_async_context(app.reachable(office.rt))
            platform.clock.freeze(office.clock.timestamp())
            yield cls(office, Desk(office.rt, app.engine(), office.clock), platform)

    def phone(self, who=MOTHER):
        """Return a parent's phone on the platform, following."""
        if who not in self.phones:
            made = self.platform.add_phone("parent")
            del self.platform.phones[made.openid]
            made.openid, made.is_following = who, True
            self.platform.phones[who] = made
            self.phones[who] = made
        return self.phones[who]

    async def says(self, words, *, who=MOTHER):
        """Let a parent write: the platform's window opens, the bot or the ticket hears it."""
        self.pass_time(seconds=1)
        self.phone(who).window.open(5, 48 * 3600, self.platform.clock.now())
        return await self.desk.says(words, who=who)

    def chat(self, who=MOTHER):
        """Return what customer messages the phone shows."""
        return [e.bubble.get("content", "") for e in self.phone(who).log if e.side == "account"]

    def pass_time(self, **time):
        self.office.clock.turn(**time)
        self.platform.clock.freeze(self.office.clock.timestamp())

    async def ticket(self, words="转人工", *, who=MOTHER, area=None):
        """Let a parent ask for a person; returns the ticket's number."""
        await self.says(words, who=who)
        number = (await self.rows("SELECT max(id) AS id FROM ticket"))[0]["id"]
        if area is not None:
            await self.place(number, area)
        return number

    async def place(self, number, area):
        self.pass_time(seconds=1)
        row = update(tickets).where(tickets.c.id == number)
        async with self.office.rt.db.write() as tx:
            await tx.execute(row.values(area=area, changed_at=self.office.clock.now()))

    async def rows(self, sql, **values):
        return await self.office.rows(sql, **values)

    async def row(self, number):
        return (await self.rows("SELECT * FROM ticket WHERE id = :i", i=number))[0]

    async def lines(self, side=""):
        return await self.rows(
            "SELECT * FROM ticket_message WHERE :s = '' OR side = :s ORDER BY id", s=side
        )

    async def agent(self, login="agent", *held):
        return await self.office.staff(login, *(held or (AGENT,)))

    async def actor_of_agent(self):
        return await (await self.agent()).actor()

    async def lead(self, login="lead", *held):
        return await self.office.staff(login, *(held or (LEAD,)))

    async def talking(self, words="转人工"):
        """Return a ticket in the middle of a talk, and the agent who has it."""
        number, agent = await self.ticket(words), await self.agent()
        answer = await reply(agent, number, "您好，我是值班老师")
        assert answer.location.endswith("done=inbox.sent"), answer.text
        return number, agent


async def reply(agent, number, text, *, form="a" * 24, mode="send"):
    return await agent.post(f"/inbox/{number}/reply", text=text, form=form, mode=mode)


async def reads(counter, agent, number, *, lead=None):
    """Let an agent be granted the words of a ticket."""
    await agent.post(f"/inbox/{number}/access", reason="家长说得不清楚，要看原话")
    (asked,) = await counter.rows(
        "SELECT id FROM text_access WHERE ticket = :t AND granted_at IS NULL", t=number
    )
    lead = lead or await counter.lead()
    answer = await lead.post(f"/inbox/grants/{asked['id']}/approve")
    assert answer.status == 303, answer.text
