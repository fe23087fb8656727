"""The account itself: welcome and the beginning, children and classes, small talk, own data."""

from bot.feature import Feature
from bot.profile import (
    classes,
    coming,
    data_pages,
    erasing,
    events,
    export,
    jobs,
    kids,
    limits,
    mine_pages,
    my_data,
    onboarding,
    pointers,
    reminders,
    replies,
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
        **coming.REPLIES,
        "privacy": my_data.privacy,
        "my_data": my_data.my_data,
        "export_data": my_data.export_data,
        "unsubscribe": reminders.unsubscribe,
        "reminders_on": reminders.reminders_on,
        "personal_off": limits.personal_off,
        "research_off": limits.research_off,
        "delete_me": erasing.delete_me,
        "add_child": kids.add,
        "remove_child": kids.remove,
        "my_children": kids.mine,
        "leave_class": classes.leave,
        "elder_mode": replies.elder_mode,
        "normal_mode": replies.normal_mode,
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
    flows={
        "onboarding": onboarding.finish,
        "add_child": kids.added,
        "remove_child": kids.removed,
        "join_class": classes.joined,
        "other_class": classes.chosen,
        "leave_class": classes.left,
    },
    flow_asks={
        "onboarding.greet": onboarding.greet,
        "onboarding.privacy": onboarding.privacy,
        "onboarding.child": onboarding.child,
        "onboarding.card": onboarding.questions,
        "add_child.more": kids.more,
        "remove_child.child": classes.child,
        "remove_child.sure": classes.sure,
        "join_class.sure": classes.name,
        "other_class.which": classes.name,
        "other_class.child": classes.child,
        "leave_class.child": classes.bound,
        "leave_class.sure": classes.sure,
    },
    flow_done={
        **dict.fromkeys(
            ("onboarding.greet", "onboarding.offer", "onboarding.consent"), onboarding.agreed
        ),
        "onboarding.role": onboarding.role,
        "onboarding.elder": onboarding.elder,
        **{f"onboarding.{step}": onboarding.told for step in onboarding.GRADES},
        **{f"add_child.{step}": onboarding.told for step in onboarding.GRADES},
    },
    jobs=((3600.0, jobs.forget_old), (3600.0, jobs.forget_links)),
    erase=replies.erase,
    export=export.export,
    h5_pages=(*data_pages.PAGES, *mine_pages.PAGES),
)
