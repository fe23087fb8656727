"""Rows of safety: alarms and their steps, who is on duty, checked numbers, signed texts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table, text

from bot.db.base import Instant, RowId, metadata
from bot.org.tables import PATH_MAX

#: Characters of the code of an alarm, and of its ticket.
CODE = 12

#: One crisis that somebody of the staff must take up; no word and nobody's name.
alarms = Table(
    "alarm",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("code", String(CODE), nullable=False),
    Column("ticket", String(CODE), nullable=False),
    Column("category", String(32), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    # how often it was said again within the minutes of rules.yaml
    Column("times", Integer, nullable=False),
    # what the parent answered: 1, 2, 3 or `silence`
    Column("choice", String(16), nullable=True),
    # how many have been told so far, one after the other; then all, then nobody is left
    Column("level", Integer, nullable=False),
    # when it goes on to the next one; None: it does not
    Column("due_at", Instant, nullable=True),
    Column("seen_by", BigInteger, nullable=True),
    Column("seen_at", Instant, nullable=True),
    Column("closed_by", BigInteger, nullable=True),
    Column("closed_at", Instant, nullable=True),
    Column("outcome", String(16), nullable=False, server_default=text("''")),
    Column("changed_at", Instant, nullable=False),
    # the next try to tell the address of BOT_DUTY_URL; None: nothing is to be told
    Column("post_at", Instant, nullable=True),
    Column("post_tries", Integer, nullable=False),
    Index("uq_alarm_code", "code", unique=True),
    Index("ix_alarm_ticket", "ticket"),
    Index("ix_alarm_changed_at", "changed_at"),
    Index("ix_alarm_due_at", "due_at"),
)

#: What happened with an alarm, step by step; rows are only added.
steps = Table(
    "alert_step",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("alarm", String(CODE), nullable=False),
    Column("at", Instant, nullable=False),
    Column("what", String(24), nullable=False),
    Column("staff", BigInteger, nullable=True),
    Index("ix_alert_step_alarm", "alarm"),
)

#: Who is on duty: every week at these hours, for this place and what is at least so grave.
slots = Table(
    "duty_slot",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("area", String(PATH_MAX), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("weekday", Integer, nullable=False),  # Monday is 1; 0: every day
    Column("begins", Integer, nullable=False),  # minutes after midnight in Guangzhou
    Column("ends", Integer, nullable=False),  # not after `begins`: until the next day
    Column("staff", BigInteger, nullable=False),
    Column("place", Integer, nullable=False),  # who is told first has the smallest
    Index("ix_duty_slot_staff", "staff"),
)

#: When a hotline was last phoned, where that is later than hotlines.yaml says.
reviews = Table(
    "hotline_review",
    metadata,
    Column("number", String(16), primary_key=True),
    Column("reviewed_on", Date, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
)

#: Who stands for a text of the crisis flow; `hash` is of the words that were read.
signatures = Table(
    "signoff",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("text", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("kind", String(16), nullable=False),  # clinician | lawyer
    Column("staff", BigInteger, nullable=False),  # who entered it
    Column("name", String(40), nullable=False),
    Column("office", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_signoff_text", "text"),
)
