"""In by password and second factor, out for good; strangers learn nothing."""

import re

import pyotp
import pytest

from bot.people import second_factor, sessions, staff
from tests.support.office import PASSWORD

WRONG = "eight green kites over the river"


async def tries(office, login, password=PASSWORD, **more):
    return await office.visitor().post("/login", login=login, password=password, **more)


async def enrolled(office, login="chen", role="editor"):
    number = await office.account(login, (role, "", ""))
    secret = second_factor.new_secret()
    async with office.rt.db.write() as tx:
        codes = await second_factor.enrol(tx, office.rt.code_key, number, secret, 0)
    return number, pyotp.TOTP(secret), codes


async def test_a_password_opens_the_console_to_who_needs_no_second_factor(each_office):
    await each_office.account("leader", ("leader", "", ""))
    visitor = each_office.visitor()
    done = await visitor.post("/login", login=" Leader ", password=PASSWORD)
    assert (done.status, done.location) == (303, "/console/")
    assert (await visitor.get("/")).status == 200
    assert "HttpOnly" in done.headers["Set-Cookie"]
    assert "SameSite=Lax" in done.headers["Set-Cookie"]


async def test_unknown_closed_and_wrong_say_the_same(each_office):
    await each_office.account("chen", ("leader", "", ""))
    closed = await each_office.account("gone", ("leader", "", ""))
    async with each_office.rt.db.write() as tx:
        await staff.disable(tx, closed, each_office.clock.now())
    answers = [
        await tries(each_office, "chen", WRONG),
        await tries(each_office, "nobody"),
        await tries(each_office, "gone"),
    ]
    assert {a.status for a in answers} == {401}
    logins = ("chen", "nobody", "gone")
    bodies = {
        re.sub(r"[0-9a-f]{64}", "", a.text).replace(n, "")  # the token of each browser is its own
        for a, n in zip(answers, logins, strict=True)
    }
    assert len(bodies) == 1
    assert "登录名或密码不对" in bodies.pop()


async def test_the_right_password_during_the_wait_is_refused_and_after_it_taken(each_office):
    office = each_office
    await office.account("chen", ("leader", "", ""))
    await office.account("liu", ("leader", "", ""))
    for _ in range(10):
        await tries(office, "chen", WRONG)
    refused = await tries(office, "chen")
    assert refused.status == 429
    assert "5 秒" in refused.text
    assert (await tries(office, "liu")).status == 303
    office.clock.turn(seconds=6)
    assert (await tries(office, "chen")).status == 303


async def test_a_typed_password_never_comes_back(office):
    answer = await tries(office, "chen", WRONG)
    assert WRONG not in answer.text
    assert 'value="chen"' in answer.text


async def test_a_password_without_its_second_factor_opens_nothing(office):
    await enrolled(office)
    visitor = office.visitor()
    done = await visitor.post("/login", login="chen", password=PASSWORD)
    assert done.location == "/console/second-factor"
    half = visitor.key
    for page in office.pages:
        if page.method == "GET" and page.permission != "anybody" and "{" not in page.path:
            answer = await visitor.get(page.path)
            assert answer.status == 303, page.path
            assert answer.location.startswith("/console/second-factor?next="), page.path
    assert (await visitor.get("/second-factor/new")).status == 303
    assert visitor.key == half


async def test_the_code_opens_the_console_under_a_new_key(each_office):
    _, code, _ = await enrolled(each_office)
    visitor = each_office.visitor()
    await visitor.post("/login", login="chen", password=PASSWORD)
    half = visitor.key
    now = code.at(int(each_office.clock.timestamp()))
    wrong = await visitor.post("/second-factor", code="000000")
    assert (wrong.status, visitor.key) == (422, half)
    done = await visitor.post("/second-factor", code=now)
    assert (done.status, done.location) == (303, "/console/")
    assert visitor.key != half
    assert (await visitor.get("/")).status == 200
    async with each_office.rt.db.read() as tx:
        assert await sessions.load(tx, half, each_office.clock.now()) is None


async def test_a_code_or_a_recovery_code_opens_once(each_office):
    _, code, codes = await enrolled(each_office)
    now = code.at(int(each_office.clock.timestamp()))
    for typed, status in ((now, 303), (now, 422), (codes[0], 303), (codes[0], 422)):
        visitor = each_office.visitor()
        await visitor.post("/login", login="chen", password=PASSWORD)
        assert (await visitor.post("/second-factor", code=typed)).status == status, typed


async def test_wrong_codes_wait_like_wrong_passwords(office):
    _, code, _ = await enrolled(office)
    visitor = office.visitor()
    await visitor.post("/login", login="chen", password=PASSWORD)
    for _ in range(5):
        await visitor.post("/second-factor", code="000000")
    right = code.at(int(office.clock.timestamp()))
    refused = await visitor.post("/second-factor", code=right)
    assert refused.status == 422
    assert "请稍后再试" in refused.text


async def test_who_must_have_a_second_factor_sets_it_up_first(office):
    await office.account("chen", ("editor", "", ""))
    visitor = office.visitor()
    done = await visitor.post("/login", login="chen", password=PASSWORD)
    assert done.location == "/console/second-factor/new"
    assert (await visitor.get("/second-factor")).location == "/console/second-factor/new"
    page = await visitor.follow(done)
    secret = between(page.text, "<code>", "<")
    sealed = between(page.text, 'name="sealed" value="', '"')
    code = pyotp.TOTP(secret).at(int(office.clock.timestamp()))
    wrong = await visitor.post("/second-factor/new", sealed=sealed, code="000000")
    assert wrong.status == 422
    assert secret in wrong.text
    half = visitor.key
    shown = await visitor.post("/second-factor/new", sealed=sealed, code=code)
    assert (shown.status, shown.text.count("<li><code>")) == (200, 10)
    assert visitor.key != half
    assert (await visitor.get("/")).status == 200


@pytest.mark.parametrize("sealed", ["", "zz", "00" * 40])
async def test_a_secret_that_is_not_ours_is_never_kept(office, sealed):
    half = await office.logged_in(await office.account("chen", ("editor", "", "")), full=False)
    assert (await half.post("/second-factor/new", sealed=sealed, code="000000")).status == 400
    rows = await office.rows("SELECT id FROM staff WHERE totp IS NOT NULL")
    assert rows == []


def between(text, start, end):
    return text.partition(start)[2].partition(end)[0]


async def test_a_cookie_kept_back_at_logout_opens_nothing(each_office):
    chen = await each_office.staff("chen", ("leader", "", ""))
    kept = dict(chen.cookies)
    done = await chen.post("/logout")
    assert (done.status, done.location) == (303, "/console/login?done=logout.done")
    assert chen.cookies == {}
    chen.cookies = kept
    assert (await chen.get("/")).status == 303
    partial = await chen.get("/", _headers={"HX-Request": "true"})
    assert partial.status == 401


async def test_a_login_never_carries_an_old_key_over(office):
    await office.account("chen", ("leader", "", ""))
    visitor = office.visitor()
    await visitor.post("/login", login="chen", password=PASSWORD)
    first = visitor.key
    await visitor.post("/login", login="chen", password=PASSWORD)
    assert visitor.key != first
    assert len(await office.rows("SELECT id FROM staff_session")) == 1


async def test_a_key_chosen_by_somebody_else_is_no_session(office):
    await office.account("chen", ("leader", "", ""))
    visitor = office.visitor()
    visitor.cookies["console"] = "planted-by-somebody-else"
    await visitor.post("/login", login="chen", password=PASSWORD)
    assert visitor.key != "planted-by-somebody-else"


async def test_a_session_unused_for_half_an_hour_asks_for_the_login(office):
    chen = await office.staff("chen", ("leader", "", ""))
    office.clock.turn(minutes=29)
    assert (await chen.get("/")).status == 200
    office.clock.turn(minutes=29)
    assert (await chen.get("/")).status == 200
    office.clock.turn(minutes=30)
    assert (await chen.get("/")).status == 303


HOSTILE = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/console/",
    "javascript:alert(1)", "/console/../evil", "/console/%2e%2e/evil", "/console/%2E%2E%2Fevil",
    "/console//evil.example", "/console/%2f%2fevil", "/console/%5cevil", "/console\r\nX: y",
    "/consolex", "console/units", "", " /console/", "/console/\u2025/x", "/login",
    "data:text/html,x", "/console@evil.example", "http:evil.example", "/%2fevil.example",
    "/console/\t", "/console:80", "//evil.example/console/",
)  # fmt: skip


@pytest.mark.parametrize("where", HOSTILE)
async def test_after_the_login_nobody_is_sent_elsewhere(office, where):
    await office.account("chen", ("leader", "", ""))
    done = await tries(office, "chen", next=where)
    assert (done.status, done.location) == (303, "/console/")
    assert "evil" not in (await office.visitor().get("/login", next=where)).text


async def test_after_the_login_the_page_asked_for_is_opened(office):
    await office.account("chen", ("leader", "", ""))
    turned = await office.visitor().get("/units?path=gz%2Ftianhe&page=2")
    form = await office.visitor().follow(turned)
    where = "/console/units?path=gz/tianhe&amp;page=2"
    assert f'name="next" value="{where}"' in form.text
    done = await tries(office, "chen", next="/console/units?path=gz%2Ftianhe&page=2")
    assert done.location == "/console/units?path=gz%2Ftianhe&page=2"
