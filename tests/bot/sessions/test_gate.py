"""P6: the rotating code, the card, the spoken code until midnight, the poster."""

import pytest

from bot.sessions import doors, gate_token
from tests.support.gate import LIN
from tests.support.world import ACCOUNT


async def there(gate):
    return await gate.rows("SELECT * FROM session_check_in")


async def test_a_scan_signs_in_once_and_shows_the_card(each_gate):
    gate = each_gate
    session = await gate.session()
    gate.at("2026-11-26 17:05")
    mother, phone = await gate.phone()
    first = await phone.get(gate.address(session))
    assert first.status == 200
    assert "已签到 · 0.1 学时" in first.text
    assert "先说一句看见的" in first.text
    again = await phone.get(gate.address(session))
    assert "已经签到过了" in again.text
    (row,) = await there(gate)
    assert (row["openid"], row["way"], row["is_late"]) == (mother.openid, "code", 0)
    (proof,) = await gate.rows("SELECT * FROM learning_evidence")
    assert (proof["kind"], proof["about"], proof["minutes"]) == ("gate", f"session:{session.id}", 5)


async def test_it_takes_one_scan_and_no_form_by_way_of_the_silent_login(gate):
    session = await gate.session()
    gate.at("2026-11-26 17:05")
    aunt, phone = gate.stranger()
    away = await phone.sent_away(gate.address(session))
    assert "snsapi_base" in away
    back = await phone.get(await phone.agreed(away))
    shown = await phone.get(back.headers["Location"])
    assert "已签到 · 0.1 学时" in shown.text
    assert "关注公众号" in shown.text  # she does not follow; the check-in is kept all the same
    assert [row["openid"] for row in await there(gate)] == [aunt.openid]


async def test_who_follows_afterwards_gets_the_same_card_and_no_questions(each_gate):
    gate = each_gate
    session = await gate.session()
    gate.at("2026-11-26 17:05")
    aunt, phone = gate.stranger()
    await phone.logs_in(gate.address(session))
    await phone.get(gate.address(session))
    told = await aunt.scans(f"session:{session.code}")
    assert "先说一句看见的" in told
    assert "已签到 · 0.1 学时" in told
    assert "同意" not in told


async def test_the_code_of_five_minutes_ago_is_over(gate):
    session = await gate.session()
    gate.at("2026-11-26 17:05")
    _, phone = await gate.phone()
    shot = gate.address(session)
    gate.house.wait(minutes=5)
    assert "签到已过期" in (await phone.get(shot)).text
    assert await there(gate) == []


async def test_a_token_is_good_for_its_minute_and_the_next():
    from datetime import UTC, datetime, timedelta

    at = datetime(2026, 11, 26, 9, 5, 10, tzinfo=UTC)
    made = gate_token.token("s", at)
    good = [gate_token.is_good("s", made, at + timedelta(seconds=n)) for n in (0, 49, 60, 109, 110)]
    assert good == [True, True, True, True, False]
    assert not gate_token.is_good("other", made, at)
    assert not gate_token.is_good("s", "\u5b66", at)


@pytest.mark.parametrize(("at", "words"), [
    ("2026-11-26 16:29", "还没到签到的时间"), ("2026-11-26 16:30", "已签到"),
    ("2026-11-26 17:16", "开始后到的"), ("2026-11-26 18:00", "签到已经结束"),
])  # fmt: skip
async def test_early_late_and_over(gate, at, words):
    session = await gate.session()
    gate.at(at)
    _, phone = await gate.phone()
    assert words in (await phone.get(gate.address(session))).text


async def test_a_linked_lesson_gives_its_first_card_and_counts_under_its_name(each_gate):
    gate = each_gate
    session = await gate.session(course="homework-rhythm", lesson="01-start-time")
    gate.at("2026-11-26 17:05")
    _, phone = await gate.phone()
    assert "吵架多半吵在开头" in (await phone.get(gate.address(session))).text
    (proof,) = await gate.rows("SELECT subject FROM learning_evidence")
    assert proof["subject"] == "homework-rhythm/01-start-time"


async def test_without_network_the_spoken_code_is_taken_until_midnight(each_gate):
    gate = each_gate
    session = await gate.session()
    mother = await gate.house.parent()
    gate.at("2026-11-26 16:00")
    assert "还没到签到的时候" in await mother.says(session.spoken)
    gate.at("2026-11-26 23:59")
    told = await mother.says(session.spoken)
    assert "已签到 · 0.1 学时" in told
    assert "示范一小 东门" in told
    gate.house.wait(seconds=1)
    assert "已经签到过了" in await mother.says(f"签到码是 {session.spoken}")
    (row,) = await there(gate)
    assert row["way"] == "spoken"
    assert len(await gate.rows("SELECT 1 FROM learning_evidence")) == 1


async def test_after_midnight_the_spoken_code_is_nobodys(gate):
    session = await gate.session()
    mother = await gate.house.parent()
    gate.at("2026-11-27 00:00")
    assert "今天没有口令是这四位数字" in await mother.says(session.spoken)


async def test_codes_are_not_to_be_guessed(gate):
    session = await gate.session()
    mother = await gate.house.parent()
    gate.at("2026-11-26 17:05")
    wrong = [f"3{n:03d}" for n in range(7) if f"3{n:03d}" != session.spoken][:5]
    for code in wrong:
        gate.house.wait(seconds=1)
        assert "今天没有口令" in await mother.says(code)
    gate.house.wait(seconds=1)
    assert "试得太多了" in await mother.says(session.spoken)
    gate.house.wait(minutes=54)
    assert await there(gate) == []
    gate.house.wait(minutes=6)
    assert "已签到" in await mother.says(session.spoken)


async def test_a_poster_shows_the_card_and_asks_for_the_spoken_code(each_gate):
    gate = each_gate
    session = await gate.session()
    aunt, _ = gate.stranger()
    before = await aunt.scans(f"session:{session.code}")
    assert "回 1 报名" in before
    gate.at("2026-11-26 17:05")
    told = await aunt.scans(f"session:{session.code}")
    assert "先说一句看见的" in told
    assert "四位口令" in told
    assert "同意" not in told
    assert await there(gate) == []
    gate.house.wait(seconds=1)
    assert "已签到" in await aunt.says(session.spoken)


@pytest.mark.parametrize("scene", ["session:none", "session:"])
async def test_a_code_that_leads_nowhere_says_so_or_greets(gate, scene):
    aunt, _ = gate.stranger()
    assert await aunt.scans(scene)


async def test_a_parent_shows_a_pass_and_the_staff_checks_it_in(each_gate):
    gate = each_gate
    session = await gate.session()
    gate.at("2026-11-26 17:05")
    mother, phone = await gate.phone()
    page = f"/h/sessions/{session.code}"
    await phone.post(f"{page}/pass", page=page)
    (row,) = await gate.rows("SELECT * FROM session_pass")
    assert row["digits"] in (await phone.get(page)).text
    async with gate.rt.db.write() as tx:
        assert await doors.admit(gate.rt, tx, LIN, session, row["digits"])
    (came,) = await there(gate)
    assert (came["openid"], came["way"], came["by_staff"]) == (mother.openid, "staff", LIN.id)
    assert await gate.rows("SELECT 1 FROM session_pass") == []


async def test_what_is_kept_goes_when_the_parent_leaves_and_the_count_stays(each_gate):
    from bot.sessions import queries

    gate = each_gate
    session = await gate.session()
    gate.at("2026-11-26 17:05")
    mother, phone = await gate.phone()
    page = f"/h/sessions/{session.code}"
    await phone.post(f"{page}/pass", page=page)
    await phone.get(gate.address(session))
    await gate.join(session.id, mother.openid)
    gate.house.wait(seconds=1)
    data = await gate.house.link(mother)
    told = await gate.house.get(data)
    assert "现场签到" in told.text
    gate.house.wait(seconds=1)
    await mother.leaves()
    for table in ("session_signup", "session_check_in", "session_pass"):
        assert await gate.rows(f"SELECT 1 FROM {table}") == [], table
    async with gate.rt.db.read() as tx:
        assert await queries.there(tx, session.id) == (1, 0)


async def test_the_year_s_rush_of_two_hundred_is_all_noted(each_gate):
    """200 sign in within a minute: each once, however often their phones load the page."""
    import asyncio

    from bot.sessions import check_in

    gate = each_gate
    session = await gate.session()
    gate.at("2026-11-26 17:05")

    async def comes(n):
        async with gate.rt.db.write() as tx:
            person = (ACCOUNT, f"oRush{n % 200:03d}")
            return await check_in.note(gate.rt, tx, session, person, "code")

    assert sum(await asyncio.gather(*(comes(n) for n in range(300)))) == 200
    assert len(await gate.rows("SELECT 1 FROM learning_evidence")) == 200


async def test_a_poster_s_code_is_asked_of_the_platform_and_shown_to_who_does_not_follow(gate):
    from types import SimpleNamespace

    asked = []

    class Platform:
        async def create_qrcode(self, scene, life_s):
            asked.append((scene, life_s))
            return SimpleNamespace(url="https://weixin.qq.com/q/x", expires_in_s=life_s)

    async def connect():
        return Platform()

    session = await gate.session()
    page = f"/h/sessions/{session.code}/follow"
    assert (await gate.house.get(page)).status == 404
    gate.rt.connect = connect
    await doors.make_poster(gate.rt, LIN, session)
    gate.rt.connect = None
    assert asked == [(f"session:{session.code}", 30 * 86_400)]
    answer = await gate.house.get(page)
    assert answer.body.startswith(b"\x89PNG")
    gate.at("2026-11-26 17:05")
    _, phone = gate.stranger()
    await phone.logs_in(gate.address(session))
    assert page in (await phone.get(gate.address(session))).text
    gate.house.wait(days=31)
    assert await doors.forget_old(gate.rt) == 1
