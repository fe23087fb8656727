"""The directory: places and people who help families, and files that were tried out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("street", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("phones", sa.String(length=80), nullable=False),
        sa.Column("hours", sa.String(length=120), nullable=False),
        sa.Column("booking", sa.String(length=120), nullable=False),
        sa.Column("fee", sa.String(length=60), nullable=False),
        sa.Column("services", sa.String(length=60), nullable=False),
        sa.Column("topics", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=60), nullable=False),
        sa.Column("ages", sa.String(length=80), nullable=False),
        sa.Column("languages", sa.String(length=40), nullable=False),
        sa.Column("accessibility", sa.String(length=80), nullable=False),
        sa.Column("operator", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=300), nullable=False),
        sa.Column("verified_by", sa.String(length=40), nullable=False),
        sa.Column("verified_at", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index("ix_place_area", ["area", "kind"], unique=False)
        batch_op.create_index("ix_place_lat", ["lat"], unique=False)
        batch_op.create_index("uq_place_code", ["code"], unique=True)

    op.create_table(
        "place_import",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("faulty", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_import")),
    )
    with op.batch_alter_table("place_import", schema=None) as batch_op:
        batch_op.create_index("ix_place_import_by", ["by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("place_import", schema=None) as batch_op:
        batch_op.drop_index("ix_place_import_by")

    op.drop_table("place_import")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_index("uq_place_code")
        batch_op.drop_index("ix_place_lat")
        batch_op.drop_index("ix_place_area")

    op.drop_table("place")
