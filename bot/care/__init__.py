"""Who watches over a crisis: alarms and duty, checked numbers, signed texts, legal holds."""

from bot.care import (
    calling,
    duty_pages,
    hold_pages,
    line_pages,
    slip_pages,
    table_pages,
    text_pages,
)
from bot.feature import Feature

FEATURE = Feature(
    name="care",
    jobs=((5.0, calling.call), (5.0, calling.post), (86_400.0, calling.forget_old)),
    pages=(
        *duty_pages.PAGES,
        *table_pages.PAGES,
        *slip_pages.PAGES,
        *line_pages.PAGES,
        *text_pages.PAGES,
        *hold_pages.PAGES,
    ),
    badges={
        "/duty": duty_pages.badge,
        "/hotlines": line_pages.badge,
        "/crisis-texts": text_pages.badge,
    },
    cards=duty_pages.cards,
)
