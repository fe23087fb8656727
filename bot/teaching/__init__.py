"""The teachers' side of the parent school: 我的班, the term of a school, home visits."""

from bot.feature import Feature
from bot.teaching import (
    class_pages,
    leaving,
    parent_pages,
    reminding,
    replies,
    term_pages,
    visit_pages,
)

FEATURE = Feature(
    name="teaching",
    replies={replies.VISIT: replies.home_visit},
    choices={replies.VISIT: replies.choose_visit},
    audiences={
        reminding.AUDIENCE: reminding.booked,
        reminding.CALLED_OFF: reminding.called_off,
    },
    erase=leaving.erase,
    export=leaving.export,
    h5_pages=parent_pages.PAGES,
    jobs=((60.0, reminding.remind), (3600.0, leaving.forget_old)),
    pages=(*class_pages.PAGES, *term_pages.PAGES, *visit_pages.PAGES),
)
