"""Centres, stations, experts and studios: where a family finds help nearby."""

from bot.directory import import_pages, jobs, pages, replies
from bot.feature import Feature
from bot.wechat import messages

FEATURE = Feature(
    name="directory",
    replies={replies.STATION: replies.find_station, replies.EXPERT: replies.find_expert},
    choices={replies.OFFER: replies.choose},
    pending={replies.WHERE: replies.where},
    events={messages.Location: replies.located},
    pages=(*pages.PAGES, *import_pages.PAGES),
    jobs=((86400.0, jobs.forget_old),),
)
