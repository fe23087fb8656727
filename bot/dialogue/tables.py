"""Rows of the talk: what came in (once), and what a conversation still waits for."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text, UniqueConstraint, text

from bot.db.base import Instant, RowId, metadata


class Delivery(StrEnum):
    """How the answer to one message reaches the parent."""

    #: In the HTTP response; WeChat's retries get the same again.
    PASSIVE = "passive"
    #: Not ready in time; waits to be sent as a customer message.
    LATE = "late"
    #: Claimed by a process that sends it now.
    SENDING = "sending"
    #: The platform took it.
    SENT = "sent"
    #: The platform refused it.
    REFUSED = "refused"
    #: The request's outcome was never learnt; never sent again.
    UNKNOWN = "unknown"


inbox = Table(
    "inbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    # MsgId, or for events what tells two events of one second apart (WECHAT 2.8)
    Column("msg_key", String(128), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("content", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("delivery", String(16), nullable=False, default=Delivery.PASSIVE),
    Column("received_at", Instant, nullable=False),
    # the key first: it grows with time, so new rows share the index's last page; by openid every
    # message would dirty a page of its own, and each dirty page is written and synced
    UniqueConstraint("msg_key", "openid", "account", name="uq_inbox_message"),
    Index("ix_inbox_received_at", "received_at"),
    Index(
        "ix_inbox_waiting",
        "received_at",
        sqlite_where=text("delivery IN ('late', 'sending')"),
        postgresql_where=text("delivery IN ('late', 'sending')"),
    ),
)

conversation = Table(
    "conversation",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("openid", String(64), primary_key=True),
    Column("state", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

#: How long answers took: messages a day by the least bound they kept (bot/dialogue/timing.py).
latency = Table(
    "latency",
    metadata,
    Column("day", Date, primary_key=True),
    Column("within_ms", Integer, primary_key=True, autoincrement=False),  # 0: beyond the last bound
    Column("count", Integer, nullable=False),
)
