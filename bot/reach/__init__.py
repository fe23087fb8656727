"""What reaches a parent: acceptances of notices as they come in, and what became of messages."""

from bot.feature import Feature
from bot.people import acceptances, reach
from bot.reach import events, jobs, keeping
from bot.wechat import events as told

FEATURE = Feature(
    name="reach",
    events={
        told.SubscribePopup: events.answered,
        told.SubscribeChange: events.switched_off,
        told.SubscribeSent: events.noticed,
        told.TemplateSent: events.template_sent,
        told.MassSent: events.mass_sent,
    },
    erase=keeping.erased,
    export=keeping.export,
    jobs=((2.0, jobs.apply_reports), (60.0, jobs.poll_mass), (30.0, jobs.sweep_tags)),
)
_ = acceptances, reach
