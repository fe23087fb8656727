"""Rows of the directory: places and people who help families, and files that were tried out."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX

#: Codes of several things in one column stand between commas, as in `advice,mental`.
places = Table(
    "place",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("code", String(32), nullable=False),
    Column("name", String(80), nullable=False),
    Column("kind", String(20), nullable=False),  # a name of kinds.yaml
    Column("level", String(12), nullable=False),
    Column("area", String(PATH_MAX), nullable=False),  # the city or a district
    Column("street", String(40), nullable=False),
    Column("address", String(120), nullable=False),
    # GCJ-02 degrees, as the platform's location messages have them
    Column("lat", Float, nullable=True),
    Column("lng", Float, nullable=True),
    Column("phones", String(80), nullable=False),
    Column("hours", String(120), nullable=False),
    Column("booking", String(120), nullable=False),
    Column("fee", String(60), nullable=False),
    Column("services", String(60), nullable=False),
    Column("topics", String(200), nullable=False),
    Column("audience", String(60), nullable=False),
    Column("ages", String(80), nullable=False),
    Column("languages", String(40), nullable=False),
    Column("accessibility", String(80), nullable=False),
    Column("operator", String(80), nullable=False),
    Column("note", String(200), nullable=False),
    Column("source_url", String(300), nullable=False),
    Column("verified_by", String(40), nullable=False),
    Column("verified_at", Date, nullable=True),
    Column("valid_until", Date, nullable=True),
    Column("status", String(12), nullable=False),  # active | unverified | closed
    Column("revision", Integer, nullable=False),  # two people editing: the second is told
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", BigInteger, nullable=True),  # a staff number; None: the seed
    Index("uq_place_code", "code", unique=True),
    Index("ix_place_area", "area", "kind"),
    Index("ix_place_lat", "lat"),
)

#: A file that somebody sent: what taking it in would do, until it is taken or forgotten.
runs = Table(
    "place_import",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("name", String(120), nullable=False),
    Column("plan", Text, nullable=False),  # JSON: counts, changes, faults
    Column("rows", Text, nullable=False),  # JSON: what would be written
    Column("faulty", Text, nullable=False),  # a workbook in base 64, empty without faults
    Column("taken_at", Instant, nullable=True),
    Index("ix_place_import_by", "by"),
)
