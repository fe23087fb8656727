"""Colleagues without a console: accounts with grants that count."""

from sqlalchemy import update

from bot.people import staff
from bot.people.actor import Grant
from bot.people.tables import grants
from tests.support.office import hashed


async def hire(rt, login, *held):
    """Open an account with grants in force; returns who acts."""
    now = rt.clock.now()
    async with rt.db.write() as tx:
        number = await staff.create(
            tx, login=login, name=f"{login}先生", password=hashed(), now=now
        )
        for one in held:
            given = await staff.propose(tx, number, Grant(*one), by=number, now=now)
            row = update(grants).where(grants.c.id == given)
            await tx.execute(row.values(approved_by=number, approved_at=now))
        return await staff.actor(tx, number)
