"""Rows of what the platform told about messages: kept until the row they belong to is found.

An event can be here before our own record of the same message is, so it is only noted as it comes
in, and `bot/delivery/reports.py` applies it a moment later, or again.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from bot.db.base import Instant, RowId, metadata

reports = Table(
    "message_report",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("kind", String(8), nullable=False),  # template | mass | notice
    Column("openid", String(64), nullable=False),  # empty: of a mass job
    Column("message", BigInteger, nullable=False),  # the platform's number
    Column("template_id", String(64), nullable=False),  # of a notice
    Column("status", String(64), nullable=False),  # the platform's word; of a notice its code
    Column("counts", Text, nullable=False),  # JSON, of a mass job
    Column("at", Instant, nullable=False),
    Column("look_at", Instant, nullable=False),
    Column("looks", Integer, nullable=False),
    Index("ix_message_report_look", "look_at"),
    Index("ix_message_report_openid", "account", "openid"),
)
