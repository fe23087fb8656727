"""Audiences with versions, QR codes, rosters; when parents last wrote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _row_id() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", kind, autoincrement=True, nullable=False)


def upgrade() -> None:
    op.create_table(
        "reach",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_left", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("account", "openid", name=op.f("pk_reach")),
    )
    with op.batch_alter_table("reach", schema=None) as batch_op:
        batch_op.create_index("ix_reach_last_at", ["last_at"], unique=False)

    with op.batch_alter_table("follower", schema=None) as batch_op:
        batch_op.create_index("ix_follower_scene", ["scene"], unique=False)

    op.create_table(
        "audience",
        _row_id(),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience")),
    )
    with op.batch_alter_table("audience", schema=None) as batch_op:
        batch_op.create_index("ix_audience_area", ["area"], unique=False)

    op.create_table(
        "audience_version",
        _row_id(),
        sa.Column("audience", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("excluded", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_version")),
    )
    with op.batch_alter_table("audience_version", schema=None) as batch_op:
        batch_op.create_index("uq_audience_version", ["audience", "number"], unique=True)

    op.create_table(
        "qr_code",
        sa.Column("scene", sa.String(length=64), nullable=False),
        sa.Column("ticket", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=200), nullable=False),
        sa.Column("permanent", sa.Boolean(), nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scene", name=op.f("pk_qr_code")),
    )
    with op.batch_alter_table("qr_code", schema=None) as batch_op:
        batch_op.create_index("ix_qr_code_area", ["area"], unique=False)

    op.create_table(
        "roster_import",
        _row_id(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
    )
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.create_index("ix_roster_import_by", ["by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.drop_index("ix_roster_import_by")

    op.drop_table("roster_import")
    with op.batch_alter_table("qr_code", schema=None) as batch_op:
        batch_op.drop_index("ix_qr_code_area")

    op.drop_table("qr_code")
    with op.batch_alter_table("audience_version", schema=None) as batch_op:
        batch_op.drop_index("uq_audience_version")

    op.drop_table("audience_version")
    with op.batch_alter_table("audience", schema=None) as batch_op:
        batch_op.drop_index("ix_audience_area")

    op.drop_table("audience")
    with op.batch_alter_table("follower", schema=None) as batch_op:
        batch_op.drop_index("ix_follower_scene")

    with op.batch_alter_table("reach", schema=None) as batch_op:
        batch_op.drop_index("ix_reach_last_at")

    op.drop_table("reach")
