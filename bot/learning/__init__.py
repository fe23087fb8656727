"""Learning: a parent chooses a course, reads, practises, is asked, finishes; in the chat."""

from bot.feature import Feature
from bot.learning import remind_people, remind_told, reminding, visiting

FEATURE = Feature(
    name="learning",
    choices={visiting.REST: visiting.rest},
    audiences={reminding.AUDIENCE: remind_people.of_run},
    unwanted={reminding.ABOUT: remind_people.unwanted},
    waits={visiting.WAITS: visiting.lead},
    erase=remind_people.erase,
    jobs=(
        (20.0, reminding.remind),
        (3.0, remind_told.tell),
        (3600.0, remind_people.forget_old),
    ),
)
