"""A push that another feature plans becomes a draft of a campaign, once, and nothing more."""

from datetime import timedelta

import pytest

from bot.campaigns import proposed, queries
from bot.campaigns.states import State
from bot.delivery.drafts import Draft
from bot.errors import NotAllowed
from tests.support.office import TIANHE


def wish(office, **changes):
    given = {
        "source": "week:7",
        "area": TIANHE,
        "title": "第一天",
        "text": "今天的主题",
        "channel": "notice",
        "not_before": office.clock.now() + timedelta(days=3),
        "page": "/h/week",
        "consent": "events",
    }
    return Draft(**(given | changes))


async def test_a_proposal_is_a_draft_once(each_office):
    operator = await each_office.staff("oper", ("operator", TIANHE, ""))
    actor = await operator.actor()
    async with each_office.rt.db.write() as tx:
        first = await proposed.make(each_office.rt, tx, actor, wish(each_office))
        again = await proposed.make(each_office.rt, tx, actor, wish(each_office))
        assert first == again
        made = await queries.one(tx, actor, int(first.partition(":")[2]), queries.EDIT)
    assert made.state is State.DRAFT
    assert (made.draft.area, made.draft.purpose) == (TIANHE, "events")
    assert made.draft.words.target == "/h/week"
    assert made.draft.audience.areas == (TIANHE,)
    assert await each_office.rows("SELECT * FROM broadcast") == []


async def test_nobody_proposes_beyond_the_own_area(office):
    operator = await office.staff("oper", ("operator", TIANHE, ""))
    actor = await operator.actor()
    async with office.rt.db.write() as tx:
        with pytest.raises(NotAllowed):
            await proposed.make(office.rt, tx, actor, wish(office, area="gz"))
