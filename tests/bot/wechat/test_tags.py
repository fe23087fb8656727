import json

import pytest

from bot.errors import InvalidInput
from bot.wechat import errors
from bot.wechat.tags import Tag

CREATE, GET = "/cgi-bin/tags/create", "/cgi-bin/tags/get"
TAG, UNTAG = "/cgi-bin/tags/members/batchtagging", "/cgi-bin/tags/members/batchuntagging"


def sent(platform, path):
    return [json.loads(request["body"]) for request in platform.made(path)]


async def test_tags_are_made_listed_and_deleted(gateway, platform):
    platform.script(CREATE, {"tag": {"id": 101, "name": "越秀小学"}})
    platform.script(GET, 502, {"tags": [{"id": 101, "name": "越秀小学", "count": 3}]})
    assert await gateway.create_tag(" 越秀小学 ") == Tag(101, "越秀小学")
    assert await gateway.list_tags() == (Tag(101, "越秀小学", 3),)
    await gateway.delete_tag(101)
    assert sent(platform, CREATE) == [{"tag": {"name": "越秀小学"}}]
    assert sent(platform, "/cgi-bin/tags/delete") == [{"tag": {"id": 101}}]


async def test_followers_get_a_tag_and_lose_it(gateway, platform):
    assert await gateway.tag(["o1", "o2"], 101) == ()
    assert await gateway.untag(["o1"], 101) == ()
    assert sent(platform, TAG) == [{"openid_list": ["o1", "o2"], "tagid": 101}]
    assert sent(platform, UNTAG) == [{"openid_list": ["o1"], "tagid": 101}]


async def test_those_who_did_not_get_the_tag_are_returned(gateway, platform):
    platform.script(TAG, {"errcode": 45171, "errmsg": "", "fail_openid_list": ["o2"]})
    assert await gateway.tag(["o1", "o2"], 101) == ("o2",)
    platform.script(TAG, {"errcode": 45171, "errmsg": ""})
    with pytest.raises(errors.Refused):
        await gateway.tag(["o1", "o2"], 101)


@pytest.mark.parametrize(
    ("code", "kind"), [(45169, errors.Retry), (45059, errors.Refused), (49003, errors.Refused)]
)
async def test_other_refusals_rise_and_nothing_is_repeated(gateway, platform, code, kind):
    platform.script(TAG, {"errcode": code, "errmsg": ""})
    with pytest.raises(kind):
        await gateway.tag(["o1"], 101)
    assert len(platform.made(TAG)) == 1


@pytest.mark.parametrize("count", [0, 51])
async def test_a_call_takes_one_to_fifty_followers(gateway, platform, count):
    for change in (gateway.tag, gateway.untag):
        with pytest.raises(InvalidInput, match=r"tag\.openids"):
            await change(["o1"] * count, 101)
    assert platform.requests == []


@pytest.mark.parametrize("name", ["", "  ", "名" * 31])
async def test_a_name_has_one_to_thirty_characters(gateway, name):
    with pytest.raises(InvalidInput, match=r"tag\.name"):
        await gateway.create_tag(name)


@pytest.mark.parametrize("answer", [{}, {"tag": 5}, {"tag": {"name": "x"}}, "drop"])
async def test_a_tag_without_an_id_is_no_answer(gateway, platform, answer):
    platform.script(CREATE, answer)
    with pytest.raises(errors.Unknown):
        await gateway.create_tag("x")
