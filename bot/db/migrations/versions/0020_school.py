"""The parent school: courses in versions, enrolments, the learning record, sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
    )
    op.create_table(
        "course_version",
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=400), server_default=sa.text("('')"), nullable=False),
        sa.Column("authors", sa.Text(), server_default=sa.text("'[]'"), nullable=False),
        sa.PrimaryKeyConstraint("course", "number", name=op.f("pk_course_version")),
    )
    op.create_table(
        "enrolment",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("lesson", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("at_step", sa.SmallInteger(), nullable=False),
        sa.Column("clock", sa.SmallInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.String(length=10), server_default=sa.text("('')"), nullable=False),
        sa.Column("nudges", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index("ix_enrolment_course", ["course", "state"], unique=False)
        batch_op.create_index(
            "ix_enrolment_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index("uq_enrolment_person", ["account", "openid", "course"], unique=True)

    op.create_table(
        "enrolment_lesson",
        sa.Column("enrolment", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lesson", sa.String(length=60), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiz_right", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("quiz_tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("practice", sa.String(length=8), server_default=sa.text("('')"), nullable=False),
        sa.Column("stuck", sa.SmallInteger(), nullable=True),
        sa.Column("practice_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("enrolment", "lesson", name=op.f("pk_enrolment_lesson")),
    )
    op.create_table(
        "learning_evidence",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=140), nullable=False),
        sa.Column("subject", sa.String(length=140), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=255), server_default=sa.text("('')"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_evidence")),
    )
    with op.batch_alter_table("learning_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_learning_evidence_unit", ["unit", "at"], unique=False)
        batch_op.create_index(
            "uq_learning_evidence", ["account", "openid", "kind", "about"], unique=True
        )

    op.create_table(
        "programme",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("lead", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    op.create_table(
        "session",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("area", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=60), server_default=sa.text("('')"), nullable=False),
        sa.Column("lesson", sa.String(length=60), server_default=sa.text("('')"), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("early", sa.SmallInteger(), nullable=False),
        sa.Column("late", sa.SmallInteger(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("spoken", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("plan", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded", sa.String(length=16), server_default=sa.text("('')"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index("ix_session_area", ["area", "starts_at"], unique=False)
        batch_op.create_index("ix_session_starts", ["starts_at"], unique=False)
        batch_op.create_index("uq_session_code", ["code"], unique=True)

    op.create_table(
        "session_check_in",
        sa.Column("session", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("is_late", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.String(length=80), server_default=sa.text("('')"), nullable=False),
        sa.Column("by_staff", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("session", "account", "openid", name=op.f("pk_session_check_in")),
    )
    with op.batch_alter_table("session_check_in", schema=None) as batch_op:
        batch_op.create_index("ix_session_check_in_person", ["account", "openid"], unique=False)

    op.create_table(
        "session_signup",
        sa.Column("session", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session", "account", "openid", name=op.f("pk_session_signup")),
    )
    with op.batch_alter_table("session_signup", schema=None) as batch_op:
        batch_op.create_index("ix_session_signup_person", ["account", "openid"], unique=False)

    op.create_table(
        "syllabus_lesson",
        sa.Column("outline", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("course", sa.String(length=60), nullable=False),
        sa.Column("lesson", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint(
            "outline", "code", "course", "lesson", name=op.f("pk_syllabus_lesson")
        ),
    )
    with op.batch_alter_table("syllabus_lesson", schema=None) as batch_op:
        batch_op.create_index("ix_syllabus_lesson_course", ["course", "lesson"], unique=False)

    op.create_table(
        "syllabus_point",
        sa.Column("outline", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("topics", sa.String(length=400), server_default=sa.text("('')"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("outline", "code", name=op.f("pk_syllabus_point")),
    )


def downgrade() -> None:
    op.drop_table("syllabus_point")
    with op.batch_alter_table("syllabus_lesson", schema=None) as batch_op:
        batch_op.drop_index("ix_syllabus_lesson_course")

    op.drop_table("syllabus_lesson")
    with op.batch_alter_table("session_signup", schema=None) as batch_op:
        batch_op.drop_index("ix_session_signup_person")

    op.drop_table("session_signup")
    with op.batch_alter_table("session_check_in", schema=None) as batch_op:
        batch_op.drop_index("ix_session_check_in_person")

    op.drop_table("session_check_in")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index("uq_session_code")
        batch_op.drop_index("ix_session_starts")
        batch_op.drop_index("ix_session_area")

    op.drop_table("session")
    op.drop_table("programme")
    with op.batch_alter_table("learning_evidence", schema=None) as batch_op:
        batch_op.drop_index("uq_learning_evidence")
        batch_op.drop_index("ix_learning_evidence_unit")

    op.drop_table("learning_evidence")
    op.drop_table("enrolment_lesson")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index("uq_enrolment_person")
        batch_op.drop_index(
            "ix_enrolment_due",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_enrolment_course")

    op.drop_table("enrolment")
    op.drop_table("course_version")
    op.drop_table("course")
