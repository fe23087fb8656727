"""Forms take so much and no more, keep what was typed, and say what is wrong beside the field."""

import pytest

from bot.console.forms import Form
from tests.support.office import PASSWORD

SAID = {"form.missing": "missing", "form.too_long": "{have} of {most}", "form.choose": "choose",
        "form.number": "{low}-{high}", "form.day": "day", "known": "Known."}  # fmt: skip


def form(**values):
    lists = {k: [v] for k, v in values.items()}
    return Form(SAID, values=values, lists=lists)


def test_a_text_is_trimmed_and_its_lines_are_kept():
    assert form(a="  one\r\ntwo  ").text("a") == "one\ntwo"
    assert form(a=" x ").raw("a") == " x "


@pytest.mark.parametrize(
    ("ask", "fault"),
    [
        (lambda f: f.text("a"), "missing"),
        (lambda f: f.text("b", most=2), "3 of 2"),
        (lambda f: f.one_of("b", ("x", "y")), "choose"),
        (lambda f: f.some_of("b", ("x", "y")), "choose"),
        (lambda f: f.whole("b", 1, 5), "1-5"),
        (lambda f: f.whole("big", 1, 5), "1-5"),
        (lambda f: f.whole("roman", 1, 5), "1-5"),
        (lambda f: f.day("b"), "day"),
        (lambda f: f.day("a"), "missing"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(ask, fault):
    filled = form(b="abc", big="9" * 40, roman="\u2163")
    ask(filled)
    assert list(filled.errors.values()) == [fault]
    assert not filled


def test_the_first_fault_of_a_field_stays_and_a_refusal_may_be_of_the_whole():
    filled = form()
    filled.wrong("a", "known")
    filled.wrong("a", "form.missing")
    filled.refuse("a sentence")
    assert (filled.errors, filled.fault) == ({"a": "Known."}, "a sentence")


@pytest.fixture
async def chen(office):
    return await office.staff("chen", ("leader", "", ""))


async def test_a_form_is_taken_up_to_its_size_and_not_beyond(chen):
    most = 256 * 1024
    assert (await chen.post("/me/password", old="x" * (most - 200))).status == 422
    assert (await chen.post("/me/password", old="x" * most)).status == 413


async def test_a_body_of_many_small_parts_is_stopped_by_its_size(chen):
    parts = {f"f{n}": (f"{n}.txt", b"x" * 1000) for n in range(400)}
    answer = await chen.post("/me/password", parts)
    assert answer.status in (400, 413)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"old": "x"}'),
        ("text/xml", b"<old>x</old>"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("application/x-www-form-urlencoded; charset=utf-99", b"old=x"),
        ("application/x-www-form-urlencoded", b"old=%ff%fe&csrf=%00"),
        ("application/x-www-form-urlencoded", b"&&&===;;%%%"),
    ],
)
async def test_what_is_no_form_is_refused_with_a_page(office, chen, kind, body):
    headers = {"Origin": office.origin, "Content-Type": kind, "X-CSRF-Token": await chen.token()}
    answer = await chen.send("POST", "/me/password", headers=headers, data=body)
    assert answer.status in (400, 413, 422)
    assert "</html>" in answer.text


async def test_a_name_of_nul_and_other_controls_never_reaches_the_database(each_office):
    admin = await each_office.staff("admin", ("admin", "", ""))
    fields = {"name": "陈\0丽\0华", "role": "editor", "area": "", "topic": ""}
    assert (await admin.post("/staff/invite", **fields)).status == 200
    (row,) = await each_office.rows("SELECT name FROM invitation")
    assert row["name"] == "陈丽华"


async def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(each_office):
    chen = await each_office.staff("chen", ("leader", "", ""))
    other = await each_office.logged_in(chen.id)
    new = {"password": "four grey herons by the bridge", "again": "four grey herons by the bridge"}
    wrong = await chen.post("/me/password", old="not this one at all", **new)
    assert wrong.status == 422
    assert "当前密码不对" in wrong.text
    key = chen.key
    done = await chen.post("/me/password", old=PASSWORD, **new)
    assert done.location == "/console/me?done=password.changed"
    assert chen.key != key
    assert (await chen.get("/me")).status == 200
    assert (await other.get("/me")).status == 303


async def test_my_other_sessions_end_one_by_one_or_all_at_once(office):
    chen = await office.staff("chen", ("leader", "", ""))
    second, third = await office.logged_in(chen.id), await office.logged_in(chen.id)
    stranger = await office.staff("liu", ("leader", "", ""))
    rows = await office.rows("SELECT id FROM staff_session WHERE staff = :s", s=chen.id)
    await stranger.post(f"/me/sessions/{rows[1]['id']}")
    assert (await second.get("/me")).status == 200
    await chen.post(f"/me/sessions/{rows[1]['id']}")
    assert [(await c.get("/me")).status for c in (chen, second, third)] == [200, 303, 200]
    await chen.post("/me/sessions/others")
    assert [(await c.get("/me")).status for c in (chen, third, stranger)] == [200, 303, 200]
