"""Rows of the ledger: one order to send, its batches, one row a parent, one row an attempt.

The order of a parent's row in its broadcast, `n`, is `rank of the channel * STRIDE + count`, so the
rows of a batch are one range of the primary key: a claim costs the same whatever the table's size.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from bot.db.base import Instant, RowId, metadata

#: Rows of one channel in one broadcast at most.
STRIDE = 100_000_000

#: One order to send something to an audience; what it says and to whom never changes.
broadcasts = Table(
    "broadcast",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("kind", String(16), nullable=False),  # campaign | reminder | notice | correction
    Column("about", String(64), nullable=False),  # whose order it is: `campaign:12`
    Column("stage", String(12), nullable=False),
    Column("content", Text, nullable=False),  # JSON, by channel (bot.delivery.content)
    Column("audience", Text, nullable=False),  # JSON (bot.people.audience)
    Column("consent", String(16), nullable=False),  # kind whose withdrawal stops it; empty: none
    Column("excluded", String(64), nullable=False),  # channels not to be used, with spaces
    Column("urgent", Boolean, nullable=False),  # may leave in quiet hours
    Column("expected", BigInteger, nullable=True),  # the count that was approved
    Column("frozen", BigInteger, nullable=False),  # rows frozen so far, in the end all
    Column("digest", String(64), nullable=False),  # of the frozen people, in any order
    Column("cursor", String(64), nullable=False),  # last openid frozen
    Column("canary", Integer, nullable=False),  # so many go first; 0: none
    Column("hold_s", Integer, nullable=False),  # how long it can be undone after freezing
    Column("not_before", Instant, nullable=False),
    Column("not_after", Instant, nullable=False),
    Column("ordered_at", Instant, nullable=False),
    Column("frozen_at", Instant, nullable=True),
    Column("ended_at", Instant, nullable=True),
    Column("reason", String(64), nullable=False),  # why it was paused, stopped or refused: a key
    Column("round", Integer, nullable=False),  # counts starts and resumptions
    Column("plan", Text, nullable=False),  # JSON: rows by channel, and by reason why not pushed
    Index("uq_broadcast_about", "about", unique=True),
    Index("ix_broadcast_stage", "stage"),
)

#: A range of rows of one channel, sent by one worker at a time under a lease with a fencing number.
batches = Table(
    "broadcast_batch",
    metadata,
    Column("broadcast", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("channel", String(8), nullable=False),
    Column("role", String(4), nullable=False, server_default=text("''")),  # states.Role
    Column("first_n", BigInteger, nullable=False),
    Column("last_n", BigInteger, nullable=False),
    Column("is_done", Boolean, nullable=False),
    Column("token", Integer, nullable=False, server_default=text("0")),
    Column("owner", String(120), nullable=False, server_default=text("''")),
    Column("lease_until", Instant, nullable=True),
    Column("next_at", Instant, nullable=True),  # not before: the platform asked to wait
    Column("counts", Text, nullable=False, server_default=text("'{}'")),  # JSON: rows by state
    # a mass job: the platform's number and what it told
    Column("job", BigInteger, nullable=True),
    Column("report", Text, nullable=False, server_default=text("''")),
    Index("ix_broadcast_batch_job", "job"),
)

deliveries = Table(
    "delivery",
    metadata,
    Column("broadcast", BigInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("openid", String(64), nullable=False),  # empty once the parent has left or erased it
    Column("about", String(32), nullable=False, server_default=text("''")),  # of a reminder: what
    Column("variant", SmallInteger, nullable=False, server_default=text("0")),  # 1: text B
    Column("channel", String(8), nullable=False),
    Column("later", String(32), nullable=False, server_default=text("''")),  # channels left, spaces
    Column("state", String(10), nullable=False),
    Column("reason", String(32), nullable=False, server_default=text("''")),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    # when its key left, or may have left, first; empty again once it is sure that it did not
    Column("claimed_at", Instant, nullable=True),
    Column("done_at", Instant, nullable=True),
    Column("message", BigInteger, nullable=True),  # the platform's number of the message
    Column("read_at", Instant, nullable=True),  # opened on the page of messages
    Column("clicked_at", Instant, nullable=True),
    # one parent, one row: the base of "nobody twice"; and all messages of one parent, newest last
    Index("uq_delivery_openid", "openid", "broadcast", "about", unique=True,
          sqlite_where=text("openid <> ''"), postgresql_where=text("openid <> ''")),
)  # fmt: skip

#: Written with the claim, before the request leaves; `key` is what the platform dedupes by.
attempts = Table(
    "delivery_attempt",
    metadata,
    Column("broadcast", BigInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),  # of a mass job: first of batch
    Column("try", SmallInteger, primary_key=True, autoincrement=False),
    Column("channel", String(8), nullable=False),
    Column("key", String(32), nullable=False),
    Column("token", Integer, nullable=False),  # fencing number of the lease it was made under
    Column("at", Instant, nullable=False),
    Column("outcome", String(10), nullable=False, server_default=text("''")),
    Column("code", Integer, nullable=True),  # errcode
)

#: The audience as it was at one moment, until each of its people has a row in `delivery`.
people = Table(
    "broadcast_person",
    metadata,
    Column("broadcast", BigInteger, primary_key=True, autoincrement=False),
    Column("openid", String(64), primary_key=True),
)

#: What the account has used of a channel on a day (Beijing); `closed` by the platform's word.
channel_days = Table(
    "channel_day",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("channel", String(8), primary_key=True),
    Column("used", Integer, nullable=False),
    Column("closed_at", Instant, nullable=True),
    Column("code", Integer, nullable=True),
)

#: At most one row (id 1): while it stands no broadcast sends anything. Survives a restart.
brakes = Table(
    "brake",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("pulled_at", Instant, nullable=False),
    Column("by_name", String(40), nullable=False),
)

#: Processes that drive batches; one that is silent for long is dead.
executors = Table(
    "job_executor",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("seen_at", Instant, nullable=False),
)
