"""The account itself: welcome, menu, small talk, reminders off, privacy, one's own data."""

from bot.feature import Feature
from bot.profile import coming, events, jobs, pointers, replies, week_replies
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
        "unsubscribe": replies.unsubscribe,
        "delete_me": replies.delete_me,
        "publicity_week": week_replies.publicity_week,
        "week_events": week_replies.week_events,
        **coming.REPLIES,
    },
    events={
        pushed.Subscribe: events.subscribed,
        pushed.Unsubscribe: events.unsubscribed,
        pushed.Scan: events.scanned,
        pushed.Click: events.clicked,
        **{kind: replies.unreadable(name) for kind, name in _UNREADABLE.items()},
    },
    pending={replies.DELETE: replies.confirm_deletion},
    jobs=((3600.0, jobs.forget_old),),
    erase=replies.erase,
)
