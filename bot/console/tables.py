"""Rows of the console itself: the audit log, a chain in which every row seals the one before."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from bot.db.base import Instant, metadata
from bot.org.tables import PATH_MAX

audits = Table(
    "audit",
    metadata,
    # counted by us, so that a row that is gone leaves a gap
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("staff", BigInteger, nullable=True),  # None: the system or the command line
    Column("login", String(40), nullable=False),
    Column("action", String(48), nullable=False),  # a key of audit.yaml
    Column("target", String(160), nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("detail", Text, nullable=False),  # JSON: before, after, why; never a parent's words
    Column("mac", String(64), nullable=False),
    Index("ix_audit_at", "at"),
    Index("ix_audit_target", "target"),
)
