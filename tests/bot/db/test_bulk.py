"""Many rows at once are the rows SQLAlchemy itself would have written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from bot.db import bulk
from bot.db.base import Instant, RowId
from bot.db.engine import Database

meta = MetaData()
things = Table(
    "thing",
    meta,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("words", Text, nullable=False),
    Column("word", String(20)),
    Column("number", BigInteger),
    Column("share", Float),
    Column("is_so", Boolean),
    Column("at", Instant),
    Column("blob", LargeBinary),
)
NAMES = [c.name for c in things.c if c.name != "id"]
save = insert(things).values({n: bindparam(n) for n in NAMES})

text = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
instants = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "words": text,
            "word": st.none() | text,
            "number": st.none() | st.integers(-(2**62), 2**62),
            "share": st.none() | st.floats(-1e9, 1e9),
            "is_so": st.none() | st.booleans(),
            "at": st.none() | instants,
            "blob": st.none() | st.binary(max_size=10),
        }
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture
async def db(settings):
    opened = Database(settings.url)
    async with opened.write() as tx:
        await tx.run_sync(meta.create_all)
    yield opened
    await opened.dispose()


def stored(tx):
    kept = tx.execute(select(*(things.c[n] for n in NAMES)).order_by(things.c.id)).all()
    tx.execute(delete(things))
    return [tuple(row) for row in kept]


async def test_rows_are_equal_to_sqlalchemy_s_own(db):
    runner = db.transact
    examples = []

    @given(rows)
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def collect(given_rows):
        examples.append(given_rows)

    collect()

    def ours(tx, given_rows):
        bulk.execute(tx, save, given_rows)
        return stored(tx)

    def theirs(tx, given_rows):
        tx.execute(save, given_rows)
        return stored(tx)

    for example in examples:
        left = await runner(lambda tx, r=example: ours(tx, r))
        right = await runner(lambda tx, r=example: theirs(tx, r))
        assert left == right
        assert len(left) == len(example)


async def test_updates_and_deletions_go_the_same_way(db):
    change = update(things).where(things.c.number == bindparam("n")).values(word=bindparam("w"))
    drop = delete(things).where(things.c.number == bindparam("n"))
    blank = dict.fromkeys(NAMES)

    def work(tx):
        bulk.execute(tx, save, [blank | {"words": str(n), "number": n} for n in range(4)])
        bulk.execute(tx, change, [{"n": 1, "w": "one"}, {"n": 2, "w": "two"}])
        bulk.execute(tx, drop, [{"n": 0}, {"n": 3}])
        return [(row[1], row[2]) for row in stored(tx)]

    assert await db.transact(work) == [("one", 1), ("two", 2)]


async def test_a_row_that_names_too_little_is_refused(db):
    with pytest.raises(KeyError):
        await db.transact(lambda tx: bulk.execute(tx, save, [{"words": "w"}]))
    assert await db.transact(stored) == []


async def test_a_naive_instant_is_refused(db):
    row = dict.fromkeys(NAMES) | {"words": "w", "at": datetime(2026, 11, 24)}  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        await db.transact(lambda tx: bulk.execute(tx, save, [row]))
