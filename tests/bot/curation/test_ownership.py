"""One wording, one answer: what is asked of another entry is refused with that entry's name."""

from dataclasses import replace

import pytest

from bot.curation import actions, publishing
from bot.curation.ownership import Owned
from knowledge.entry import Asking
from tests.bot.curation.conftest import PENCILS, SLOW, pencils

OTHER = "media.phone.buy-phone"


async def taking(room, name, wording):
    """Return an entry's wordings and one more."""
    return (*(await room.entry(name)).similar, Asking(wording, "plain"))


async def test_a_wording_of_a_published_entry_is_refused_with_its_name(each_room):
    writer = await each_room.person("chen")
    theirs = (await each_room.entry(OTHER)).question
    padded = f"请问，{theirs.rstrip('？')}！"
    await each_room.writes(writer, SLOW, similar=await taking(each_room, SLOW, padded))
    with pytest.raises(Owned) as refused:
        await each_room.does(actions.submit, writer, SLOW, "")
    assert (refused.value.wording, refused.value.entry) == (padded, OTHER)


async def test_an_approval_looks_again(each_room):
    writer, judge = await each_room.person("chen"), await each_room.person("huang")
    new = pencils(await each_room.entry(SLOW))
    both = replace(new, similar=(*new.similar, Asking("笔芯断了能不能粘上", "plain")))
    await each_room.does(actions.create, writer, both, actions.Change())
    await each_room.does(actions.submit, writer, PENCILS, "")
    taken = await taking(each_room, OTHER, "笔芯断了能不能粘上")
    await each_room.approved(writer, judge, OTHER, similar=taken)
    with pytest.raises(Owned):
        await each_room.does(actions.approve, judge, PENCILS, "")


async def test_an_entry_may_keep_its_own_wordings(room, answer):
    writer = await room.person("chen")
    await room.writes(writer, SLOW, answer=answer("不换问法"))
    await room.does(actions.submit, writer, SLOW, "")
    assert (await room.row(SLOW)).state == "review"


async def test_a_wording_of_a_retired_entry_is_free(room, answer):
    writer, judge = await room.person("chen"), await room.person("huang")
    theirs = (await room.entry(OTHER)).question
    await publishing.retire(room.rt, judge, OTHER, "不再用")
    await room.writes(writer, SLOW, similar=await taking(room, SLOW, theirs))
    await room.does(actions.submit, writer, SLOW, "")
    assert (await room.row(SLOW)).state == "review"


async def test_an_old_text_with_a_wording_given_away_comes_back_as_a_draft(room, answer):
    writer, judge = await room.person("chen"), await room.person("huang")
    old = (await room.entry(SLOW)).similar
    await room.approved(writer, judge, SLOW, similar=old[1:], answer=answer("少一句"))
    await room.publishes(judge, SLOW)
    await room.approved(writer, judge, OTHER, similar=await taking(room, OTHER, old[0].text))
    assert await room.does(actions.restore, writer, SLOW, 1) == "draft"
