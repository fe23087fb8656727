"""Rows of following: who follows the account, decided by the platform's time, not by arrival."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table

from bot.db.base import Instant, metadata

#: Characters of a code's scene, by the platform's rule (WECHAT 3, qrcode/create).
SCENE_MAX = 64

followers = Table(
    "follower",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("openid", String(64), primary_key=True),
    Column("follows", Boolean, nullable=False),
    # CreateTime of the event that decided: an older event never undoes a newer one
    Column("changed_s", BigInteger, nullable=False),
    Column("scene", String(SCENE_MAX), nullable=True),
    # the wish `no reminders`; reminders themselves come with the courses
    Column("reminders_off_at", Instant, nullable=True),
    # after a crisis no campaign, course or survey goes out before this instant
    Column("quiet_until", Instant, nullable=True),
    Index("ix_follower_follows", "follows"),
    # those who followed by the codes of a place; a range of paths (bot/people/audience_rows.py)
    Index("ix_follower_scene", "scene"),
)
