"""Analytics: facts of days, where and how old in decisions and alerts, answer times."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counted_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_counted_day")),
    )
    op.create_table(
        "daily_fact",
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("askers", sa.Integer(), nullable=False),
        sa.Column("lots", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "area", "stage", "day", "topic", "kind", name=op.f("pk_daily_fact")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "latency",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("within_ms", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "within_ms", name=op.f("pk_latency")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("area", sa.String(length=255), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("stage", sa.String(length=8), server_default=sa.text("''"), nullable=False)
        )

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("area", sa.String(length=255), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("stage", sa.String(length=8), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("topic", sa.String(length=64), server_default=sa.text("''"), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_column("topic")
        batch_op.drop_column("stage")
        batch_op.drop_column("area")

    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_column("stage")
        batch_op.drop_column("area")

    op.drop_table("latency")
    op.drop_table("daily_fact")
    op.drop_table("counted_day")
