"""Mass sends by a tag of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("broadcast_batch", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("role", sa.String(length=4), server_default=sa.text("''"), nullable=False)
        )
    op.create_table(
        "send_tag",
        sa.Column("broadcast", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("variant", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Integer(), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("broadcast", "variant", name=op.f("pk_send_tag")),
    )
    op.create_table(
        "send_untag",
        sa.Column("broadcast", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("broadcast", "n", name=op.f("pk_send_untag")),
    )


def downgrade() -> None:
    op.drop_table("send_untag")
    op.drop_table("send_tag")
    with op.batch_alter_table("broadcast_batch", schema=None) as batch_op:
        batch_op.drop_column("role")
