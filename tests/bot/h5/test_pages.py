"""The pages: headers on every answer, kind words for every fault, large type, nothing from afar."""

import logging
import re

import pytest

from bot.errors import StoreAway
from bot.h5 import public_pages, render
from bot.h5 import site as sites
from bot.h5.page import get, post
from tests.bot.console.test_templates import Page

HEADERS = {
    "Content-Security-Policy": sites.CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "bot",
    "Strict-Transport-Security": "max-age=31536000",
}


async def every(house):
    """Return the answers of all kinds of pages, by name."""
    path = await house.link(await house.parent("孩子写作业总是拖拉怎么办"))
    return {
        "start": await house.get("/h/"),
        "privacy": await house.get("/h/privacy"),
        "data": await house.get(path),
        "delete": await house.get(f"{path}/delete"),
        "file": await house.get(f"{path}/file"),
        "404": await house.get("/h/nothing"),
        "link": await house.get("/h/data/x"),
        "405": await house.send("POST", "/h/privacy"),
        "put": await house.send("PUT", path),
        "403": await house.post(f"{path}/delete", token="x"),
        "wrong": await house.post(f"{path}/delete", word="不"),
        "400": await house.post(f"{path}/wishes", what="money", on="1"),
        "303": await house.post(f"{path}/wishes", what="all", on="0"),
        "deleted": await house.post(f"{path}/delete", word="确认删除"),
    }


async def test_every_answer_carries_the_headers_and_names_nobody(house):
    answers = await every(house)
    expected = {"link": 404, "404": 404, "405": 405, "put": 405, "403": 403, "400": 400, "303": 303}
    assert {n: a.status for n, a in answers.items()} == {n: expected.get(n, 200) for n in answers}
    openid = (await house.rows("SELECT openid FROM follower"))[0]["openid"]
    for name, answer in answers.items():
        assert {k: answer.headers.get(k) for k in HEADERS} == HEADERS, name
        assert openid not in answer.text, name
        assert openid not in str(answer.headers), name


async def test_no_page_has_a_script_a_style_or_a_thing_from_afar(house):
    for name, answer in (await every(house)).items():
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = Page(answer.text)
        keys = {key for _, attrs in page.elements for key in attrs}
        assert not {k for k in keys if k == "style" or k.startswith("on")}, name
        assert page.named("script", "style", "iframe", "object") == [], name
        loaded = [a.get("src") or a.get("href") for a in page.named("img", "link")]
        assert all(place.startswith("/h/static/") for place in loaded), name
        links = [a["href"] for a in page.named("a")]
        assert all(place.startswith(("/h/", "?big=")) for place in links), name
        fields = [a for a in page.named("input") if a.get("type") != "hidden"]
        labels = {a.get("for") for a in page.named("label")}
        assert all(a["id"] in labels for a in fields), name


async def test_head_shows_the_same_without_a_body(house):
    answer = await house.send("HEAD", "/h/privacy")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["Content-Security-Policy"] == sites.CSP


async def test_files_are_kept_for_ever_under_their_hash(house):
    page = await house.get("/h/privacy")
    for address in re.findall(r'"(/h/static/[^"]+)"', page.text):
        answer = await house.get(address)
        assert answer.status == 200
        assert answer.headers["Cache-Control"].endswith("immutable")
    assert (await house.get("/h/static/h5.css")).headers["Cache-Control"] == "no-cache"
    assert (await house.get("/h/static/../site.py")).status == 404


async def test_large_type_is_remembered_without_a_query(house):
    plain = await house.get("/h/privacy")
    assert '<html lang="zh-CN">' in plain.text
    big = await house.get("/h/privacy?big=1")
    assert 'class="big"' in big.text
    cookie = big.headers["Set-Cookie"]
    for part in ("h5-type=big", "HttpOnly", "SameSite=Lax", "Secure", "Path=/h"):
        assert part in cookie
    kept = await house.get("/h/privacy", Cookie="h5-type=big")
    assert 'class="big"' in kept.text
    assert 'href="?big=0"' in kept.text
    back = await house.get("/h/privacy?big=0", Cookie="h5-type=big")
    assert '<html lang="zh-CN">' in back.text


async def test_a_database_that_is_away_is_said_kindly(house, monkeypatch):
    path = await house.link(await house.parent())

    async def away(*_):
        raise StoreAway

    monkeypatch.setattr("bot.h5.links.opened", away)
    answer = await house.get(path)
    assert (answer.status, "系统正忙" in answer.text) == (503, True)
    assert (await house.get("/h/privacy")).status == 200


async def test_a_bug_is_a_page_with_a_number_and_a_line_without_words(house, monkeypatch, logged):
    path = await house.link(await house.parent())

    async def broken(*_):
        raise RuntimeError("oOpenid and words")

    monkeypatch.setattr("bot.h5.links.opened", broken)
    answer = await house.get(path)
    assert (answer.status, "出了点问题" in answer.text) == (500, True)
    number = re.search(r"编号：([0-9a-f]{8})", answer.text)[1]
    assert number in logged()
    assert "parent_page_failed" in logged()
    assert "oOpenid" not in logged() + answer.text
    assert path.rpartition("/")[2] not in logged()
    assert logging.getLogger("aiohttp.access").handlers == []


async def test_a_form_that_is_too_large_or_broken_is_refused(house):
    path = await house.link(await house.parent())
    large = await house.post(f"{path}/delete", token="x" * 100_000)
    assert (large.status, "太长" in large.text) == (413, True)
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    broken = await house.send("POST", f"{path}/delete", data=b"\xff--x", headers=headers)
    assert broken.status in {400, 403}


async def test_a_replica_without_a_console_has_the_pages(tmp_path):
    from tests.support import world
    from tests.support.parents import House

    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", serves="webhook")
    async with House.open(given) as house:
        assert (await house.get("/h/privacy")).status == 200


def test_a_page_that_changes_something_needs_a_link():
    for broken in (lambda: post("/x", public_pages.start, ""), lambda: get("/x/{key}", None)):
        with pytest.raises(AssertionError):
            broken()


def test_values_are_shown_as_people_read_them():
    assert [render.shown(v) for v in (None, 3, "a", True)] == ["", "3", "a", "True"]
    assert render.moment(None) == ""


def test_no_style_sheet_loads_anything():
    sheets = sorted(render.STATIC.glob("*.css"))
    assert len(sheets) >= 8
    for sheet in sheets:
        text = sheet.read_text(encoding="utf-8")
        assert "url(" not in text
        assert "@import" not in text
