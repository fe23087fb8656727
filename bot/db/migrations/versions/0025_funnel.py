"""The funnel, as it may be shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "funnel_figure",
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "area", "course", "programme", "step", name=op.f("pk_funnel_figure")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("funnel_figure")
