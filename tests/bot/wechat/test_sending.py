import json

import pytest

from bot.errors import InvalidInput
from bot.wechat import errors
from bot.wechat.custom import (
    CustomArticle,
    CustomImage,
    CustomMenu,
    CustomNews,
    CustomText,
    MenuOption,
)
from bot.wechat.replies import Article

CUSTOM = "/cgi-bin/message/custom/send"
NOTICE = "/cgi-bin/message/subscribe/bizsend"
TEMPLATE = "/cgi-bin/message/template/send"


def sent(platform, path):
    return [json.loads(request["body"]) for request in platform.made(path)]


@pytest.mark.parametrize(
    ("content", "kind", "body"),
    [
        (CustomText("你好\x00"), "text", {"content": "你好"}),
        (CustomImage("M1"), "image", {"media_id": "M1"}),
        (CustomArticle("A1"), "mpnewsarticle", {"article_id": "A1"}),
        (
            CustomMenu("有帮助吗", (MenuOption("1", "有"),), "谢谢"),
            "msgmenu",
            {
                "head_content": "有帮助吗",
                "list": [{"id": "1", "content": "有"}],
                "tail_content": "谢谢",
            },
        ),
        (
            CustomNews(Article("题", "述", "https://a/p.png", "https://a/")),
            "news",
            {
                "articles": [
                    {
                        "title": "题",
                        "description": "述",
                        "url": "https://a/",
                        "picurl": "https://a/p.png",
                    }
                ]
            },
        ),
    ],
)
async def test_every_kind_of_customer_message(gateway, platform, content, kind, body):
    await gateway.send_custom("o1", content)
    assert sent(platform, CUSTOM) == [{"touser": "o1", "msgtype": kind, kind: body}]


async def test_a_notice_has_its_values_one_by_one_and_a_page_only_when_given(gateway, platform):
    await gateway.send_notice("o1", "N1", {"thing1": "家长课堂", "time2": "19:30"}, "https://a/")
    await gateway.send_notice("o1", "N1", {"thing1": "x"})
    first, second = sent(platform, NOTICE)
    assert first == {
        "touser": "o1",
        "template_id": "N1",
        "data": {"thing1": {"value": "家长课堂"}, "time2": {"value": "19:30"}},
        "page": "https://a/",
    }
    assert "page" not in second


async def test_a_template_message_carries_its_key_and_gives_its_id(gateway, platform):
    platform.script(TEMPLATE, {"errcode": 0, "errmsg": "ok", "msgid": 2**53 + 1})
    given = await gateway.send_template(
        "o1", "T1", {"thing1": "课"}, key="k" * 32, url="https://a/"
    )
    assert given == 2**53 + 1
    assert sent(platform, TEMPLATE) == [
        {
            "touser": "o1",
            "template_id": "T1",
            "data": {"thing1": {"value": "课"}},
            "client_msg_id": "k" * 32,
            "url": "https://a/",
        }
    ]


@pytest.mark.parametrize("key", ["", "k" * 33, "钥匙"])
async def test_a_key_that_the_platform_would_not_take_sends_nothing(gateway, platform, key):
    with pytest.raises(InvalidInput, match=r"send\.key"):
        await gateway.send_template("o1", "T1", {}, key=key)
    assert platform.requests == []


SENDS = {
    CUSTOM: lambda gateway: gateway.send_custom("o1", CustomText("x")),
    NOTICE: lambda gateway: gateway.send_notice("o1", "N1", {"thing1": "x"}),
    TEMPLATE: lambda gateway: gateway.send_template("o1", "T1", {"thing1": "x"}, key="k1"),
}


@pytest.mark.parametrize("path", SENDS)
@pytest.mark.parametrize("answer", ["drop", 502, b"<html>", [], {"errcode": -1, "errmsg": ""}])
async def test_no_send_is_made_twice_and_its_outcome_is_unknown(gateway, platform, path, answer):
    platform.script(path, answer)
    with pytest.raises(errors.Unknown):
        await SENDS[path](gateway)
    assert len(platform.made(path)) == 1


async def test_a_template_answer_without_an_id_is_no_answer(gateway, platform):
    for answer in ({"errcode": 0}, {"errcode": 0, "msgid": "x"}, {"errcode": 0, "msgid": None}):
        platform.script(TEMPLATE, answer)
        with pytest.raises(errors.Unknown):
            await gateway.send_template("o1", "T1", {}, key="k1")


@pytest.mark.parametrize("path", SENDS)
@pytest.mark.parametrize(
    ("code", "kind", "closed", "of_account"),
    [
        (43101, errors.Gone, True, False),
        (45047, errors.Refused, True, False),
        (40037, errors.Refused, False, True),
        (45009, errors.Quota, False, True),
        (47003, errors.Refused, False, False),
    ],
)
async def test_refusals_are_sorted_for_the_next_channel(
    gateway, platform, path, code, kind, closed, of_account
):
    platform.script(path, {"errcode": code, "errmsg": "data.thing1.value rid: 6512a3c4-5d6e"})
    with pytest.raises(kind) as caught:
        await SENDS[path](gateway)
    assert errors.is_channel_closed(caught.value) is closed
    assert errors.is_of_account(caught.value) is of_account
    assert len(platform.made(path)) == 1
