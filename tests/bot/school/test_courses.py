"""A course goes into its version and comes back the same."""

from bot.school import courses
from bot.school.learner_tables import evidence
from bot.school.record import Kind, Learned, minutes, note
from knowledge import courses as seed
from tests.support import school


def test_every_course_of_the_seed_comes_back_the_same():
    for one in seed.load():
        assert courses.loads(courses.dumps(one)) == one


class Row:
    def __init__(self, kind, subject, took):
        self.kind, self.subject, self.minutes = kind, subject, took


def test_a_lesson_online_and_on_site_counts_once_by_its_longest():
    rows = [Row("lesson", "a/01", 5), Row("onsite", "a/01", 60), Row("practice", "a/01", 15)]
    assert minutes(rows) == 75


def test_no_kind_counts_more_than_its_rule():
    assert minutes([Row("gate", "session:1", 500)]) == 5


def test_a_record_is_noted_by_a_statement_that_takes_many_rows():
    at = school.course()
    learned = Learned(Kind.LESSON, f"lesson:{at.id}", at.id, at.title, 3, "chat", at="now")
    statement, row = note(("a", "o"), learned, is_sqlite=True)
    assert statement.table is evidence
    assert row["subject"] == at.id
    assert set(row) == {c.name for c in evidence.c} - {"id"}
