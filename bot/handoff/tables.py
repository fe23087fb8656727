"""Rows of asking for a person: alerts, tickets, what was said in them, and who read it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX

#: Characters of a ticket's code.
CODE = 12


class Kind(StrEnum):
    """Why a ticket was opened."""

    PERSON = "person"
    CRISIS = "crisis"


class State(StrEnum):
    """Where a ticket stands."""

    #: Nobody of the staff has written yet; the bot goes on answering.
    WAITING = "waiting"
    #: A person talks with the parent; the bot is silent.
    OPEN = "open"
    CLOSED = "closed"


class Side(StrEnum):
    """Who a line of a ticket comes from."""

    PARENT = "parent"
    STAFF = "staff"
    SYSTEM = "system"


class Sent(StrEnum):
    """How a line for the parent reached them."""

    #: Claimed by the request that sends it now.
    CLAIMED = "claimed"
    #: The platform took it, or the parent was shown it with a reply.
    SENT = "sent"
    #: The platform refused it: the parent has not got it.
    REFUSED = "refused"
    #: The outcome was never learnt; it is never sent again.
    UNKNOWN = "unknown"
    #: Waits for the parent to come back.
    HELD = "held"


class Asked(StrEnum):
    """Where a question by the bot's own wish stands."""

    WAITING = "waiting"
    #: Claimed by the process that sends it now.
    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    #: The outcome was never learnt; it is never sent again.
    UNKNOWN = "unknown"
    #: Waits for the parent to come back.
    HELD = "held"
    #: The parent has answered before it was due.
    ANSWERED = "answered"
    #: The parent wants no messages, has left, or it was too late.
    CANCELLED = "cancelled"
    EXPIRED = "expired"


alerts = Table(
    "alert",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("asker", String(12), nullable=False),
    Column("kind", String(16), nullable=False),  # crisis | person
    Column("category", String(32), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("choice", String(16), nullable=True),
    Column("seen_at", Instant, nullable=True),
    # as in `decision`: district at most, and the age band the message names
    Column("area", String(255), nullable=False, server_default=text("''")),
    Column("stage", String(8), nullable=False, server_default=text("''")),
    Index("ix_alert_at", "at"),
)

#: One wish for a person, or one crisis. `openid` is empty once the parent has left or asked for it.
tickets = Table(
    "ticket",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("code", String(CODE), nullable=False),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("asker", String(12), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("category", String(32), nullable=False),
    Column("severity", Integer, nullable=False),  # 3 is now, 1 is watch; 0: no crisis
    Column("state", String(16), nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("stage", String(16), nullable=False),  # an age band, as far as known
    Column("opened_at", Instant, nullable=False),
    Column("claimed_by", BigInteger, nullable=True),
    Column("claimed_at", Instant, nullable=True),
    Column("first_reply_at", Instant, nullable=True),
    Column("closed_at", Instant, nullable=True),
    Column("note", Text, nullable=False),  # of who closed it
    # the last message that opens the platform's window; a tap on the menu does not
    Column("last_parent_at", Instant, nullable=True),
    Column("due_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("uq_ticket_code", "code", unique=True),
    Index("ix_ticket_openid", "openid"),
    Index("ix_ticket_changed_at", "changed_at"),
    Index("ix_ticket_state", "state", "area"),
)

#: One line of a ticket; it names its ticket by code, which a turn knows before the row exists.
lines = Table(
    "ticket_message",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("ticket", String(CODE), nullable=False),
    Column("at", Instant, nullable=False),
    Column("side", String(16), nullable=False),
    Column("by", BigInteger, nullable=True),  # a staff number
    Column("what", String(32), nullable=False),  # a key of messages.yaml, for lines of the system
    Column("text", Text, nullable=False),
    Column("state", String(16), nullable=True),  # of what is for the parent
    Column("errcode", Integer, nullable=True),
    Column("form", String(40), nullable=True),  # a double click sends once
    Index("ix_ticket_message_ticket", "ticket"),
    Index("uq_ticket_message_form", "form", unique=True),
)

#: A wish to read a parent's words, and what a second person said to it.
accesses = Table(
    "text_access",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("ticket", BigInteger, nullable=False),
    Column("staff", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("granted_by", BigInteger, nullable=True),  # None and granted: an emergency
    Column("granted_at", Instant, nullable=True),
    Column("refused_by", BigInteger, nullable=True),
    Column("refused_at", Instant, nullable=True),
    Column("expires_at", Instant, nullable=True),
    Column("emergency", Boolean, nullable=False),
    Column("reviewed_by", BigInteger, nullable=True),
    Column("reviewed_at", Instant, nullable=True),
    Index("ix_text_access_ticket", "ticket"),
)

#: What was really looked at; the parent is told of it.
views = Table(
    "text_view",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("staff", BigInteger, nullable=False),
    Column("ticket", BigInteger, nullable=False),
    Column("access", BigInteger, nullable=False),
    Column("role", String(24), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_text_view_ticket", "ticket"),
)


#: The question of a crisis: answered, or after some minutes of silence the numbers are sent.
questions = Table(
    "crisis_question",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("code", String(CODE), nullable=False),  # as its alarm would have it
    Column("alarm", String(CODE), nullable=False),
    Column("ticket", String(CODE), nullable=False),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("category", String(32), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),  # as of `Asked`
    Index("uq_crisis_question_code", "code", unique=True),
    Index("ix_crisis_question_state", "state", "due_at"),
)

#: A parent has agreed to be asked once more the next day.
follow_ups = Table(
    "followup",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("ticket", String(CODE), nullable=False),
    Column("account", String(64), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("agreed_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),  # as of `Asked`
    Column("done_at", Instant, nullable=True),
    Index("ix_followup_state", "state", "due_at"),
    Index("ix_followup_person", "account", "openid"),
)
