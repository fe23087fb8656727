"""Rows for every table of the metadata, with values that databases like to change."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Boolean, Date, Float, Integer, LargeBinary, String, insert, select, text

from bot.db.base import Instant, metadata
from bot.db.engine import plain
from bot.db.migrate import upgrade
from bot.ops import transfer_checks

_AT = datetime(2026, 11, 30, 0, 30, 1, 234567, tzinfo=UTC)
_WORDS = "家长’s 𠮷 🙂\r\n "


def fill(tx, *, without=(), rows=3):
    """Put rows into every table; the last one leaves empty what may be empty."""
    for table in metadata.sorted_tables:
        if table.name not in without:
            for n in range(1, rows + 1):
                tx.execute(insert(table).values(_row(table, n, is_bare=n == rows)))


def _row(table, n, *, is_bare):
    free = {c.name for c in table.columns if c.nullable} if is_bare else set()
    return {c.name: None if c.name in free else _value(c, n) for c in table.columns}


def _value(column, n):
    made = {
        Instant: _AT + timedelta(hours=n) if n % 2 else _AT.replace(microsecond=0),
        LargeBinary: bytes(range(256)) * n,
        Boolean: bool(n % 2),
        Date: date(2026, 2, 28) + timedelta(days=n),
        Float: 23.1 / (3 * n),
        Integer: 7 * n,
        String: f"{n}{_WORDS}"[: getattr(column.type, "length", None)],
    }
    return next(value for kind, value in made.items() if isinstance(column.type, kind))


def cells(url):
    """Return every row of every table, sorted."""
    engine = plain(transfer_checks.address(url))
    with engine.connect() as here:
        found = {t.name: sorted(map(repr, here.execute(select(t)))) for t in metadata.sorted_tables}
    engine.dispose()
    return found


def change(url, words):
    """Execute a statement in a database that nobody has open."""
    engine = plain(transfer_checks.address(url))
    with engine.begin() as here:
        here.execute(text(words))
    engine.dispose()


def fence(url):
    """Return the fence that stands, as a list."""
    return cells(url)["fence"]


def filled(url):
    """Bring a database to the schema and put rows into every table but the fence."""
    upgrade(url)
    engine = plain(transfer_checks.address(url))
    with engine.begin() as here:
        fill(here, without=("fence",))
    engine.dispose()
