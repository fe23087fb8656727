"""The statements of learning on both databases: nothing twice, nothing overwritten."""

import pytest
from sqlalchemy import select

from bot.learning import acts, lesson_rows
from bot.school import steps
from bot.school.learner_tables import enrolments, evidence, lesson_states
from bot.school.states import Due, Standing, Step
from bot.school.steps import Act, Do, Place
from tests.support import school

ANNA = ("account", "anna")
EVENING = 20 * 60


@pytest.fixture
async def pupil(each_desk):
    return Pupil(each_desk.rt)


class Pupil:
    """One parent, written with the statements as they are."""

    def __init__(self, rt):
        self.rt, self.course = rt, school.course()

    async def write(self, *writes):
        async with self.rt.db.write() as tx:
            for statement, row in writes:
                await tx.execute(statement, row)

    async def enrol(self, clock=EVENING):
        await self.write(
            acts.enrol(
                ANNA, self.course.id, 1, self.rt.clock.now(), clock=clock,
                is_sqlite=self.rt.db.is_sqlite,
            )
        )  # fmt: skip

    async def row(self):
        async with self.rt.db.read() as tx:
            return (await tx.execute(acts.one(ANNA, self.course.id))).one()

    async def all(self, table):
        async with self.rt.db.read() as tx:
            return (await tx.execute(select(table))).all()

    async def do(self, do, number=0, *, row=None, **more):
        row = row or await self.row()
        done = steps.after(self.course, acts.place(row), Act(do, number))
        await self.write(
            *acts.applied(
                row, self.course, done, self.rt.clock.now(), way=acts.CHAT,
                is_sqlite=self.rt.db.is_sqlite, **more,
            )
        )  # fmt: skip
        return done

    async def lesson(self):
        """Go through the lesson at hand."""
        row = await self.row()
        lesson = self.course.lessons[row.lesson]
        for _ in lesson.cards:
            await self.do(Do.NEXT)
        await self.do(Do.DONE)
        for question in lesson.quiz:
            await self.do(Do.ANSWER, question.right)


async def test_a_second_enrolment_goes_on_where_the_first_stands(pupil):
    await pupil.enrol()
    await pupil.do(Do.NEXT)
    await pupil.enrol()
    assert len(await pupil.all(enrolments)) == 1
    assert acts.place(await pupil.row()) == Place(0, Step.CARD, 1)


async def test_a_course_is_finished_and_taken_again_with_each_thing_learned_once(pupil):
    await pupil.enrol()
    for _ in range(2):
        for _ in pupil.course.lessons:
            await pupil.lesson()
        row = await pupil.row()
        assert (row.state, row.due, row.due_at) == (Standing.FINISHED, "", None)
        assert row.finished_at is not None
        assert len(await pupil.all(evidence)) == 2 * len(pupil.course.lessons)
        await pupil.do(Do.RETAKE, version=2)
        assert ((await pupil.row()).state, (await pupil.row()).version) == (Standing.ACTIVE, 2)
    rows = await pupil.all(lesson_states)
    assert {row.practice for row in rows} == {"done"}
    assert all(row.read_at and row.done_at for row in rows)


async def test_a_tap_on_an_old_page_moves_nothing(pupil):
    await pupil.enrol()
    old = await pupil.row()
    await pupil.do(Do.NEXT)
    await pupil.do(Do.NEXT, row=old)
    assert acts.place(await pupil.row()) == Place(0, Step.CARD, 1)


async def test_the_practice_is_planned_reminded_checked_and_where_it_stuck_is_kept(pupil):
    await pupil.enrol(clock=None)
    for _ in pupil.course.lessons[0].cards:
        await pupil.do(Do.NEXT)
    assert (await pupil.row()).due_at is None
    await pupil.do(Do.TIME, clock=EVENING)
    row = await pupil.row()
    assert (row.due, row.clock) == (Due.PRACTICE, EVENING)
    await pupil.write(acts.reminded(row, row.due_at))
    row = await pupil.row()
    assert row.due == Due.CHECK
    await pupil.do(Do.NOT_DONE)
    await pupil.do(Do.STUCK, 2)
    async with pupil.rt.db.read() as tx:
        told = (await tx.execute(lesson_rows.of(row.id))).one()
    assert (told.practice, told.stuck) == ("not_done", 1)


async def test_a_reminder_never_overwrites_what_the_parent_has_done_since(pupil):
    await pupil.enrol()
    before = await pupil.row()
    pupil.rt.clock.turn(days=1)
    await pupil.do(Do.NEXT)
    acted = await pupil.row()
    await pupil.write(acts.reminded(before, before.due_at))
    assert await pupil.row() == acted


async def test_time_put_off_rest_stop_and_resume(pupil):
    await pupil.enrol()
    now = pupil.rt.clock.now()
    await pupil.write(acts.timed(await pupil.row(), 9 * 60, now))
    assert (await pupil.row()).clock == 9 * 60
    until = pupil.rt.clock.now()
    await pupil.write(acts.snoozed(await pupil.row(), until, now))
    assert (await pupil.row()).due_at == until
    await pupil.write(acts.rested(await pupil.row(), now))
    row = await pupil.row()
    assert (row.state, row.due) == (Standing.RESTING, Due.RESUME)
    assert (row.due_at - now).days in {30, 31}
    await pupil.write(acts.reminded(row, row.due_at))
    row = await pupil.row()
    assert (row.state, row.due) == (Standing.ACTIVE, Due.LESSON)
    await pupil.write(acts.stopped(row, now))
    row = await pupil.row()
    assert (row.state, row.due, row.due_at) == (Standing.STOPPED, "", None)
    await pupil.write(acts.timed(row, 600, now))
    assert (await pupil.row()).due_at is None
    await pupil.write(acts.resumed(await pupil.row(), now))
    assert (await pupil.row()).state == Standing.ACTIVE
    await pupil.write(acts.timed(await pupil.row(), None, now))
    row = await pupil.row()
    assert (row.clock, row.due_at) == (None, None)
