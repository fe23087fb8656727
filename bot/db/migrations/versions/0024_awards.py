"""Certificates, the keys that sign them, how far the job has looked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("serial", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=True),
        sa.Column("openid", sa.String(length=64), nullable=True),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=86), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("template", sa.SmallInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_kept", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), server_default=sa.text("('')"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_rule", ["rule", "revoked_at"], unique=False)
        batch_op.create_index(
            "uq_certificate_person", ["account", "openid", "rule", "period"], unique=True
        )
        batch_op.create_index("uq_certificate_serial", ["serial"], unique=True)

    op.create_table(
        "certificate_key",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("public", sa.String(length=43), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificate_key")),
    )
    with op.batch_alter_table("certificate_key", schema=None) as batch_op:
        batch_op.create_index("uq_certificate_key_id", ["id"], unique=True)

    op.create_table(
        "certificate_look",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_certificate_look")),
    )


def downgrade() -> None:
    op.drop_table("certificate_look")
    with op.batch_alter_table("certificate_key", schema=None) as batch_op:
        batch_op.drop_index("uq_certificate_key_id")

    op.drop_table("certificate_key")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index("uq_certificate_serial")
        batch_op.drop_index("uq_certificate_person")
        batch_op.drop_index("ix_certificate_rule")

    op.drop_table("certificate")
