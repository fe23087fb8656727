"""Logins of parents, the JS-SDK's ticket, and the calendar of terms and holidays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parent_session",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_parent_session")),
    )
    with op.batch_alter_table("parent_session", schema=None) as batch_op:
        batch_op.create_index("ix_parent_session_person", ["openid", "account"], unique=False)
        batch_op.create_index("ix_parent_session_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "parent_login",
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_parent_login")),
    )
    with op.batch_alter_table("parent_login", schema=None) as batch_op:
        batch_op.create_index("ix_parent_login_used_at", ["used_at"], unique=False)

    op.create_table(
        "platform_ticket",
        sa.Column("app_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("app_id", "kind", name=op.f("pk_platform_ticket")),
    )

    op.create_table(
        "calendar_day",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
    )
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_day_first", ["first"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.drop_index("ix_calendar_day_first")

    op.drop_table("calendar_day")
    op.drop_table("platform_ticket")
    with op.batch_alter_table("parent_login", schema=None) as batch_op:
        batch_op.drop_index("ix_parent_login_used_at")

    op.drop_table("parent_login")
    with op.batch_alter_table("parent_session", schema=None) as batch_op:
        batch_op.drop_index("ix_parent_session_expires_at")
        batch_op.drop_index("ix_parent_session_person")

    op.drop_table("parent_session")
