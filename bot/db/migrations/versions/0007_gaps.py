"""Questions on their way into a gap, and the version an answer must differ from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "missed_question",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("asker", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_question")),
    )
    with op.batch_alter_table("missed_question", schema=None) as batch_op:
        batch_op.create_index("ix_missed_question_asker", ["asker"], unique=False)

    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entry_version", sa.String(length=16), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.drop_column("entry_version")

    with op.batch_alter_table("missed_question", schema=None) as batch_op:
        batch_op.drop_index("ix_missed_question_asker")

    op.drop_table("missed_question")
