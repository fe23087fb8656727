"""Term plans, home visits, and who looked at what is kept of a parent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "class_week",
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("lesson", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("area", "monday", name=op.f("pk_class_week")),
    )
    op.create_table(
        "home_visit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("called", sa.LargeBinary(), nullable=True),
        sa.Column("topics", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_visit")),
    )
    with op.batch_alter_table("home_visit", schema=None) as batch_op:
        batch_op.create_index("ix_home_visit_area", ["area", "state"], unique=False)
        batch_op.create_index("ix_home_visit_person", ["account", "openid"], unique=False)
        batch_op.create_index("uq_home_visit_code", ["code"], unique=True)
        batch_op.create_index(
            "uq_home_visit_open",
            ["account", "openid", "area"],
            unique=True,
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )
        batch_op.create_index("uq_home_visit_slot", ["slot"], unique=True)

    op.create_table(
        "record_look",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_look")),
    )
    with op.batch_alter_table("record_look", schema=None) as batch_op:
        batch_op.create_index("ix_record_look_person", ["account", "openid"], unique=False)
        batch_op.create_index("ix_record_look_row", ["about", "number"], unique=False)

    op.create_table(
        "term_item",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("plan", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("minute", sa.SmallInteger(), nullable=True),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("lesson", sa.String(length=60), nullable=False),
        sa.Column("session", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_item")),
    )
    with op.batch_alter_table("term_item", schema=None) as batch_op:
        batch_op.create_index("ix_term_item_day", ["day"], unique=False)
        batch_op.create_index("ix_term_item_plan", ["plan", "day"], unique=False)

    op.create_table(
        "term_plan",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_plan")),
    )
    with op.batch_alter_table("term_plan", schema=None) as batch_op:
        batch_op.create_index("uq_term_plan", ["area", "first"], unique=True)

    op.create_table(
        "visit_slot",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=4), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_slot")),
    )
    with op.batch_alter_table("visit_slot", schema=None) as batch_op:
        batch_op.create_index("ix_visit_slot_area", ["area", "starts_at"], unique=False)
        batch_op.create_index("ix_visit_slot_starts", ["starts_at"], unique=False)
        batch_op.create_index("uq_visit_slot_code", ["code"], unique=True)
        batch_op.create_index(
            "uq_visit_slot_staff",
            ["staff", "starts_at"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("visit_slot", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_visit_slot_staff",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("uq_visit_slot_code")
        batch_op.drop_index("ix_visit_slot_starts")
        batch_op.drop_index("ix_visit_slot_area")

    op.drop_table("visit_slot")
    with op.batch_alter_table("term_plan", schema=None) as batch_op:
        batch_op.drop_index("uq_term_plan")

    op.drop_table("term_plan")
    with op.batch_alter_table("term_item", schema=None) as batch_op:
        batch_op.drop_index("ix_term_item_plan")
        batch_op.drop_index("ix_term_item_day")

    op.drop_table("term_item")
    with op.batch_alter_table("record_look", schema=None) as batch_op:
        batch_op.drop_index("ix_record_look_row")
        batch_op.drop_index("ix_record_look_person")

    op.drop_table("record_look")
    with op.batch_alter_table("home_visit", schema=None) as batch_op:
        batch_op.drop_index("uq_home_visit_slot")
        batch_op.drop_index(
            "uq_home_visit_open",
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )
        batch_op.drop_index("uq_home_visit_code")
        batch_op.drop_index("ix_home_visit_person")
        batch_op.drop_index("ix_home_visit_area")

    op.drop_table("home_visit")
    op.drop_table("class_week")
