"""Rows of QR codes, and of rosters that were tried out."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX
from bot.people.followers import SCENE_MAX

#: A code the platform made for us; we draw `url` ourselves.
codes = Table(
    "qr_code",
    metadata,
    Column("scene", String(SCENE_MAX), primary_key=True),
    Column("ticket", String(200), nullable=False),
    Column("url", String(200), nullable=False),
    Column("permanent", Boolean, nullable=False),
    Column("area", String(PATH_MAX), nullable=False),  # the node it belongs to
    Column("name", String(80), nullable=False),  # of an event; nodes are named by the tree
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=True),
    Column("made_by", BigInteger, nullable=False),
    Index("ix_qr_code_area", "area"),
)

#: A file of schools and classes that somebody sent: what taking it in would do.
runs = Table(
    "roster_import",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("name", String(120), nullable=False),
    Column("plan", Text, nullable=False),  # JSON: counts, what would be added, faults
    Column("rows", Text, nullable=False),  # JSON: the rows without faults
    Column("taken_at", Instant, nullable=True),
    Index("ix_roster_import_by", "by"),
)
