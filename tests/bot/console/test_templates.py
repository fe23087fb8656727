"""Every template of the console renders, keeps to the content policy and names what is typed in."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace as Some

import jinja2
import pytest

CONSOLE = Path(__file__).parents[3] / "bot" / "console"
TEMPLATES, STATIC = CONSOLE / "templates", CONSOLE / "static"
HOSTILE = "<img src=x onerror=1>"
AT = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
WITHOUT_LABEL = {"hidden", "submit", "button"}
#: Pages of somebody who is not logged in yet.
STRANGERS = {"bare.html", "login.html", "totp.html", "setup.html", "invite.html", "reset.html"}
#: Templates that only others use.
PARTS = {"macros.html", "form_macros.html", "head.html", "theme_menu.html", "password_pair.html"}


class Page(HTMLParser):
    """What a test asks of a page: its elements with their attributes, and the code of scripts."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.code, self._script = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._script = dict(attrs) if tag == "script" else None

    def handle_endtag(self, tag):
        self._script = None

    def handle_data(self, data):
        if self._script is not None and self._script.get("type") != "application/json":
            self.code.append(data)

    def named(self, *tags):
        return [attrs for tag, attrs in self.elements if tag in tags]


@pytest.fixture(scope="module")
def environment():
    folders = {"console": jinja2.FileSystemLoader(TEMPLATES)}
    tests = {"test": jinja2.DictLoader({"parts.html": EVERY_PART})}
    loaders = folders | tests
    made = jinja2.Environment(
        loader=jinja2.PrefixLoader(loaders), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= dict.fromkeys(("day", "moment", "ago", "number", "percent"), str)
    made.globals["asset"] = lambda path: f"/console/static/{path}?v=1"
    made.globals["product"] = "羊城家校社共育助手"
    return made


def form(**values):
    errors = {"login": HOSTILE, "title": HOSTILE, "tags": "至少选一项"}
    return Some(values={"login": HOSTILE, **values}, errors=errors, fault=HOSTILE)


def visit(*, known):
    who = Some(name=HOSTILE, login="chen.lihua", role_names=["编辑", HOSTILE])
    notice = ("warning", HOSTILE)
    who = who if known else None
    return Some(
        actor=who, path="/console/x", csrf="a'\"<", notice=notice, may=lambda _permission: known
    )


def menu():
    items = [
        Some(label="首页", href="/console/", icon="home", active=True, badge=None),
        Some(label=HOSTILE, href="/console/x", icon="messages", active=False, badge=120),
    ]
    return [Some(title="", items=items[:1]), Some(title="日常", items=items[1:])]


def sessions():
    return [Some(id=n, seen_at=AT, started_at=AT, agent=HOSTILE, is_this=n == 1) for n in (1, 2)]


CARD = Some(title=HOSTILE, value="7", text=HOSTILE, href="/console/x", icon="bulb", kind="info")
ROWS = [Some(label=HOSTILE, text=HOSTILE, href="/console/x")]
LINK = {"key": HOSTILE, "least": 12}
#: What each page is given beside what all are given.
GIVEN = {
    "base.html": {},
    "bare.html": {},
    "login.html": {"next": HOSTILE},
    "totp.html": {"next": ""},
    "setup.html": LINK,
    "invite.html": LINK,
    "reset.html": LINK,
    "totp_enrol.html": {"qr": "data:,", "secret": HOSTILE, "sealed": HOSTILE, "required": False},
    "recovery.html": {"codes": ["abcd-efgh", HOSTILE]},
    "me.html": {"sessions": sessions(), "has_second_factor": True, "codes_left": 3, "least": 12},
    "error.html": {"status": 404, "sentence": HOSTILE, "request_id": HOSTILE},
    "home.html": {"cards": [CARD]},
    "search.html": {"q": HOSTILE, "groups": [Some(title=HOSTILE, icon="book-2", rows=ROWS)]},
    "confirm.html": {"title": HOSTILE, "text": HOSTILE, "hidden": {"id": HOSTILE}, "back": "/"},
}
EVERY_PART = """
{% extends "console/base.html" %}
{% block title %}{{ hostile }}{% endblock %}
{% block subtitle %}{{ hostile }}{% endblock %}
{% block back %}{{ ui.back("/", hostile) }}{% endblock %}
{% block actions %}
{{ ui.link("/", hostile, "primary", "plus", "n t") }}{{ ui.download("/x", "表格") }}
{% endblock %}
{% block content %}
{{ ui.tabs([("待回复", "/a", true, 7), (hostile, "/b", false, none)]) }}
{{ ui.stat("待回复", 7, hostile, "/", "kapok", "clock") }}{{ ui.stat("满意", "4.7") }}
{% call ui.filterbar(reset="/") %}{{ ui.field(form, "word", "来信") }}{% endcall %}
{{ ui.pager(page) }}{{ ui.bar(3, 10, hostile) }}{{ ui.countdown("2026-11-25T02:30:00Z") }}
{{ ui.empty("inbox", hostile, hostile, "/", hostile) }}{{ ui.copyable(hostile) }}
{{ ui.badge("info", hostile) }}{{ ui.tag(hostile) }}{{ ui.status("success", hostile) }}
{{ ui.notice("danger", hostile) }}{% call ui.notice("info", hostile) %}<b>更多</b>{% endcall %}
{{ ui.chart("c", {"series": [hostile]}, hostile, table=([hostile], [[hostile, 1]])) }}
{{ ui.diff([("same", 1, 1, hostile), ("del", 2, none, [("del", hostile), ("same", "字")]),
            ("add", none, 2, [("add", hostile)])]) }}
{{ ui.phone([{"side": "parent", "text": hostile}, {"side": "account", "text": "好"}]) }}
{{ ui.timeline([{"title": hostile}, {"title": "二", "at": at, "text": hostile, "who": hostile,
                                    "kind": "info", "icon": "check"}]) }}
<form method="post">{{ ui.csrf_field() }}{{ ui.fault(form) }}
{{ ui.field(form, "title", "标题", hint=hostile, required=true, placeholder=hostile, maxlength=9) }}
{{ ui.field(form, "secret", "密码", type="password") }}
{{ ui.area(form, "body", "正文", counter=true, maxlength=600, hint=hostile) }}
{{ ui.choice(form, "grade", "年级", [(1, "一年级"), (2, hostile)]) }}
{{ ui.checks(form, "tags", "适用", [("a", "小学"), (hostile, hostile)]) }}
{{ ui.radios(form, "tone", "语气", [("x", "温和")]) }}{{ ui.check(form, "urgent", "重要") }}
{{ ui.upload(form, "file", "附件", ".xlsx") }}{{ ui.submit(hostile, icon="check") }}</form>
{% endblock %}
"""


def rendered(environment, name, **given):
    known = name not in STRANGERS
    context = {"visit": visit(known=known), "menu": menu(), "form": form()} | given
    return environment.get_template(f"console/{name}").render(context)


def every_part(environment):
    values = form(body=HOSTILE, grade=2, tags=["a"], tone="x", secret=HOSTILE, file=HOSTILE)
    page = Some(number=3, pages=9, total=200, first=41, last=60, url="?page={}".format)
    context = {"visit": visit(known=True), "menu": menu(), "form": values, "page": page}
    template = environment.get_template("test/parts.html")
    return template.render(context, hostile=HOSTILE, at=AT)


@pytest.fixture(scope="module")
def pages(environment):
    """Return every template's text by name."""
    made = {name: rendered(environment, name, **given) for name, given in GIVEN.items()}
    return made | {"parts": every_part(environment)}


NAMES = [*GIVEN, "parts"]


def test_every_template_is_rendered_here():
    assert {p.name for p in TEMPLATES.glob("*.html")} == PARTS | GIVEN.keys()


@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_stays_text(pages, name):
    assert "<img src=x" not in pages[name]
    assert all("onerror" not in attrs for _, attrs in Page(pages[name]).elements)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_breaks_the_content_policy(pages, name):
    page = Page(pages[name])
    attributes = {key for _, attrs in page.elements for key in attrs}
    assert not {a for a in attributes if a == "style" or a.startswith(("on", "hx-on", "hx-vars"))}
    assert "".join(page.code).strip() == ""
    assert page.named("style") == []
    assert all(a.get("src", "/").startswith(("/", "data:")) for a in page.named("script", "img"))


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_a_label(pages, name):
    page = Page(pages[name])
    labelled = {attrs.get("for") for attrs in page.named("label")}
    fields = [
        a for a in page.named("input", "textarea", "select") if a.get("type") not in WITHOUT_LABEL
    ]
    assert [a for a in fields if a.get("id") not in labelled and not a.get("aria-label")] == []


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_said_once_and_what_is_referred_to_is_there(pages, name):
    elements = Page(pages[name]).elements
    ids = [attrs["id"] for _, attrs in elements if "id" in attrs]
    told = " ".join(
        a.get("aria-describedby", "") + " " + a.get("aria-labelledby", "") for _, a in elements
    )
    assert len(ids) == len(set(ids))
    assert set(told.split()) <= set(ids)


def test_every_icon_is_in_the_sprite(pages):
    there = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor/icons.svg").read_text()))
    used = {
        icon for text in pages.values() for icon in re.findall(r"icons\.svg\?v=1#([^\"]+)\"", text)
    }
    assert len(used) > 20
    assert used <= there


def test_every_file_that_is_loaded_exists(pages):
    loaded = {
        path for text in pages.values() for path in re.findall(r"/console/static/([^?\"]+)", text)
    }
    assert {path for path in loaded if not (STATIC / path).is_file()} == set()


def test_a_fault_stands_beside_its_field_and_the_typed_text_stays(pages):
    (login,) = [a for a in Page(pages["login.html"]).named("input") if a.get("name") == "login"]
    assert (login["value"], login["aria-invalid"]) == (HOSTILE, "true")
    assert login["aria-describedby"] == "f-login-fault"


def test_a_session_is_called_by_browser_and_system(environment):
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130 Safari/537.36"
    session = Some(id=1, seen_at=AT, started_at=AT, agent=agent, is_this=True)
    given = GIVEN["me.html"] | {"sessions": [session]}
    assert ">Chrome · Windows <" in rendered(environment, "me.html", **given)


def test_a_password_is_never_written_back(pages):
    fields = [
        a for a in Page(pages["parts"]).named("input") if a.get("type") in {"password", "file"}
    ]
    assert len(fields) == 2
    assert not any("value" in a for a in fields)


def test_an_error_before_the_login_needs_neither_visitor_nor_menu(environment):
    text = environment.get_template("console/error.html").render(
        status=500, sentence="请稍后再试。", request_id=""
    )
    assert "请稍后再试。" in text
    assert "side-nav" not in text


def test_a_page_without_subtitle_or_actions_has_no_empty_places(pages):
    assert "page-sub" not in pages["base.html"]
    assert "page-actions" not in pages["base.html"]
    assert "page-actions" in pages["parts"]


def test_the_token_goes_with_every_request_of_htmx(pages):
    (body,) = Page(pages["base.html"]).named("body")
    assert body["hx-headers"] == '{"X-CSRF-Token": "a\\u0027\\"\\u003c"}'
