"""The minutes a replay counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("live_talk", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("minutes", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("live_talk", schema=None) as batch_op:
        batch_op.drop_column("minutes")
