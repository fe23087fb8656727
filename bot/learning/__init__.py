"""Learning: a parent chooses a course, reads, practises, is asked, finishes: in chat, on pages."""

from bot.feature import Feature
from bot.learning import (
    catalogue_pages,
    choosing,
    course_pages,
    learning_pages,
    leaving,
    lesson,
    lesson_pages,
    offers,
    record_pages,
    remind_people,
    remind_told,
    reminding,
    todos,
    visiting,
    wishes,
)

FEATURE = Feature(
    name="learning",
    replies={
        "find_course": choosing.find_course,
        "enrol_course": choosing.enrol_course,
        "cancel_course": wishes.cancel_course,
        "my_courses": wishes.my_courses,
        "next_lesson": wishes.next_lesson,
        "my_progress": wishes.my_progress,
        "lesson_replay": wishes.lesson_replay,
        "reminder_time": wishes.reminder_time,
        "snooze": wishes.snooze,
        "practice_done": wishes.practice_done,
        "practice_not_done": wishes.practice_not_done,
    },
    choices={offers.LESSON: lesson.choose, offers.COURSES: choosing.choose},
    pending={offers.LESSON: lesson.hear},
    goes_on=lesson.goes_on,
    audiences={reminding.AUDIENCE: remind_people.of_run},
    unwanted={reminding.ABOUT: remind_people.unwanted},
    waits={visiting.WAITS: visiting.lead},
    jobs=(
        (20.0, reminding.remind),
        (3.0, remind_told.tell),
        (3600.0, remind_people.forget_old),
    ),
    erase=leaving.erase,
    export=leaving.export,
    h5_pages=(
        *catalogue_pages.PAGES,
        *course_pages.PAGES,
        *lesson_pages.PAGES,
        *learning_pages.PAGES,
        *record_pages.PAGES,
    ),
    todos=todos.todos,
)
