"""Rows of the wall of family heirlooms, of case cards for the media, and of tracked links."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, SmallInteger, String, Table, Text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX

#: One family's story; on the wall once it is published, gone when its parent takes it back.
posts = Table(
    "wall_post",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("code", String(16), nullable=False),  # in addresses: says nothing of the order
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("area", String(PATH_MAX), nullable=False),  # the city, or the district the parent chose
    Column("title", String(40), nullable=False),
    Column("story", String(500), nullable=False),
    Column("name", String(20), nullable=False),  # as the parent wishes to be called; empty: nobody
    Column("consent", String(16), nullable=False),  # version of the text that was agreed to
    Column("sent_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),  # waiting | seen | published | rejected
    Column("doubts", String(120), nullable=False),  # what the check found: names, with spaces
    Column("first_by", BigInteger, nullable=True),  # who looked first
    Column("decided_by", BigInteger, nullable=True),
    Column("decided_at", Instant, nullable=True),
    Column("reason", String(200), nullable=False),  # why not, for the parent
    Index("uq_wall_post_code", "code", unique=True),
    Index("ix_wall_post_person", "openid", "account"),
    Index("ix_wall_post_state", "year", "state", "area"),
)

#: A picture of a story or of a card; the file lies in the data folder, drawn anew by us.
photos = Table(
    "week_photo",
    metadata,
    Column("name", String(32), primary_key=True),
    # exactly one is above 0; both 0: its file is to be deleted
    Column("post", BigInteger, nullable=False),
    Column("card", BigInteger, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_week_photo_post", "post"),
    Index("ix_week_photo_card", "card"),
)

#: A case that other media may tell: who, what, with which result, and how one knows.
cards = Table(
    "case_card",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("code", String(16), nullable=False),
    Column("year", Integer, nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("title", String(60), nullable=False),
    Column("who", String(120), nullable=False),
    Column("what", String(600), nullable=False),
    Column("result", String(300), nullable=False),
    Column("evidence", String(300), nullable=False),
    Column("brief", String(300), nullable=False),
    Column("full", Text, nullable=False),  # at most 800 characters
    Column("post", BigInteger, nullable=True),  # the story it was made of
    Column("revision", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", BigInteger, nullable=False),
    Column("changed_name", String(40), nullable=False),
    Index("uq_case_card_code", "code", unique=True),
    Index("ix_case_card_area", "area", "year"),
)

#: Who is in a card and agreed to it; one withdrawn ends the card for everybody.
agreements = Table(
    "case_consent",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("card", BigInteger, nullable=False),
    Column("name", String(40), nullable=False),  # as in the text: a role or a surname
    Column("scope", String(60), nullable=False),  # text, photo: what was agreed to
    Column("given_on", Date, nullable=False),
    Column("proof", String(120), nullable=False),  # where the signed paper lies
    Column("withdrawn_at", Instant, nullable=True),
    Index("ix_case_consent_card", "card"),
)

#: A pack that was handed out; marked when its card may not be told any more.
packs = Table(
    "case_pack",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("card", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("by_name", String(40), nullable=False),
    Column("source", String(40), nullable=False),  # for whom
    Column("link", String(12), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("recalled_at", Instant, nullable=True),
    Index("ix_case_pack_card", "card"),
)

#: A short address for another medium; it leads to a page of ours.
links = Table(
    "track_link",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("card", BigInteger, nullable=False),
    Column("source", String(40), nullable=False),
    Column("target", String(120), nullable=False),  # a path below /h
    Column("made_at", Instant, nullable=False),
    Index("ix_track_link_card", "card"),
)

#: How often it was opened on a day; no row says by whom.
clicks = Table(
    "track_click",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", Integer, nullable=False),
)
