"""Answers from the curated base: asked, offered, rated, explained."""

from sqlalchemy import Connection

from bot.answers import brief, export, jobs, replies
from bot.feature import Feature
from bot.library import find, pins
from bot.runtime import Runtime

related, offer, judge = replies.related, replies.offer, replies.judge
official = replies.official


def prepare(rt: Runtime, tx: Connection) -> None:
    """Bring the base and the pinned answers up to what was published on any replica."""
    find.refresh(rt, tx)
    pins.refresh(rt, tx)


FEATURE = Feature(
    name="answers",
    replies={
        "ask_question": replies.ask_question,
        "feedback_helpful": replies.helpful,
        "feedback_not_helpful": replies.not_helpful,
        "number_choice": replies.without_choices,
    },
    choices={replies.OFFER: replies.choose, brief.WHOLE: replies.whole},
    prepare=prepare,
    erase=replies.erase,
    export=export.export,
    jobs=((3600.0, jobs.forget_old),),
)
