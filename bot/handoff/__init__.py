"""A person instead of the bot: every crisis, every wish to talk, and the staff's inbox."""

from bot.dialogue.engine import CRISIS
from bot.feature import Feature
from bot.handoff import (
    access_pages,
    crisis,
    erasing,
    export,
    jobs,
    listening,
    reminding,
    replies,
    sending,
    staff_pages,
    ticket_pages,
    tomorrow,
)

FEATURE = Feature(
    name="handoff",
    replies={
        "talk_to_person": replies.talk_to_person,
        "end_talk": replies.end_talk,
        "who_saw_me": replies.who_saw_me,
    },
    pending={CRISIS: crisis.after_crisis, tomorrow.TOMORROW: tomorrow.answer},
    erase=erasing.erased,
    export=export.export,
    jobs=(
        (10.0, reminding.after_silence),
        (60.0, reminding.follow_up),
        (60.0, jobs.tell_overdue),
        (60.0, sending.settle),
        (600.0, erasing.finish_erasing),
        (3600.0, jobs.forget_old),
    ),
    pages=(
        *staff_pages.PAGES,
        *access_pages.PAGES,
        *ticket_pages.PAGES,
        *staff_pages.TICKET,
    ),
    badges={"/inbox": staff_pages.badge, "/inbox/grants": access_pages.badge},
    cards=staff_pages.cards,
    search=staff_pages.search,
)
CRISIS_REPLY = crisis.crisis
PERSON = listening.PERSON
