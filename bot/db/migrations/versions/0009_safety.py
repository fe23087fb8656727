"""Safety: alarms and duty, questions of the bot itself, numbers, texts, holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alarm",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("ticket", sa.String(length=12), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=16), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), server_default=sa.text("''"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("post_tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index("ix_alarm_changed_at", ["changed_at"], unique=False)
        batch_op.create_index("ix_alarm_due_at", ["due_at"], unique=False)
        batch_op.create_index("ix_alarm_ticket", ["ticket"], unique=False)
        batch_op.create_index("uq_alarm_code", ["code"], unique=True)

    op.create_table(
        "alert_step",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("alarm", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_step")),
    )
    with op.batch_alter_table("alert_step", schema=None) as batch_op:
        batch_op.create_index("ix_alert_step_alarm", ["alarm"], unique=False)

    op.create_table(
        "crisis_question",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("alarm", sa.String(length=12), nullable=False),
        sa.Column("ticket", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crisis_question")),
    )
    with op.batch_alter_table("crisis_question", schema=None) as batch_op:
        batch_op.create_index("ix_crisis_question_state", ["state", "due_at"], unique=False)
        batch_op.create_index("uq_crisis_question_code", ["code"], unique=True)

    op.create_table(
        "duty_slot",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_slot")),
    )
    with op.batch_alter_table("duty_slot", schema=None) as batch_op:
        batch_op.create_index("ix_duty_slot_staff", ["staff"], unique=False)

    op.create_table(
        "followup",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("ticket", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followup")),
    )
    with op.batch_alter_table("followup", schema=None) as batch_op:
        batch_op.create_index("ix_followup_person", ["account", "openid"], unique=False)
        batch_op.create_index("ix_followup_state", ["state", "due_at"], unique=False)

    op.create_table(
        "hotline_review",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_hotline_review")),
    )
    op.create_table(
        "signoff",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("text", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("staff", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("office", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signoff")),
    )
    with op.batch_alter_table("signoff", schema=None) as batch_op:
        batch_op.create_index("ix_signoff_text", ["text"], unique=False)

    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "message", sa.String(length=128), server_default=sa.text("''"), nullable=False
            )
        )
        batch_op.add_column(sa.Column("erase_asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.drop_column("erase_asked_at")
        batch_op.drop_column("message")

    with op.batch_alter_table("signoff", schema=None) as batch_op:
        batch_op.drop_index("ix_signoff_text")

    op.drop_table("signoff")
    op.drop_table("hotline_review")
    with op.batch_alter_table("followup", schema=None) as batch_op:
        batch_op.drop_index("ix_followup_state")
        batch_op.drop_index("ix_followup_person")

    op.drop_table("followup")
    with op.batch_alter_table("duty_slot", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_slot_staff")

    op.drop_table("duty_slot")
    with op.batch_alter_table("crisis_question", schema=None) as batch_op:
        batch_op.drop_index("uq_crisis_question_code")
        batch_op.drop_index("ix_crisis_question_state")

    op.drop_table("crisis_question")
    with op.batch_alter_table("alert_step", schema=None) as batch_op:
        batch_op.drop_index("ix_alert_step_alarm")

    op.drop_table("alert_step")
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_index("uq_alarm_code")
        batch_op.drop_index("ix_alarm_ticket")
        batch_op.drop_index("ix_alarm_due_at")
        batch_op.drop_index("ix_alarm_changed_at")

    op.drop_table("alarm")
