"""Rows of the parents: who they are to the child, the children by stage, what they agreed to.

No name, no birthday, no number of a child is asked for (RELIABILITY 5); a child is a place in the
family, the grade it was in when the parent told, and perhaps its class.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX

#: (account, openid)
Person = tuple[str, str]

#: One follower who has agreed to the service; no row before that.
guardians = Table(
    "guardian",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("openid", String(64), primary_key=True),
    Column("role", String(16), nullable=False),  # mother | father | grandparent | other; empty
    # grandparent mode: short lines, digits only
    Column("is_elder", Boolean, nullable=False),
    # the wish `do not go by what you know of my family`
    Column("personal_off_at", Instant, nullable=True),
    Column("added_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

#: One child of a guardian, by stage only.
children = Table(
    "child",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("stage", String(8), nullable=False),  # infant | kinder | primary | junior | senior
    # the year the child entered the stage: the grade follows from today's date; None: not known
    Column("entry_year", Integer, nullable=True),
    Column("unit", String(PATH_MAX), nullable=False, server_default=text("''")),  # its class
    Column("source", String(16), nullable=False),  # code (of a class) | told
    Column("added_at", Instant, nullable=False),
    Index("ix_child_person", "account", "openid"),
    Index("ix_child_unit", "unit"),
)

#: What a parent agreed to or withdrew, and to which text; rows are only added, the last one counts.
consents = Table(
    "consent",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),  # empty once the parent has left or erased it
    Column("kind", String(16), nullable=False),  # service | lessons | events | research
    Column("version", String(16), nullable=False),  # of the privacy text
    Column("is_given", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_consent_person", "account", "openid"),
)

#: Records that may not be erased yet: signs of harm to a minor (未成年人网络保护条例 38).
holds = Table(
    "legal_hold",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("ticket", String(12), nullable=False),  # code of the ticket it is about
    Column("reason", String(32), nullable=False),  # the category of danger
    Column("placed_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("lifted_at", Instant, nullable=True),
    Column("lifted_by", BigInteger, nullable=True),  # a staff number; None: the parent's slip
    # key of the message in the inbox that raised it
    Column("message", String(128), nullable=False, server_default=text("''")),
    # the parent wished the deletion while it stood: it is done when it ends
    Column("erase_asked_at", Instant, nullable=True),
    Index("ix_legal_hold_person", "account", "openid"),
)
