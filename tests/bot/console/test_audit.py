"""The chain of the audit log: whatever is changed behind its back is named by its number."""

import asyncio
import json
import random

import pytest

from bot.console import audit
from bot.people.actor import Actor

ROWS = 12
CHEN = Actor(2, "chen", "陈丽华", ())


async def notes(office, number=ROWS):
    for n in range(number):
        async with office.rt.db.write() as tx:
            await audit.note(
                office.rt, tx, CHEN if n % 3 else None, f"action.{n % 4}", f"entry:{n}",
                area="gz/tianhe", before={"a": n}, after={"a": n + 1}, why="因为",
            )  # fmt: skip
        office.clock.turn(seconds=7)


async def verdict(office):
    return await audit.verify(office.rt)


async def test_an_empty_and_a_whole_chain_are_whole(each_office):
    assert (await verdict(each_office)).broken is None
    await notes(each_office)
    found = await verdict(each_office)
    assert (found.rows, found.broken) == (ROWS, None)


async def test_a_row_says_who_what_where_before_after_and_why(each_office):
    await notes(each_office, 2)
    row = (await each_office.rows("SELECT * FROM audit ORDER BY number DESC"))[0]
    assert (row["staff"], row["login"], row["action"]) == (2, "chen", "action.1")
    assert (row["target"], row["area"]) == ("entry:1", "gz/tianhe")
    assert json.loads(row["detail"]) == {"before": {"a": 1}, "after": {"a": 2}, "why": "因为"}


async def test_what_is_rolled_back_leaves_no_row_and_no_gap(each_office):
    await notes(each_office, 2)
    async with each_office.rt.db.writer.connect() as tx:
        await tx.begin()
        await audit.note(each_office.rt, tx, CHEN, "action.x")
        await tx.rollback()
    await notes(each_office, 1)
    assert (await verdict(each_office)).rows == 3


EDITS = {
    "at": "'2020-01-01 00:00:00.000000+00:00'", "staff": "99", "login": "'liu'",
    "action": "'other'", "target": "'entry:999'", "area": "''", "detail": "'{}'",
    "mac": "'" + "0" * 64 + "'",
}  # fmt: skip


async def edit(office, dice):
    number, column = dice.randint(1, ROWS), dice.choice(list(EDITS))
    await office.change(f"UPDATE audit SET {column} = {EDITS[column]} WHERE number = {number}")
    return number


async def delete(office, dice):
    number = dice.randint(1, ROWS - 1)
    await office.change(f"DELETE FROM audit WHERE number = {number}")
    return number


async def insert(office, dice):
    """Put a copy of one row in the middle, the rest moved up."""
    number = dice.randint(2, ROWS)
    await office.change(f"UPDATE audit SET number = number + 1000 WHERE number >= {number}")
    await office.change("UPDATE audit SET number = number - 999 WHERE number >= 1000")
    await office.change(
        "INSERT INTO audit SELECT :n, at, staff, login, action, target, area, detail, mac"
        " FROM audit WHERE number = :other", n=number, other=dice.randint(1, number - 1),
    )  # fmt: skip
    return number


async def reorder(office, dice):
    one, other = sorted(dice.sample(range(1, ROWS + 1), 2))
    for given, taken in ((one, 999), (other, one), (999, other)):
        await office.change(f"UPDATE audit SET number = {taken} WHERE number = {given}")
    return one


async def cut(office, dice):
    await audit.keep_head(office.rt)
    number = dice.randint(1, ROWS)
    await office.change(f"DELETE FROM audit WHERE number >= {number}")
    return number


async def close_the_gap(office, dice):
    """Delete a row and number the rest anew."""
    number = dice.randint(1, ROWS - 1)
    await office.change(f"DELETE FROM audit WHERE number = {number}")
    await office.change(f"UPDATE audit SET number = number + 999 WHERE number > {number}")
    await office.change("UPDATE audit SET number = number - 1000 WHERE number > 1000")
    return number


WAYS = (edit, delete, insert, reorder, cut, close_the_gap)


async def test_a_hundred_tamperings_are_each_named(office):
    await notes(office)
    kept = [dict(r) for r in await office.rows("SELECT * FROM audit ORDER BY number")]
    columns = ", ".join(kept[0])
    put = f"INSERT INTO audit ({columns}) VALUES ({', '.join(f':{c}' for c in kept[0])})"
    heads = office.rt.settings.data / "audit-heads.txt"
    for seed in range(100):
        dice = random.Random(seed)
        way = WAYS[seed % len(WAYS)]
        number = await way(office, dice)
        assert (await verdict(office)).broken == number, (seed, way.__name__)
        await office.change("DELETE FROM audit")
        for row in kept:
            await office.change(put, **row)
        heads.unlink(missing_ok=True)
    assert (await verdict(office)).broken is None


@pytest.mark.parametrize("way", WAYS)
async def test_each_way_is_named_on_both_databases(each_office, way):
    await notes(each_office)
    number = await way(each_office, random.Random(5))
    assert (await verdict(each_office)).broken == number


async def test_who_seals_anew_with_another_key_is_found(office):
    await notes(office, 3)
    key, office.rt.code_key = office.rt.code_key, b"another key of thirty-two bytes!"
    await office.change("DELETE FROM audit WHERE number = 3")
    await notes(office, 1)
    office.rt.code_key = key
    assert (await verdict(office)).broken == 3


async def test_a_chain_written_anew_as_a_whole_is_missed_by_the_heads(office):
    await notes(office)
    await audit.keep_head(office.rt)
    await office.change("DELETE FROM audit")
    assert (await verdict(office)).broken == 1
    await notes(office, ROWS + 3)
    assert (await verdict(office)).broken == ROWS


async def test_heads_are_kept_once_each_and_readable_by_the_owner_alone(office):
    await notes(office, 2)
    for _ in range(3):
        await audit.keep_head(office.rt)
    path = office.rt.settings.data / "audit-heads.txt"
    assert len(path.read_text().splitlines()) == 1
    assert path.stat().st_mode & 0o777 == 0o600


async def test_many_at_once_make_one_chain(each_office):
    async def one(n):
        async with each_office.rt.db.write() as tx:
            await audit.note(each_office.rt, tx, CHEN, "action.x", f"entry:{n}")

    await asyncio.gather(*(one(n) for n in range(40)))
    found = await verdict(each_office)
    assert (found.rows, found.broken) == (40, None)
