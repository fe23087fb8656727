"""Rows of running the service: what the jobs did, and the account as set in the console."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, LargeBinary, String, Table

from bot.db.base import Instant, metadata

job_runs = Table(
    "job_run",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("every_s", Float, nullable=False),
    Column("last_started_at", Instant, nullable=False),
    Column("last_finished_at", Instant, nullable=True),
    # a key: the error's class, or the platform's code; empty after a good run
    Column("last_error", String(64), nullable=False),
    Column("runs", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
)

account_settings = Table(
    "account_setting",
    metadata,
    Column("name", String(32), primary_key=True),
    # AES-GCM under a key made from the installation's; never in clear
    Column("value", LargeBinary, nullable=False),
    # grows with every change, so that processes see one by the largest number
    Column("version", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(64), nullable=False),
)
