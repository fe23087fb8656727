"""Pinned answers, surges, and the rising topics of a week."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "pinned_answer",
        sa.Column("id", kind, autoincrement=True, nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("surge", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("made_by_name", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_by_name", sa.String(length=40), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pinned_answer")),
    )
    with op.batch_alter_table("pinned_answer", schema=None) as batch_op:
        batch_op.create_index("ix_pinned_answer_state", ["state", "until"], unique=False)

    op.create_table(
        "surge",
        sa.Column("id", kind, autoincrement=True, nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("samples", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("askers", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assignee", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surge")),
    )
    with op.batch_alter_table("surge", schema=None) as batch_op:
        batch_op.create_index("ix_surge_state", ["state", "last_at"], unique=False)

    op.create_table(
        "hot_topic",
        sa.Column("id", kind, autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("samples", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("askers", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hot_topic")),
    )
    with op.batch_alter_table("hot_topic", schema=None) as batch_op:
        batch_op.create_index("ix_hot_topic_area", ["day", "area", "place"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("hot_topic", schema=None) as batch_op:
        batch_op.drop_index("ix_hot_topic_area")

    op.drop_table("hot_topic")
    with op.batch_alter_table("surge", schema=None) as batch_op:
        batch_op.drop_index("ix_surge_state")

    op.drop_table("surge")
    with op.batch_alter_table("pinned_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_pinned_answer_state")

    op.drop_table("pinned_answer")
