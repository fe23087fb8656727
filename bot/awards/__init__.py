"""Stars and certificates: computed by rules, issued once, signed, checked by anybody, private."""

from bot.awards import jobs, leaving, mine_pages, pages, replies, telling, verify_pages
from bot.feature import Feature

FEATURE = Feature(
    name="awards",
    replies={
        replies.STARS: replies.my_stars,
        replies.MINE: replies.my_certificate,
        replies.VERIFY: replies.verify_certificate,
    },
    erase=leaving.erase,
    export=leaving.export,
    h5_pages=(*mine_pages.PAGES, *verify_pages.PAGES),
    messages=telling.MAILBOX,
    jobs=((20.0, jobs.issue_due), (20.0, telling.tell), (3600.0, jobs.forget_left)),
    waits={telling.WAITS: telling.lead},
    pages=pages.PAGES,
)
