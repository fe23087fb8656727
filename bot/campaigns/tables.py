"""Rows of campaigns: what is to be said to whom, who looked at it, and the phones for trials."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX

#: One campaign; what was ordered is kept by the ledger (`broadcast`).
campaigns = Table(
    "campaign",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("form", String(24), nullable=False),  # of the page it was begun on: a second click
    Column("name", String(60), nullable=False),
    Column("kind", String(16), nullable=False),  # campaign | correction
    Column("corrects", BigInteger, nullable=True),  # the campaign a correction is about
    # the node the audience lies in: who looks after that one looks after it; empty: the whole city
    Column("area", String(PATH_MAX), nullable=False),
    Column("audience", Text, nullable=False),  # JSON (bot.people.audience)
    Column("purpose", String(16), nullable=False),  # consent behind it: empty | lessons | events
    Column("content", Text, nullable=False),  # JSON (bot.campaigns.draft.Words)
    Column("excluded", String(64), nullable=False),  # channels not to be used, with spaces
    Column("urgent", Boolean, nullable=False),  # may leave in quiet hours
    Column("public", Boolean, nullable=False),  # shown on the page of past messages
    Column("not_before", Instant, nullable=True),  # None: as soon as it is approved
    Column("valid_minutes", Integer, nullable=False),  # after that nothing leaves any more
    Column("state", String(12), nullable=False),  # a value of states.State
    Column("revision", Integer, nullable=False),  # tells two editors apart
    Column("digest", String(64), nullable=False),  # of what was submitted; empty: nothing is
    Column("words", String(64), nullable=False),  # of the text alone: the same text twice
    Column("reviewer", BigInteger, nullable=True),  # who was named
    Column("reason", String(200), nullable=False),  # why warnings were kept
    Column("expected", BigInteger, nullable=True),  # the count that was typed at the approval
    Column("broadcast", BigInteger, nullable=True),
    Column("article", String(128), nullable=False, server_default=text("''")),  # draft's media id
    Column("made_by", BigInteger, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("uq_campaign_form", "form", unique=True),
    Index("ix_campaign_area", "area", "state"),
    Index("ix_campaign_broadcast", "broadcast"),
    Index("ix_campaign_words", "words"),
)

#: What happened to a campaign; rows are only added.
reviews = Table(
    "campaign_review",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("campaign", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("by_name", String(40), nullable=False),
    Column("verdict", String(12), nullable=False),  # a value of states.Verdict
    Column("digest", String(64), nullable=False),
    Column("note", String(200), nullable=False),
    Index("ix_campaign_review_campaign", "campaign", "id"),
)

#: The phone a colleague tries campaigns on: a follower who sent the code of the page.
phones = Table(
    "test_phone",
    metadata,
    Column("staff", BigInteger, primary_key=True, autoincrement=False),
    Column("code", String(64), nullable=False),  # fingerprint; empty once it was used
    Column("code_until", Instant, nullable=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),  # empty: no phone yet
    Column("linked_at", Instant, nullable=True),
    Index("ix_test_phone_code", "code"),
    Index("ix_test_phone_person", "account", "openid"),
)
