"""Rows of articles that campaigns publish in the account, so that a message can lead to them."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from bot.db.base import Instant, metadata


class Stage(StrEnum):
    """How far an article is."""

    MAKING = "making"  # its draft is being put into the account
    PUBLISHING = "publishing"  # the platform has the order; its outcome is asked for
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWING = "withdrawing"  # the campaign was undone: nobody is to find the article
    WITHDRAWN = "withdrawn"


articles = Table(
    "campaign_article",
    metadata,
    Column("campaign", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),  # of the campaign that was approved
    Column("stage", String(12), nullable=False),  # a value of Stage
    Column("media", String(128), nullable=False),  # the draft's media id; empty: none yet
    Column("publish_id", String(64), nullable=False),
    Column("article_id", String(128), nullable=False),
    Column("url", String(1000), nullable=False),
    Column("status", Integer, nullable=False),  # the platform's number of the outcome
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),  # not asked before
    Index("ix_campaign_article_publish", "publish_id"),
    Index("ix_campaign_article_stage", "stage", "next_at"),
)
