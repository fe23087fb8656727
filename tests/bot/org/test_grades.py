"""A grade follows from the year of entry and the day: September rewrites nothing."""

from datetime import UTC, date, datetime

import pytest

from bot.clock import HandClock, day
from bot.org import grades, tree
from tests.support.office import CLASS, SCHOOL, Office


@pytest.mark.parametrize(
    ("stage", "entry", "today", "label"),
    [
        ("primary", 2024, date(2025, 8, 31), "一年级"),
        ("primary", 2024, date(2025, 9, 1), "二年级"),
        ("primary", 2024, date(2026, 8, 31), "二年级"),
        ("primary", 2020, date(2026, 8, 31), "六年级"),
        ("primary", 2020, date(2026, 9, 1), "2020级（已毕业）"),
        ("primary", 2026, date(2026, 8, 31), "2026级（未入学）"),
        ("kinder", 2024, date(2026, 11, 1), "大班"),
        ("junior", 2024, date(2026, 11, 1), "初三"),
        ("senior", 2026, date(2026, 11, 1), "高一"),
        ("joint", 2024, date(2026, 11, 1), "2024级"),
    ],
)
def test_the_grade_of_a_cohort_on_a_day(stage, entry, today, label):
    assert grades.grade(stage, entry, today) == label


def test_a_class_is_called_by_its_grade_and_number():
    today = date(2026, 11, 24)
    assert grades.label("class", "3班", "primary", 2024, 3, today) == "三年级3班"
    assert grades.label("school", "示范一小", "primary", None, None, today) == "示范一小"


def test_every_kind_named_below_another_is_a_kind():
    words = grades.words()
    assert {k for below in words.below.values() for k in below} <= words.kinds.keys()


async def test_the_night_to_september_lifts_every_grade_and_changes_no_row(settings):
    clock = HandClock(datetime(2026, 8, 31, 15, 59, tzinfo=UTC))  # 23:59 in Guangzhou
    async with Office.open(settings, clock=clock) as office:
        await office.units()
        async with office.rt.db.write() as tx:
            for year in range(2020, 2026):
                if year != 2024:
                    path = f"{SCHOOL}/{year}"
                    unit = tree.Unit(path, SCHOOL, "grade", f"{year}级", "primary", year)
                    await tree.add(tx, unit, clock.now())
        before = await office.rows("SELECT * FROM unit ORDER BY id")
        names = list(grades.words().grades["primary"])
        assert await labels(office) == names
        clock.turn(minutes=1)
        assert await labels(office) == [*names[1:], "2020级（已毕业）"]
        assert await office.rows("SELECT * FROM unit ORDER BY id") == before
        viewer = await office.staff("chen", ("admin", "", ""))
        assert "三年级3班" in (await viewer.get("/units", path=CLASS)).text


async def labels(office):
    async with office.rt.db.read() as tx:
        units = await tree.children(tx, SCHOOL)
    return [u.label(day(office.clock.now())) for u in units]
