"""Sessions: on-site classes, gate sessions, activities; sign-up, check-in, reminders."""

from bot.feature import Feature
from bot.sessions import (
    activity_replies,
    code_replies,
    door_pages,
    doors,
    gate_pages,
    leaving,
    parent_pages,
    reminding,
    seats,
    staff_pages,
)

FEATURE = Feature(
    name="sessions",
    replies={
        code_replies.INTENT: code_replies.sign_in,
        activity_replies.INTENT: activity_replies.class_activity,
    },
    choices={activity_replies.INTENT: activity_replies.choose},
    code=code_replies.spoken,
    scenes={code_replies.SCENE: code_replies.poster},
    audiences={
        reminding.IS_GOING: reminding.going,
        reminding.SIGNED_UP: reminding.signed_up,
        reminding.SEATED: reminding.seated,
    },
    erase=leaving.erase,
    export=leaving.export,
    h5_pages=(*parent_pages.PAGES, *gate_pages.PAGES),
    jobs=((30.0, reminding.remind), (5.0, seats.seat_waiting), (3600.0, doors.forget_old)),
    pages=(*staff_pages.PAGES, *door_pages.PAGES),
)
