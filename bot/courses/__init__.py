"""The curriculum: courses are written, reviewed and published here, and its holes are seen."""

from bot.courses import (
    course_pages,
    file_pages,
    finding,
    flow_pages,
    lesson_pages,
    list_pages,
    syllabus_pages,
)
from bot.feature import Feature

FEATURE = Feature(
    name="courses",
    search=finding.search,
    pages=(
        *list_pages.PAGES,
        *file_pages.PAGES,
        *syllabus_pages.PAGES,
        *course_pages.PAGES,
        *lesson_pages.PAGES,
        *flow_pages.PAGES,
    ),
)
