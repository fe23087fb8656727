"""A parent logs in by the platform: once a state, for the phone that began, never elsewhere."""

import hashlib
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.h5 import logins
from tests.support import world
from tests.support.handset import Handset, logged_in
from tests.support.parents import House


async def test_the_way_there_has_the_documented_parameters_in_their_order(house):
    phone = Handset(house, (await house.parent()).openid)
    address = await phone.sent_away("/h/mine/messages")
    parts = urlsplit(address)
    query = parse_qsl(parts.query)
    assert [name for name, _ in query] == [
        "appid", "redirect_uri", "response_type", "scope", "state",
    ]  # fmt: skip
    assert (parts.path, parts.fragment) == ("/connect/oauth2/authorize", "wechat_redirect")
    given = dict(query)
    assert given["redirect_uri"] == "https://bot.example.cn/h/login/back"
    assert (given["scope"], given["appid"]) == ("snsapi_base", "wxcity0000000001")
    assert given["state"].isalnum()
    assert len(given["state"]) <= 128


async def test_a_login_opens_the_page_that_was_asked_for(each_house):
    house = each_house
    parent = await house.parent()
    phone = Handset(house, parent.openid)
    answer = await phone.logs_in("/h/mine/messages")
    assert (answer.status, answer.headers["Location"]) == (303, "/h/mine/messages")
    assert (await phone.get("/h/mine/messages")).status == 200
    (row,) = await house.rows("SELECT * FROM parent_session")
    assert row["key"] == hashlib.sha256(phone.key.encode()).hexdigest()
    assert (row["account"], row["openid"]) == (world.ACCOUNT, parent.openid)
    cookie = next(c for c in answer.headers.getall("Set-Cookie") if "h5-session" in c)
    for part in ("__Host-h5-session=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert len(phone.key) >= 43


async def test_a_state_works_once_and_a_page_loaded_twice_keeps_the_first_result(each_house):
    house = each_house
    phone = Handset(house, (await house.parent()).openid)
    back = await phone.agreed(await phone.sent_away())
    assert (await phone.get(back)).status == 303
    again = await phone.get(back)  # the platform would say 40163
    assert (again.status, again.headers["Location"]) == (303, "/h/mine")
    assert (await phone.get("/h/mine")).status == 200
    house.wait(seconds=61)
    late = await phone.get(back)
    assert (late.status, "请再点一次" in late.text) == (403, True)


async def test_a_state_with_another_code_is_refused(house):
    phone = Handset(house, (await house.parent()).openid)
    back = await phone.agreed(await phone.sent_away())
    await phone.get(back)
    other = back.replace("code=", "code=x")
    assert (await phone.get(other)).status == 403


async def test_a_state_of_another_phone_is_refused(house):
    """Whoever sends a parent the end of their own login does not log the parent in."""
    parent = await house.parent()
    mine, other = Handset(house, parent.openid), Handset(house, parent.openid)
    back = await other.agreed(await other.sent_away())
    assert (await mine.get(back)).status == 403
    await mine.sent_away()
    answer = await mine.get(back)
    assert (answer.status, mine.key) == (403, "")
    assert await house.rows("SELECT 1 FROM parent_session") == []


async def test_a_login_ends_after_ten_minutes(house):
    phone = Handset(house, (await house.parent()).openid)
    address = await phone.sent_away()
    house.wait(minutes=10, seconds=2)
    back = await phone.agreed(address)
    assert (await phone.get(back)).status == 403


@pytest.mark.parametrize(
    "cookie", ["", "x", f"{'0' * 32}.1795161600.mine", f"{'0' * 32}.1.https:~~evil"]
)
async def test_a_cookie_made_up_begins_nothing(house, cookie):
    phone = Handset(house, (await house.parent()).openid)
    back = await phone.agreed(await phone.sent_away())
    phone.cookies["__Host-h5-login"] = cookie
    assert (await phone.get(back)).status == 403


async def test_codes_that_are_spent_or_made_up_are_said_kindly(house):
    """40029 made up, 42003 too old, 41008 none at all."""
    phone = Handset(house, (await house.parent()).openid)
    back = await phone.agreed(await phone.sent_away())
    state = back.partition("state=")[2].partition("&")[0]
    made_up = await phone.get(f"/h/login/back?code=made-up&state={state}")
    assert (made_up.status, "请再点一次" in made_up.text) == (403, True)
    back = await phone.agreed(await phone.sent_away())
    house.wait(minutes=6)
    old = await phone.get(back)
    assert (old.status, "再试一次" in old.text) == (403, True)
    back = await phone.agreed(await phone.sent_away())
    state = back.partition("state=")[2].partition("&")[0]
    none = await phone.get(f"/h/login/back?state={state}")
    assert (none.status, "没有登录" in none.text) == (403, True)
    assert await house.rows("SELECT 1 FROM incident") == []


async def test_a_snapshot_page_is_nobody(house):
    phone = Handset(house, (await house.parent()).openid)
    house.city.platform.config = house.city.platform.config.changed({"is_snapshot": True})
    answer = await phone.logs_in()
    assert (answer.status, "快照页" in answer.text) == (403, True)
    assert await house.rows("SELECT 1 FROM parent_session") == []


async def test_a_secret_that_is_refused_is_an_incident(house):
    phone = Handset(house, (await house.parent()).openid)
    house.city.platform.config = house.city.platform.config.changed({"app_secret": "t" * 32})
    answer = await phone.logs_in()
    assert (answer.status, "微信现在没有回应" in answer.text) == (503, True)
    assert [r["key"] for r in await house.rows("SELECT key FROM incident")] == ["wechat.40125"]


HOSTILE = (
    "//evil.cn", "https://evil.cn", "https:/evil.cn", "\\\\evil.cn", "/evil", "../console", "",
    "mine/../data/x", "mine?x=//evil.cn", "mine#//evil.cn", "data/" + "0" * 40, "login", "logout",
    "mine/messages/..", "mine/messages/a/b", "mine%0d%0aSet-Cookie:x=1", "javascript:alert(1)",
    "mine\r\nX: y", "sdk/../..", "mine/", "MINE", "//mine", "mine/data", "privacy", "x" * 4000,
)  # fmt: skip


@pytest.mark.parametrize("to", HOSTILE)
async def test_a_login_leads_to_known_pages_alone(house, to):
    phone = Handset(house, (await house.parent()).openid)
    answer = await phone.send("GET", "/h/login", params={"to": to})
    back = await phone.agreed(answer.headers["Location"])
    ended = await phone.get(back)
    assert ended.headers["Location"] == "/h/mine"


async def test_a_session_ends_after_half_an_hour_alone_and_after_twelve_hours(each_house):
    house = each_house
    phone = await logged_in(house, await house.parent())
    for _ in range(25):
        house.wait(minutes=28)
        assert (await phone.get("/h/mine")).status == 200
    house.wait(minutes=28)  # 12 hours and 8 minutes in all
    assert (await phone.get("/h/mine")).headers["Location"] == "/h/login?to=mine"
    phone = await logged_in(house, await house.parent(name="other"))
    house.wait(minutes=30, seconds=1)
    assert (await phone.get("/h/mine")).status == 303


async def test_logout_ends_it_on_the_server(each_house):
    house = each_house
    phone = await logged_in(house, await house.parent())
    stolen = dict(phone.cookies)
    answer = await phone.post("/h/logout")
    assert (answer.status, "已经退出" in answer.text, phone.key) == (200, True, "")
    phone.cookies = stolen
    assert (await phone.get("/h/mine")).status == 303
    assert await house.rows("SELECT 1 FROM parent_session") == []


async def test_leaving_and_deleting_end_every_session(each_house):
    house = each_house
    mother, father = await house.parent(), await house.parent(name="father")
    phones = [await logged_in(house, p) for p in (mother, mother, father)]
    await mother.leaves()
    assert [(await p.get("/h/mine")).status for p in phones] == [303, 303, 200]
    answer = await phones[0].logs_in()
    assert (answer.status, "请先关注" in answer.text) == (403, True)
    await father.says("删除我")
    await father.says("确认删除")
    assert (await phones[2].get("/h/mine")).status == 303
    assert await house.rows("SELECT 1 FROM parent_session") == []


@pytest.mark.parametrize("token", ["", "0" * 64, "of another"])
async def test_a_form_without_the_session_s_token_changes_nothing(house, token):
    mother = await logged_in(house, await house.parent())
    father = await logged_in(house, await house.parent(name="father"))
    if token == "of another":
        page = await father.get("/h/mine")
        token = page.text.split('name="token" value="')[1][:64]
    before = len(await house.rows("SELECT 1 FROM consent"))
    for path in ("/h/mine/consents", "/h/logout", "/h/mine/data"):
        answer = await mother.post(path, token=token, what="events", on="1")
        assert answer.status == 403, path
    assert len(await house.rows("SELECT 1 FROM consent")) == before
    assert (await mother.get("/h/mine")).status == 200


async def test_a_form_after_the_end_says_so(house):
    phone = await logged_in(house, await house.parent())
    house.wait(minutes=31)
    answer = await phone.post("/h/mine/consents", token="x", what="events", on="1")
    assert (answer.status, "请重新登录" in answer.text) == (401, True)


@pytest.mark.parametrize("key", ["x", "A" * 43, "'or'1'='1", "%00" * 20])
async def test_a_key_made_up_opens_nothing(house, key):
    phone = Handset(house, "o", {"__Host-h5-session": key})
    assert (await phone.get("/h/mine")).status == 303


async def test_without_an_address_or_a_secret_the_page_says_what_works(sqlite_settings):
    async with House.open(sqlite_settings, public_url="") as house:
        answer = await house.get("/h/login")
        assert (answer.status, "我的资料" in answer.text) == (200, True)
        assert await house.rows("SELECT 1 FROM parent_login") == []


async def test_opening_the_login_page_fills_no_table(house):
    phone = Handset(house, "o")
    for _ in range(5):
        await phone.sent_away()
    assert await house.rows("SELECT 1 FROM parent_login") == []


async def test_what_is_over_is_tidied(each_house):
    house = each_house
    phone = await logged_in(house, await house.parent())
    assert phone.key
    house.wait(minutes=31)
    async with house.city.db.write() as tx:
        await logins.tidy(tx, house.clock.now())
    assert await house.rows("SELECT 1 FROM parent_login") == []


async def test_no_openid_and_no_key_is_in_a_page_or_a_log_line(house, logged):
    parent = await house.parent()
    phone = await logged_in(house, parent)
    for path in ("/h/mine", "/h/mine/messages", "/h/mine/todos", "/h/mine/consents"):
        answer = await phone.get(path)
        assert answer.status == 200
        assert parent.openid not in answer.text
        assert phone.key not in answer.text
    assert parent.openid not in logged()
    assert phone.key not in logged()
