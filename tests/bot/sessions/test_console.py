"""Sessions at the console: made, changed, cancelled, scope, make-ups with reason and audit."""

import re

from tests.support.office import CLASS, OTHER_SCHOOL, SCHOOL, YUEXIU

LEAD, TEACHER = ("school_lead", SCHOOL, ""), ("teacher", CLASS, "")
FORM = {
    "kind": "onsite", "area": SCHOOL, "programme": "", "title": "作业不吵架", "text": "来聊聊",
    "place": "三楼多功能厅", "day": "2026-11-24", "begins": "09:10", "ends": "10:30",
    "capacity": "40", "minutes": "80", "early": "30", "late": "15", "lesson": "",
}  # fmt: skip


async def make(browser, **more):
    answer = await browser.post("/sessions/new", **(FORM | more))
    assert answer.status == 303, re.findall("form-fault.*?</div>", answer.text)
    path = answer.location.partition("?")[0]
    await browser.post(f"{path}/publish", revision="1")
    return path


async def test_a_session_is_made_published_changed_and_cancelled(school):
    lin = await school.staff("lin", LEAD)
    path = await make(lin)
    (row,) = await school.rows("SELECT * FROM session")
    assert (row["state"], row["revision"], len(row["spoken"])) == ("open", 2, 4)
    changed = await lin.post(path, **(FORM | {"place": "操场", "revision": "2"}))
    assert changed.status == 303
    stale = await lin.post(path, **(FORM | {"revision": "2"}))
    assert stale.status == 422
    assert "别人改过" in stale.text
    assert (await lin.post(f"{path}/cancel", revision="3")).status == 303
    assert (await lin.post(f"{path}/publish", revision="4")).status == 409
    deeds = [r["action"] for r in await school.rows("SELECT action FROM audit ORDER BY number")]
    assert [d for d in deeds if d.startswith("session.")] == [
        "session.saved", "session.published", "session.saved", "session.cancelled",
    ]  # fmt: skip


async def test_faults_stand_beside_their_fields(school):
    lin = await school.staff("lin", LEAD)
    wrong = {"ends": "09:00", "capacity": "x", "area": OTHER_SCHOOL, "title": "", "begins": "9"}
    answer = await lin.post("/sessions/new", **(FORM | wrong))
    assert answer.status == 422
    assert answer.text.count('class="form-fault"') >= 5
    past = await lin.post("/sessions/new", **(FORM | {"day": "2026-11-23"}))
    assert "已经过去" in past.text


async def test_the_door_shows_a_code_that_changes_each_minute(school):
    lin = await school.staff("lin", LEAD)
    path = await make(lin)
    first = (await lin.get(f"{path}/door")).text
    (row,) = await school.rows("SELECT spoken FROM session")
    assert row["spoken"] in first
    told = await lin.get(f"{path}/events")
    assert told.text == '{"count": 0}'


async def test_a_make_up_counts_people_with_a_reason_and_is_audited(school):
    lin = await school.staff("lin", LEAD)
    path = await make(lin)
    assert (await lin.post(f"{path}/make-up", count="3", reason="")).status == 422
    assert (await lin.post(f"{path}/make-up", count="51", reason="多")).status == 422
    done = await lin.post(f"{path}/make-up", count="3", reason="三位老人没有带手机")
    assert done.status == 303
    assert "补签 3 人" in (await lin.get(f"{path}/door")).text
    (deed,) = await school.rows("SELECT * FROM audit WHERE action = 'session.made_up'")
    assert deed["area"] == SCHOOL
    assert '"count": 3' in deed["detail"]
    wrong = await lin.post(f"{path}/admit", digits="123456")
    assert wrong.status == 422
    assert "这个码不对" in wrong.text


async def test_before_sign_in_opens_nobody_is_counted(school):
    lin = await school.staff("lin", LEAD)
    path = await make(lin, day="2026-11-25")
    answer = await lin.post(f"{path}/make-up", count="3", reason="老人")
    assert answer.status == 422
    assert "还没到签到" in answer.text


async def test_a_teacher_checks_in_at_the_school_s_gate_and_changes_nothing(school):
    lin, wang = await school.staff("lin", LEAD), await school.staff("wang", TEACHER)
    path = await make(lin)
    assert (await wang.get(f"{path}/door")).status == 200
    assert f"{path}/door" in (await wang.get("/sessions")).text
    assert (await wang.get("/sessions/new")).status == 403
    assert (await wang.post(f"{path}/cancel", revision="2")).status == 403
    shown = await wang.get(path)
    assert shown.status == 200
    assert "取消这一场" not in shown.text


async def test_another_school_sees_nothing_of_it(school):
    lin = await school.staff("lin", LEAD)
    path = await make(lin)
    for role in (("school_lead", OTHER_SCHOOL, ""), ("operator", YUEXIU, "")):
        other = await school.staff(f"far{role[0]}", role)
        for page in ("", "/door", "/figures", "/events", "/poster"):
            assert (await other.get(f"{path}{page}")).status == 404, page
        assert (await other.post(f"{path}/cancel", revision="2")).status == 404
        assert "作业不吵架" not in (await other.get("/sessions")).text


async def test_few_sign_ups_are_not_counted_on_the_list(school):
    lin = await school.staff("lin", LEAD)
    await make(lin)
    listed = (await lin.get("/sessions")).text
    assert "不到 10" in listed
    (row,) = await school.rows("SELECT id FROM session")
    for n in range(10):
        await school.change(
            "INSERT INTO session_signup (session, account, openid, state, at)"
            " VALUES (:s, 'a', :o, 'going', '2026-11-24 00:00:00.000000')", s=row["id"], o=f"o{n}",
        )  # fmt: skip
    assert "10 / 40" in (await lin.get("/sessions")).text
