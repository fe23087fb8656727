"""Web login."""

import pytest
from yarl import URL

BACK = "http://127.0.0.1:1/back?x=1"


async def authorize(sandbox, openid, scope="snsapi_base", **more):
    query = {
        "appid": sandbox.platform.config.app_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": scope,
        "state": "s1",
        "sandbox_openid": openid,
        **more,
    }
    path = "/connect/oauth2/authorize"
    return await sandbox.client.get(path, params=query, allow_redirects=False)


async def code(sandbox, openid, scope="snsapi_base"):
    answer = await authorize(sandbox, openid, scope)
    place = URL(answer.headers["Location"])
    assert (place.query["state"], place.query["x"]) == ("s1", "1")
    return place.query["code"]


async def exchange(sandbox, given):
    config = sandbox.platform.config
    query = {"appid": config.app_id, "secret": config.app_secret, "code": given}
    path = "/sns/oauth2/access_token"
    return await sandbox.raw("GET", path, **query, grant_type="authorization_code")


async def test_a_code_gives_the_openid_once(sandbox):
    phone = await sandbox.phone()
    given = await code(sandbox, phone["openid"])
    assert (await exchange(sandbox, given))["openid"] == phone["openid"]
    assert (await exchange(sandbox, given))["errcode"] == 40163
    assert (await exchange(sandbox, "none"))["errcode"] == 40029
    assert (await exchange(sandbox, ""))["errcode"] == 41008


async def test_a_code_dies_after_five_minutes(sandbox):
    phone = await sandbox.phone()
    given = await code(sandbox, phone["openid"])
    await sandbox.api("/clock", {"move_s": 301})
    assert (await exchange(sandbox, given))["errcode"] == 42003


async def test_only_a_full_login_may_read_the_name(sandbox):
    phone = await sandbox.phone("妈妈")
    for scope, expected in [("snsapi_base", None), ("snsapi_userinfo", "妈妈")]:
        token = await exchange(sandbox, await code(sandbox, phone["openid"], scope))
        query = {"access_token": token["access_token"], "openid": phone["openid"]}
        assert (await sandbox.raw("GET", "/sns/userinfo", **query)).get("nickname") == expected
        assert (await sandbox.raw("GET", "/sns/auth", **query))["errcode"] == 0


async def test_a_token_can_be_refreshed(sandbox):
    phone = await sandbox.phone()
    token = await exchange(sandbox, await code(sandbox, phone["openid"]))
    query = {"appid": sandbox.platform.config.app_id, "refresh_token": token["refresh_token"]}
    again = await sandbox.raw("GET", "/sns/oauth2/refresh_token", **query)
    assert again["openid"] == phone["openid"]


async def test_a_snapshot_page_has_a_virtual_person(sandbox):
    phone = await sandbox.phone()
    await sandbox.api("/settings", {"is_snapshot": True})
    token = await exchange(sandbox, await code(sandbox, phone["openid"]))
    assert token["is_snapshotuser"] == 1
    assert token["openid"] != phone["openid"]


async def test_somebody_unknown_is_asked(sandbox):
    answer = await authorize(sandbox, "oNobody")
    assert "以谁的身份" in await answer.text()


@pytest.mark.parametrize(
    "change", [{"appid": "wx0"}, {"redirect_uri": "javascript:1"}, {"scope": "snsapi_all"}]
)
async def test_a_wrong_address_is_refused(sandbox, change):
    phone = await sandbox.phone()
    answer = await authorize(sandbox, phone["openid"], **change)
    assert answer.status == 400
