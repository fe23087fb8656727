"""What stands before every page: host, origin, token; and what goes with every answer."""

import re

import pytest

from bot import app, web
from bot.clock import HandClock
from bot.console.site import CSP
from bot.people import roles
from tests.support import world
from tests.support.desk import MORNING, all_cells
from tests.support.office import Office, migrate

EVERY_ROLE = tuple((role, "", "") for role in roles.load().roles)
FOREIGN = {
    "another site": {"Origin": "https://evil.example"},
    "a name that begins like ours": {"Origin": "http://127.0.0.1.evil.example"},
    "nobody": {"Origin": "null"},
    "no origin": {"Origin": None},
    "a link from elsewhere": {"Origin": None, "Referer": "https://evil.example/console/"},
    "says itself that it is cross-site": {"Sec-Fetch-Site": "cross-site"},
}


def filled(path):
    return re.sub(r"{[^}]+}", "1", path)


async def everything(office):
    """Return every cell that a page might change; sessions note when they were used."""
    cells = await all_cells(office.rt.db)
    sessions = await office.rows("SELECT key FROM staff_session")
    return cells, len(sessions)


@pytest.mark.parametrize("why", FOREIGN)
async def test_no_change_is_taken_from_elsewhere(office, why):
    chen = await office.staff("chen", *EVERY_ROLE)
    before = await everything(office)
    for page in office.pages:
        if page.method == "POST":
            answer = await chen.post(filled(page.path), _headers=FOREIGN[why])
            assert answer.status == 403, page.path
    assert await everything(office) == before


@pytest.mark.parametrize("token", ["", "x", "é" * 32])
async def test_no_change_is_taken_without_the_token(office, token):
    chen = await office.staff("chen", *EVERY_ROLE)
    before = await everything(office)
    for page in office.pages:
        if page.method == "POST":
            answer = await chen.post(filled(page.path), csrf=token)
            assert answer.status == 403, page.path
            assert "这次请求不是从本站页面发出的" in answer.text, page.path
    assert await everything(office) == before


async def test_the_token_of_another_session_is_worth_nothing(office):
    chen, liu = await office.staff("chen"), await office.staff("liu")
    assert (await chen.post("/logout", csrf=await liu.token())).status == 403
    header = {"X-CSRF-Token": await chen.token()}
    assert (await chen.post("/logout", csrf="", _headers=header)).status == 303


async def test_before_a_session_the_origin_must_do(office):
    for page in office.pages:
        if page.method == "POST" and page.permission == "anybody":
            for headers in FOREIGN.values():
                sent = await office.visitor().post(filled(page.path), _headers=headers)
                assert sent.status == 403, (page.path, headers)


async def test_looking_changes_nothing(office):
    await office.units()
    chen = await office.staff("chen", *EVERY_ROLE)
    await chen.get("/")
    before = await everything(office)
    for page in office.pages:
        if page.method == "GET":
            answer = await chen.get(filled(page.path))
            assert answer.status in (200, 303, 400, 404), page.path
    assert await everything(office) == before


async def test_each_page_takes_its_own_method_only(office):
    chen = await office.staff("chen", *EVERY_ROLE)
    for page in office.pages:
        for method in ("PUT", "DELETE", "PATCH", "TRACE"):
            answer = await chen.send(method, filled(page.path), headers={"Origin": office.origin})
            assert answer.status == 405, (method, page.path)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example", "0.0.0.0", ""]
)
async def test_another_name_for_this_address_is_refused(office, host):
    chen = await office.staff("chen", *EVERY_ROLE)
    answer = await chen.get("/", _headers={"Host": host})
    assert answer.status in (400, 403)
    assert "chen先生" not in answer.text


async def test_every_answer_carries_the_headers(office, monkeypatch):
    chen = await office.staff("chen", *EVERY_ROLE)

    async def broken(visit):
        raise RuntimeError("the words of a parent")

    monkeypatch.setattr("bot.console.audit.verify", broken)
    answers = {
        200: await chen.get("/"),
        303: await office.visitor().get("/me"),
        403: await chen.post("/logout", csrf=""),
        404: await chen.get("/no/such/page"),
        405: await chen.send("PUT", "/me"),
        413: await chen.post("/me/password", old="x" * 300_000),
        422: await chen.post("/me/password", old="x"),
        500: await chen.post("/audit/verify"),
    }
    for status, answer in answers.items():
        assert answer.status == status
        assert answer.headers["Content-Security-Policy"] == CSP
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Server"] == "bot"
    assert "the words of a parent" not in answers[500].text
    assert "Traceback" not in answers[500].text
    assert re.search(r"<code>[0-9a-f]{8}</code>", answers[500].text)


async def test_a_static_file_may_be_kept_when_its_name_says_its_content(office):
    visitor = office.visitor()
    page = await visitor.get("/login")
    named = re.search(r'href="(/console/static/[^"]+\.css\?v=\w+)"', page.text)[1]
    kept = await visitor.get(named)
    assert kept.status == 200
    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.headers["X-Content-Type-Options"] == "nosniff"
    assert (await visitor.get(named.partition("?")[0])).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/static/../site.py", "/static/%2e%2e/site.py", "/static/..%2fsite.py", "/static/",
     "/static//etc/passwd", "/static/vendor"],
)  # fmt: skip
async def test_nothing_outside_the_static_folder_is_served(office, path):
    raw = f"GET /console{path} HTTP/1.1\r\nHost: 127.0.0.1:{office.port}\r\n\r\n"
    answer = await exchange(office, raw)
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 403", b"HTTP/1.1 400"))


async def exchange(office, raw):
    import asyncio

    reader, writer = await asyncio.open_connection("127.0.0.1", office.port)
    writer.write(raw.encode())
    async with asyncio.timeout(20):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return head


async def test_behind_tls_the_cookie_is_bound_to_the_host_and_the_origin_is_the_proxy(tmp_path):
    origin = "https://console.example.cn"
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", console_origin=origin)
    migrate(given)
    async with app.opened(given, clock=HandClock(MORNING)) as rt, web.console(rt) as port:
        import aiohttp

        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            office = Office(rt, rt.clock, port, http)
            await office.account("chen", ("admin", "", ""))
            await office.account("lee", ("leader", "", ""))
            headers = {"Host": "console.example.cn", "Origin": origin}
            url = f"http://127.0.0.1:{port}/console/login"
            fields = {"login": "lee", "password": "seven green kites over the river"}
            async with http.post(url, data=fields, headers=headers, allow_redirects=False) as done:
                assert done.status == 303
                assert done.headers["Strict-Transport-Security"] == "max-age=31536000"
                cookie = done.headers["Set-Cookie"]
            async with http.get(url, headers={"Host": f"127.0.0.1:{port}"}) as turned:
                assert turned.status == 403
    assert cookie.startswith("__Host-console=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    ("hops", "given", "told"),
    [
        (0, "1.1.1.1", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "9.9.9.9, 1.1.1.1", "1.1.1.1"),
        (2, "9.9.9.9, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (3, "1.1.1.1", "127.0.0.1"),
    ],
)
def test_only_the_word_of_our_own_proxies_is_taken(hops, given, told):
    from types import SimpleNamespace

    from bot.console import guard

    request = SimpleNamespace(headers={"X-Forwarded-For": given}, remote="127.0.0.1")
    assert guard.address(request, SimpleNamespace(proxy_hops=hops)) == told
