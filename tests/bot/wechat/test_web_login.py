"""Whose code it is, and the ticket that signs pages: what is asked, and what every answer means."""

import pytest

from bot.wechat import errors

LOGIN, TICKET = "/sns/oauth2/access_token", "/cgi-bin/ticket/getticket"


async def test_a_code_is_exchanged_without_the_account_s_own_token(gateway, platform):
    platform.answers[LOGIN] = [
        {"access_token": "W", "expires_in": 7200, "openid": "oA", "scope": "s"}
    ]
    found = await gateway.web_login("CODE")
    assert (found.openid, found.is_snapshot) == ("oA", False)
    assert "oA" not in repr(found)
    (asked,) = [r for r in platform.requests if r["path"] == LOGIN]
    assert (asked["query"]["code"], asked["query"]["appid"]) == ("CODE", "wx1")
    assert asked["query"]["grant_type"] == "authorization_code"
    assert "access_token" not in asked["query"]


async def test_a_snapshot_page_is_told_apart(gateway, platform):
    platform.answers[LOGIN] = [{"openid": "oV", "is_snapshotuser": 1}]
    assert (await gateway.web_login("CODE")).is_snapshot


@pytest.mark.parametrize("code", [40029, 40163, 41008, 42003, 40125, 40164, 48001])
async def test_every_refusal_has_its_code_and_a_sentence(gateway, platform, code):
    platform.answers[LOGIN] = [{"errcode": code, "errmsg": "no, rid: 6a-1"}]
    with pytest.raises(errors.Refused) as caught:
        await gateway.web_login("CODE")
    assert caught.value.code == code
    assert caught.value.answer.meaning
    assert "CODE" not in str(caught.value)


@pytest.mark.parametrize("answer", [{}, {"openid": ""}, {"openid": 7}, b"<html>", 502])
async def test_no_good_answer_is_asked_for_once_only(gateway, platform, answer):
    """A code is spent by the asking: a second call would only say 40163."""
    platform.answers[LOGIN] = [answer]
    with pytest.raises(errors.WeChatError):
        await gateway.web_login("CODE")
    assert len([r for r in platform.requests if r["path"] == LOGIN]) == 1


async def test_a_connection_that_is_cut_is_no_answer(gateway, platform):
    """aiohttp itself asks a second time where a GET's connection was cut."""
    platform.answers[LOGIN] = ["drop"]
    with pytest.raises(errors.WeChatError):
        await gateway.web_login("CODE")


async def test_the_ticket_comes_with_its_life(gateway, platform):
    platform.answers[TICKET] = [{"errcode": 0, "errmsg": "ok", "ticket": "K", "expires_in": 7200}]
    assert await gateway.jsapi_ticket() == ("K", 7200.0)


@pytest.mark.parametrize("answer", [{"errcode": 0}, {"ticket": "", "expires_in": 1}, b"x"])
async def test_a_ticket_that_is_none_is_no_answer(gateway, platform, answer):
    platform.answers[TICKET] = [answer]
    with pytest.raises(errors.WeChatError):
        await gateway.jsapi_ticket()
