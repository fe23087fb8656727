"""The account itself: welcome, menu, small talk, reminders off, privacy, one's own data."""

from bot.feature import Feature
from bot.profile import (
    coming,
    data_pages,
    erasing,
    events,
    export,
    jobs,
    limits,
    my_data,
    pointers,
    reminders,
    replies,
    week_replies,
)
from bot.wechat import events as pushed
from bot.wechat import messages

_UNREADABLE = {
    messages.Image: "image",
    messages.Video: "video",
    messages.ShortVideo: "video",
    messages.Voice: "voice",
    messages.Link: "link",
    messages.File: "file",
}

FEATURE = Feature(
    name="profile",
    replies={
        **{intent: replies.plain(intent) for intent in replies.PLAIN},
        **pointers.REPLIES,
        "continue": replies.go_on,
        "publicity_week": week_replies.publicity_week,
        "week_events": week_replies.week_events,
        **coming.REPLIES,
        "privacy": my_data.privacy,
        "my_data": my_data.my_data,
        "export_data": my_data.export_data,
        "unsubscribe": reminders.unsubscribe,
        "reminders_on": reminders.reminders_on,
        "personal_off": limits.personal_off,
        "research_off": limits.research_off,
        "delete_me": erasing.delete_me,
    },
    choices={
        reminders.OFF: reminders.choose_off,
        reminders.ON: reminders.choose_on,
        limits.PERSONAL: limits.personal_on,
    },
    events={
        pushed.Subscribe: events.subscribed,
        pushed.Unsubscribe: events.unsubscribed,
        pushed.Scan: events.scanned,
        pushed.Click: events.clicked,
        **{kind: replies.unreadable(name) for kind, name in _UNREADABLE.items()},
    },
    pending={erasing.DELETE: erasing.confirm},
    jobs=((3600.0, jobs.forget_old), (3600.0, jobs.forget_links)),
    erase=replies.erase,
    export=export.export,
    h5_pages=data_pages.PAGES,
)
