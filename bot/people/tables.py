"""Rows of the staff: accounts, grants, invitations, sessions, failed logins, recovery codes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX

#: Length of a hex SHA-256: secrets are kept as hashes only.
HASH = 64

staff = Table(
    "staff",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("login", String(40), nullable=False),
    Column("name", String(40), nullable=False),
    Column("password", Text, nullable=False),  # argon2id
    Column("totp", LargeBinary, nullable=True),  # sealed (bot.people.sealed)
    # the last period of 30 s whose code was taken: no code works twice
    Column("totp_used", BigInteger, nullable=True),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant, nullable=True),
    Index("uq_staff_login", "login", unique=True),
)

#: A role for a place and a topic. It counts from the approval on, which a second person gives.
grants = Table(
    "staff_grant",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("staff", BigInteger, nullable=False),
    Column("role", String(24), nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("given_by", BigInteger, nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("approved_by", BigInteger, nullable=True),
    Column("approved_at", Instant, nullable=True),
    Column("ended_at", Instant, nullable=True),
    Index("ix_staff_grant_staff", "staff"),
)

#: A link that works once: the first administrator, a new colleague, a forgotten password.
invitations = Table(
    "invitation",
    metadata,
    Column("key", String(HASH), primary_key=True),
    Column("kind", String(16), nullable=False),  # setup | invite | reset
    Column("staff", BigInteger, nullable=True),  # of a reset
    Column("name", String(40), nullable=False),
    Column("role", String(24), nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("made_by", BigInteger, nullable=True),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=True),
)

sessions = Table(
    "staff_session",
    metadata,
    Column("key", String(HASH), primary_key=True),
    Column("id", String(16), nullable=False),  # what lists show; opens nothing
    Column("staff", BigInteger, nullable=False),
    Column("csrf", String(48), nullable=False),
    # the password alone opens only the page of the second factor
    Column("full", Boolean, nullable=False),
    Column("agent", String(80), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Index("ix_staff_session_staff", "staff"),
)

#: Failed logins by account and by address (both hashed), forgotten after a day.
failures = Table(
    "login_failure",
    metadata,
    Column("key", String(HASH), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)

recovery_codes = Table(
    "recovery_code",
    metadata,
    Column("key", String(HASH), primary_key=True),
    Column("staff", BigInteger, nullable=False),
    Column("used_at", Instant, nullable=True),
    Index("ix_recovery_code_staff", "staff"),
)
