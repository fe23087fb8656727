import json

import pytest

from bot.errors import InvalidInput
from bot.wechat import errors
from bot.wechat.mass import MassArticle, MassImages, MassJob, MassText

SEND, ALL = "/cgi-bin/message/mass/send", "/cgi-bin/message/mass/sendall"
QUEUED = {"errcode": 0, "errmsg": "send job submission success", "msg_id": 34182}
TEXT = MassText("家校社共育宣传周")


def sent(platform, path):
    return [json.loads(request["body"]) for request in platform.made(path)]


async def test_a_list_of_parents(gateway, platform):
    platform.script(SEND, QUEUED)
    assert await gateway.mass_send(["o1", "o2"], TEXT, key="b1") == MassJob(34182)
    assert sent(platform, SEND) == [
        {
            "touser": ["o1", "o2"],
            "msgtype": "text",
            "text": {"content": "家校社共育宣传周"},
            "clientmsgid": "b1",
        }
    ]


async def test_everybody_gets_an_article_with_an_id_for_statistics(gateway, platform):
    platform.script(ALL, QUEUED | {"msg_data_id": 206227730})
    assert await gateway.mass_all(MassArticle("D1"), "b1") == MassJob(34182, 206227730)
    assert sent(platform, ALL) == [
        {
            "filter": {"is_to_all": True},
            "msgtype": "mpnews",
            "mpnews": {"media_id": "D1"},
            "send_ignore_reprint": 0,
            "clientmsgid": "b1",
        }
    ]


async def test_a_tag_gets_pictures(gateway, platform):
    platform.script(ALL, QUEUED)
    await gateway.mass_tag(101, MassImages(("M1", "M2"), "看图"), "b1")
    (asked,) = sent(platform, ALL)
    assert asked["filter"] == {"is_to_all": False, "tag_id": 101}
    assert (asked["msgtype"], asked["images"]) == (
        "image",
        {"media_ids": ["M1", "M2"], "recommend": "看图"},
    )


async def test_a_key_that_was_taken_is_the_job_of_that_time(gateway, platform):
    platform.script(ALL, {"errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": 7})
    assert await gateway.mass_all(TEXT, "b1") == MassJob(7, 0, repeated=True)


async def test_a_taken_key_without_its_job_stays_a_refusal(gateway, platform):
    platform.script(ALL, {"errcode": 45065, "errmsg": "clientmsgid exist"})
    with pytest.raises(errors.Refused):
        await gateway.mass_all(TEXT, "b1")


async def test_a_key_that_comes_too_fast_waits_a_minute(gateway, platform):
    platform.script(ALL, {"errcode": 45066, "errmsg": "too fast"})
    with pytest.raises(errors.Retry) as caught:
        await gateway.mass_all(TEXT, "b1")
    assert caught.value.after_s == 60
    assert len(platform.made(ALL)) == 1


@pytest.mark.parametrize("openids", [[], ["o1"], ["o1", "o1"], [f"o{n}" for n in range(10_001)]])
async def test_a_list_that_is_too_short_long_or_double_is_not_sent(gateway, platform, openids):
    with pytest.raises(InvalidInput, match=r"mass\.openids"):
        await gateway.mass_send(openids, TEXT, key="b1")
    assert platform.requests == []


@pytest.mark.parametrize("text", ["", " \n", "好" * 683])
async def test_words_are_never_cut(gateway, platform, text):
    with pytest.raises(InvalidInput, match=r"mass\.text"):
        await gateway.mass_all(MassText(text), "b1")
    assert platform.requests == []


@pytest.mark.parametrize("answer", ["drop", 502, b"<html>", [], {"errcode": -1}, {"errcode": 0}])
async def test_no_mass_send_is_made_twice_and_its_outcome_is_unknown(gateway, platform, answer):
    platform.script(ALL, answer)
    with pytest.raises(errors.Unknown):
        await gateway.mass_all(TEXT, "b1")
    assert len(platform.made(ALL)) == 1


async def test_how_a_job_stands_may_be_asked_twice(gateway, platform):
    path = "/cgi-bin/message/mass/get"
    platform.script(path, "drop", {"msg_id": 7, "msg_status": "SENDING"})
    assert await gateway.mass_status(7) == "SENDING"
    assert sent(platform, path) == [{"msg_id": 7}] * 2


async def test_taking_back_previewing_and_pacing(gateway, platform):
    await gateway.mass_delete(7, 1)
    await gateway.mass_preview("o1", MassArticle("D1"))
    await gateway.mass_speed(4)
    mass = "/cgi-bin/message/mass"
    assert sent(platform, f"{mass}/delete") == [{"msg_id": 7, "article_idx": 1}]
    assert sent(platform, f"{mass}/preview") == [
        {"touser": "o1", "msgtype": "mpnews", "mpnews": {"media_id": "D1"}}
    ]
    assert sent(platform, f"{mass}/speed/set") == [{"speed": 4}]
    with pytest.raises(InvalidInput, match=r"mass\.speed"):
        await gateway.mass_speed(5)
