"""Reminders of courses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "reminder_person",
        sa.Column("run", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("enrolment", sa.BigInteger(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.String(length=8), server_default=sa.text("''"), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("run", "openid", name=op.f("pk_reminder_person")),
    )
    with op.batch_alter_table("reminder_person", schema=None) as batch_op:
        batch_op.create_index("ix_reminder_person_openid", ["openid", "run"], unique=False)

    op.create_table(
        "reminder_run",
        sa.Column("id", kind, autoincrement=True, nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("said", sa.String(length=16), nullable=False),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lesson", sa.String(length=60), nullable=False),
        sa.Column("broadcast", sa.BigInteger(), nullable=True),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_run")),
    )
    with op.batch_alter_table("reminder_run", schema=None) as batch_op:
        batch_op.create_index("ix_reminder_run_begins", ["begins_at"], unique=False)
        batch_op.create_index(
            "ix_reminder_run_open",
            ["begins_at"],
            unique=False,
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("reminder_run", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_reminder_run_open",
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )
        batch_op.drop_index("ix_reminder_run_begins")

    op.drop_table("reminder_run")
    with op.batch_alter_table("reminder_person", schema=None) as batch_op:
        batch_op.drop_index("ix_reminder_person_openid")

    op.drop_table("reminder_person")
