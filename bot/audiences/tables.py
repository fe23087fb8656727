"""Rows of saved audiences with their versions, of QR codes, and of rosters that were tried out."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX
from bot.people.followers import SCENE_MAX

#: A saved audience; what it means stands in its versions.
audiences = Table(
    "audience",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("name", String(60), nullable=False),
    # the node all its areas lie in: who looks after that one looks after it; empty: the whole city
    Column("area", String(PATH_MAX), nullable=False),
    Column("version", Integer, nullable=False),  # the number of the newest one
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", BigInteger, nullable=False),
    Column("archived_at", Instant, nullable=True),
    Index("ix_audience_area", "area"),
)

#: What an audience meant from one moment on; rows are only added.
versions = Table(
    "audience_version",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("audience", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),  # from 1
    Column("name", String(60), nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("definition", Text, nullable=False),  # JSON of Audience
    Column("excluded", String(200), nullable=False),  # numbers of the audiences taken out
    Column("at", Instant, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("by_name", String(40), nullable=False),
    Index("uq_audience_version", "audience", "number", unique=True),
)

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
