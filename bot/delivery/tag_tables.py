"""Rows of sends by a tag of their own: the tag itself, and who must lose it before it leaves."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, SmallInteger, String, Table, text

from bot.db.base import Instant, metadata

#: The tag of one text of a broadcast; kept to say that it is gone again from the account.
send_tags = Table(
    "send_tag",
    metadata,
    Column("broadcast", BigInteger, primary_key=True, autoincrement=False),
    Column("variant", SmallInteger, primary_key=True, autoincrement=False),
    Column("batch", Integer, nullable=False),  # number of the batch that queues the job
    Column("tag", Integer, nullable=True),  # the platform's number; empty: not made
    Column("tried_at", Instant, nullable=True),  # when it may have been made first
    Column("gone_at", Instant, nullable=True),
    # who takes it away holds it under a lease, as a batch is held
    Column("token", Integer, nullable=False, server_default=text("0")),
    Column("lease_until", Instant, nullable=True),
    Column("next_at", Instant, nullable=True),
    Column("cursor", BigInteger, nullable=False, server_default=text("0")),  # last row emptied
)

#: Parents who had everything deleted while a tag may be on them: kept until it is off them.
send_untags = Table(
    "send_untag",
    metadata,
    Column("broadcast", BigInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("openid", String(64), nullable=False),
)
