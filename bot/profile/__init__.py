"""The account itself: welcome, menu, small talk, reminders off, privacy, one's own data."""

from bot.feature import Feature
from bot.profile import events, jobs, replies
from bot.wechat import events as pushed
from bot.wechat import messages

FEATURE = Feature(
    name="profile",
    replies={
        **{intent: replies.plain(intent) for intent in replies.PLAIN},
        "continue": replies.go_on,
        "unsubscribe": replies.unsubscribe,
        "delete_me": replies.delete_me,
    },
    events={
        pushed.Subscribe: events.subscribed,
        pushed.Unsubscribe: events.unsubscribed,
        pushed.Scan: events.scanned,
        pushed.Click: events.clicked,
        **dict.fromkeys(
            (
                messages.Image,
                messages.Video,
                messages.ShortVideo,
                messages.Link,
                messages.File,
            ),
            replies.plain("unsupported_media"),
        ),
        messages.Voice: replies.voice_without_words,
        messages.Location: replies.location,
    },
    jobs=((3600.0, jobs.forget_old),),
)
