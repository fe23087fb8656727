"""Articles of campaigns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign_article",
        sa.Column("campaign", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("media", sa.String(length=128), nullable=False),
        sa.Column("publish_id", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.String(length=128), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("campaign", name=op.f("pk_campaign_article")),
    )
    with op.batch_alter_table("campaign_article", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_article_publish", ["publish_id"], unique=False)
        batch_op.create_index("ix_campaign_article_stage", ["stage", "next_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("campaign_article", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_article_stage")
        batch_op.drop_index("ix_campaign_article_publish")

    op.drop_table("campaign_article")
