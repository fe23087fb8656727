"""Learning: a parent chooses a course, reads, practises, is asked, finishes; in the chat."""

from bot.feature import Feature
from bot.learning import (
    catalogue_pages,
    course_pages,
    learning_pages,
    lesson_pages,
    record_pages,
    todos,
)

FEATURE = Feature(
    name="learning",
    h5_pages=(
        *catalogue_pages.PAGES,
        *course_pages.PAGES,
        *lesson_pages.PAGES,
        *learning_pages.PAGES,
        *record_pages.PAGES,
    ),
    todos=todos.todos,
)
