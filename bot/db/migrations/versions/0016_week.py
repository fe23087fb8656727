"""A publicity week: plan, quiz, live talks, the wall of heirlooms, case cards, tracked links."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _row_id() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", kind, autoincrement=True, nullable=False)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _at(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "case_card",
        _row_id(),
        _text("code", 16),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("area", 255),
        _text("title", 60),
        _text("who", 120),
        _text("what", 600),
        _text("result", 300),
        _text("evidence", 300),
        _text("brief", 300),
        sa.Column("full", sa.Text(), nullable=False),
        sa.Column("post", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _at("changed_at"),
        sa.Column("changed_by", sa.BigInteger(), nullable=False),
        _text("changed_name", 40),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_card")),
    )
    with op.batch_alter_table("case_card", schema=None) as batch_op:
        batch_op.create_index("ix_case_card_area", ["area", "year"], unique=False)
        batch_op.create_index("uq_case_card_code", ["code"], unique=True)

    op.create_table(
        "case_consent",
        _row_id(),
        sa.Column("card", sa.BigInteger(), nullable=False),
        _text("name", 40),
        _text("scope", 60),
        sa.Column("given_on", sa.Date(), nullable=False),
        _text("proof", 120),
        _at("withdrawn_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_consent")),
    )
    with op.batch_alter_table("case_consent", schema=None) as batch_op:
        batch_op.create_index("ix_case_consent_card", ["card"], unique=False)

    op.create_table(
        "case_pack",
        _row_id(),
        sa.Column("card", sa.BigInteger(), nullable=False),
        _at("at"),
        sa.Column("by", sa.BigInteger(), nullable=False),
        _text("by_name", 40),
        _text("source", 40),
        _text("link", 12),
        _text("sha256", 64),
        _at("recalled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_pack")),
    )
    with op.batch_alter_table("case_pack", schema=None) as batch_op:
        batch_op.create_index("ix_case_pack_card", ["card"], unique=False)

    op.create_table(
        "live_booking",
        sa.Column("talk", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("account", 64),
        _text("openid", 64),
        _at("at"),
        sa.PrimaryKeyConstraint("talk", "account", "openid", name=op.f("pk_live_booking")),
    )
    with op.batch_alter_table("live_booking", schema=None) as batch_op:
        batch_op.create_index("ix_live_booking_person", ["openid", "account"], unique=False)

    op.create_table(
        "live_talk",
        _row_id(),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("area", 255),
        _text("title", 60),
        _text("speaker", 60),
        _text("platform", 40),
        _text("url", 300),
        _at("starts_at"),
        _text("replay_url", 300),
        _text("state", 12),
        sa.Column("revision", sa.Integer(), nullable=False),
        _at("reminded_at", nullable=True),
        _at("changed_at"),
        sa.Column("changed_by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_talk")),
    )
    with op.batch_alter_table("live_talk", schema=None) as batch_op:
        batch_op.create_index("ix_live_talk_area", ["area"], unique=False)
        batch_op.create_index("ix_live_talk_starts_at", ["starts_at"], unique=False)

    op.create_table(
        "track_click",
        _text("code", 12),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", "day", name=op.f("pk_track_click")),
    )
    op.create_table(
        "track_link",
        _text("code", 12),
        sa.Column("card", sa.BigInteger(), nullable=False),
        _text("source", 40),
        _text("target", 120),
        _at("made_at"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_track_link")),
    )
    with op.batch_alter_table("track_link", schema=None) as batch_op:
        batch_op.create_index("ix_track_link_card", ["card"], unique=False)

    op.create_table(
        "wall_post",
        _row_id(),
        _text("code", 16),
        _text("account", 64),
        _text("openid", 64),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("area", 255),
        _text("title", 40),
        _text("story", 500),
        _text("name", 20),
        _text("consent", 16),
        _at("sent_at"),
        _text("state", 10),
        _text("doubts", 120),
        sa.Column("first_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        _at("decided_at", nullable=True),
        _text("reason", 200),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_post")),
    )
    with op.batch_alter_table("wall_post", schema=None) as batch_op:
        batch_op.create_index("ix_wall_post_person", ["openid", "account"], unique=False)
        batch_op.create_index("ix_wall_post_state", ["year", "state", "area"], unique=False)
        batch_op.create_index("uq_wall_post_code", ["code"], unique=True)

    op.create_table(
        "week_choice",
        sa.Column("question", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("option", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("question", "option", name=op.f("pk_week_choice")),
    )
    op.create_table(
        "week_item",
        _row_id(),
        sa.Column("plan", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=False),
        sa.Column("minute", sa.SmallInteger(), nullable=True),
        _text("kind", 8),
        _text("title", 60),
        _text("text", 600),
        _text("theme", 40),
        _text("channel", 8),
        _text("about", 64),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week_item")),
    )
    with op.batch_alter_table("week_item", schema=None) as batch_op:
        batch_op.create_index("ix_week_item_plan", ["plan", "day"], unique=False)

    op.create_table(
        "week_photo",
        _text("name", 32),
        sa.Column("post", sa.BigInteger(), nullable=False),
        sa.Column("card", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        _at("at"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_week_photo")),
    )
    with op.batch_alter_table("week_photo", schema=None) as batch_op:
        batch_op.create_index("ix_week_photo_card", ["card"], unique=False)
        batch_op.create_index("ix_week_photo_post", ["post"], unique=False)

    op.create_table(
        "week_plan",
        _row_id(),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("area", 255),
        _text("state", 8),
        sa.Column("revision", sa.Integer(), nullable=False),
        _at("made_at"),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        _at("frozen_at", nullable=True),
        sa.Column("frozen_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week_plan")),
    )
    with op.batch_alter_table("week_plan", schema=None) as batch_op:
        batch_op.create_index("uq_week_plan", ["year", "area"], unique=True)

    op.create_table(
        "week_question",
        _row_id(),
        sa.Column("plan", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=False),
        _text("text", 120),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("answer", sa.SmallInteger(), nullable=False),
        _text("why", 300),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week_question")),
    )
    with op.batch_alter_table("week_question", schema=None) as batch_op:
        batch_op.create_index("ix_week_question_plan", ["plan", "day"], unique=False)

    op.create_table(
        "week_text",
        _row_id(),
        sa.Column("item", sa.BigInteger(), nullable=False),
        _text("title", 60),
        _text("text", 600),
        _at("asked_at"),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        _text("asked_name", 40),
        _at("decided_at", nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("is_taken", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week_text")),
    )
    with op.batch_alter_table("week_text", schema=None) as batch_op:
        batch_op.create_index("ix_week_text_item", ["item"], unique=False)

    op.create_table(
        "week_view",
        sa.Column("day", sa.Date(), nullable=False),
        _text("what", 16),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "what", name=op.f("pk_week_view")),
    )


def downgrade() -> None:
    # their indexes go with them
    for name in (
        "week_view",
        "week_text",
        "week_question",
        "week_plan",
        "week_photo",
        "week_item",
        "week_choice",
        "wall_post",
        "track_link",
        "track_click",
        "live_talk",
        "live_booking",
        "case_pack",
        "case_consent",
        "case_card",
    ):
        op.drop_table(name)
