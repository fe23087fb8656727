"""Rows of the organisation: one table, a node names its parent by path."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from bot.db.base import Instant, RowId, metadata

#: Longest path of a node, `gz/tianhe/shifan-1/2024/3`.
PATH_MAX = 255

units = Table(
    "unit",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("path", String(PATH_MAX), nullable=False),
    Column("parent", String(PATH_MAX), nullable=False),  # empty: the root
    Column("kind", String(16), nullable=False),  # a name of kinds.yaml
    Column("name", String(80), nullable=False),
    # of a school: kinder | primary | junior | senior | joint
    Column("stage", String(16), nullable=True),
    # of a grade and its classes: the year they entered; the grade follows from today's date
    Column("entry_year", Integer, nullable=True),
    Column("number", Integer, nullable=True),  # of a class
    Column("created_at", Instant, nullable=False),
    Column("archived_at", Instant, nullable=True),
    Index("uq_unit_path", "path", unique=True),
    Index("ix_unit_parent", "parent", "name"),
)
