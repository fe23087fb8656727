"""Rows of certificates: what was issued, the keys that signed it, how far the job has looked."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from bot.db.base import Instant, RowId, metadata

#: A certificate, once for a person, a rule and a period; its snapshot is fixed once settled.
certificates = Table(
    "certificate",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("serial", String(20), nullable=False),
    # whose it is; both empty once the person is erased
    Column("account", String(64), nullable=True),
    Column("openid", String(64), nullable=True),
    Column("rule", String(20), nullable=False),  # course | star-1 … star-5
    Column("period", String(60), nullable=False),  # a course, or a school year: 2026-2027
    Column("snapshot", Text, nullable=False),  # canonical JSON; empty: erased without a wish
    Column("signature", String(86), nullable=False),  # Ed25519 of the snapshot, base64url
    Column("key", String(16), nullable=False),
    Column("template", SmallInteger, nullable=False),
    Column("issued_at", Instant, nullable=False),
    # when the parent chose what name stands on it; a picture exists from then on
    Column("settled_at", Instant, nullable=True),
    # when the parent's conversation learned of it, and when the parent was told or saw it
    Column("told_at", Instant, nullable=True),
    Column("seen_at", Instant, nullable=True),
    # the parent ticked: stays verifiable when everything of theirs is erased
    Column("is_kept", Boolean, nullable=False, server_default=text("false")),
    Column("erased_at", Instant, nullable=True),
    # a wish to revoke, until a second person decides
    Column("asked_at", Instant, nullable=True),
    Column("asked_by", BigInteger, nullable=True),
    Column("reason", String(200), nullable=False, server_default=text("''")),
    Column("revoked_at", Instant, nullable=True),
    Column("revoked_by", BigInteger, nullable=True),
    Index("uq_certificate_serial", "serial", unique=True),
    Index("uq_certificate_person", "account", "openid", "rule", "period", unique=True),
    Index("ix_certificate_rule", "rule", "revoked_at"),
    # who is to be told is read from here, however many there are
    Index("ix_certificate_untold", "id", sqlite_where=text("told_at IS NULL"),
          postgresql_where=text("told_at IS NULL")),
)  # fmt: skip

#: A pair of keys; the private half is sealed, and deleted when the next pair takes over.
keys = Table(
    "certificate_key",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", String(16), nullable=False),
    Column("public", String(43), nullable=False),  # base64url
    Column("sealed", LargeBinary, nullable=True),
    Column("made_at", Instant, nullable=False),
    Column("retired_at", Instant, nullable=True),
    Index("uq_certificate_key_id", "id", unique=True),
)

#: Up to which row of the learning record the job has looked, by which rules.
looks = Table(
    "certificate_look",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("evidence", BigInteger, nullable=False),
    Column("rules", String(40), nullable=False),
)
