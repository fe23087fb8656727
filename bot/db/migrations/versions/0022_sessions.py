"""Rows beside a session: passes, make-ups, posters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_makeup",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("session", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("by_staff", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_makeup")),
    )
    with op.batch_alter_table("session_makeup", schema=None) as batch_op:
        batch_op.create_index("ix_session_makeup_session", ["session"], unique=False)

    op.create_table(
        "session_pass",
        sa.Column("session", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digits", sa.String(length=6), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session", "digits", name=op.f("pk_session_pass")),
    )
    with op.batch_alter_table("session_pass", schema=None) as batch_op:
        batch_op.create_index("ix_session_pass_person", ["account", "openid"], unique=False)

    op.create_table(
        "session_poster",
        sa.Column("session", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("url", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session", name=op.f("pk_session_poster")),
    )


def downgrade() -> None:
    op.drop_table("session_poster")
    with op.batch_alter_table("session_pass", schema=None) as batch_op:
        batch_op.drop_index("ix_session_pass_person")

    op.drop_table("session_pass")
    with op.batch_alter_table("session_makeup", schema=None) as batch_op:
        batch_op.drop_index("ix_session_makeup_session")

    op.drop_table("session_makeup")
