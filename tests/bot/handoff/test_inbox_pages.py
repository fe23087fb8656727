"""The inbox: who sees which ticket, taking and giving it, and hostile words that stay words."""

import pytest

from tests.support.counter import PART, reads, reply
from tests.support.desk import FATHER, MOTHER

TIANHE, YUEXIU = "gz/tianhe", "gz/yuexiu"
VECTORS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'\"><b onmouseover=alert(1)>x</b>",
    "javascript:alert(1)",
    '<a href="javascript:alert(1)">x</a>',
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext></p><style><img src onerror=alert(1)>",
    '<div hx-get="/console/logout" hx-trigger="load">x</div>',
    '<!--<img src="--><img src=x onerror=alert(1)//">',
)
MARKS = ("<script>alert", "<img src=x", "<svg onload", "<b onmouseover", "<iframe", "<math",
         "<div hx-get", '<a href="javascript', "49")  # fmt: skip


async def test_each_sees_the_tickets_of_their_place_alone(counter):
    here = await counter.ticket(area=TIANHE)
    there = await counter.ticket(who=FATHER, area=YUEXIU)
    codes = {n: (await counter.row(n))["code"] for n in (here, there)}
    agent = await counter.agent("tianhe", ("agent", TIANHE, ""))
    city = await counter.agent("city", ("agent", "gz", ""))
    page = (await agent.get("/inbox")).text
    assert (codes[here] in page, codes[there] in page) == (True, False)
    everything = (await city.get("/inbox")).text
    assert [code for code in codes.values() if code not in everything] == []
    assert (await agent.get(f"/inbox/{here}")).status == 200
    assert (await agent.get(f"/inbox/{there}")).status == 404


async def test_counts_badge_card_search_and_stream_keep_to_the_place(counter):
    await counter.ticket(area=TIANHE)
    there = await counter.ticket(who=FATHER, area=YUEXIU)
    code = (await counter.row(there))["code"]
    agent = await counter.agent("tianhe", ("agent", TIANHE, ""))
    assert (await agent.get("/inbox/events")).text == '{"waiting": 1}'
    start = (await agent.get("/")).text
    assert '<span class="tile-value">1</span>' in start
    assert '<span class="side-badge">1' in start
    assert f"/inbox/{there}" not in (await agent.get("/search", q=code)).text
    own = await counter.agent("yuexiu", ("agent", YUEXIU, ""))
    assert f"/inbox/{there}" in (await own.get("/search", q=code.lower())).text


async def test_nothing_can_be_done_to_a_ticket_elsewhere(counter):
    there = await counter.ticket(area=YUEXIU)
    before = dict(await counter.row(there))
    agent = await counter.agent("tianhe", ("agent", TIANHE, ""))
    forms = {
        "claim": {}, "release": {}, "close": {}, "hand": {"to": agent.id},
        "route": {"area": TIANHE}, "reply": {"text": "您好", "form": "a" * 24},
        "access": {"reason": "想看看家长说了什么"}, "suggest": {"question": "a", "answer": "b"},
    }  # fmt: skip
    for verb, fields in forms.items():
        assert (await agent.post(f"/inbox/{there}/{verb}", **fields)).status == 404, verb
    assert dict(await counter.row(there)) == before
    assert await counter.rows("SELECT 1 FROM text_access") == []
    assert await counter.rows("SELECT 1 FROM suggestion") == []


async def test_a_topic_limits_as_well(one_counter):
    await one_counter.says("转人工")
    await one_counter.says("孩子写作业总是拖拉怎么办")
    number = await one_counter.ticket("人工")
    media = await one_counter.agent("media", ("agent", "", "media"))
    study = await one_counter.agent("study", ("agent", "", "study"))
    assert (await media.get(f"/inbox/{number}")).status == 404
    assert (await study.get(f"/inbox/{number}")).status == 200


async def test_who_may_only_see_figures_does_not_enter(one_counter):
    number = await one_counter.ticket()
    leader = await one_counter.office.staff("leader", ("leader", "", ""))
    for path in ("/inbox", f"/inbox/{number}", "/inbox/events", "/inbox/grants"):
        assert (await leader.get(path)).status == 403
    assert "收件箱" not in (await leader.get("/")).text


async def test_a_new_ticket_belongs_to_the_city_and_is_sent_to_a_district(counter):
    number = await counter.ticket()
    assert (await counter.row(number))["area"] == "gz"
    agent = await counter.agent("tianhe", ("agent", TIANHE, ""))
    assert (await agent.get(f"/inbox/{number}")).status == 404
    city = await counter.agent("city", ("agent", "gz", ""))
    answer = await city.post(f"/inbox/{number}/route", area=TIANHE, topic="study")
    assert answer.status == 303
    assert (await agent.get(f"/inbox/{number}")).status == 200
    assert (await city.post(f"/inbox/{number}/route", area="gz/nowhere")).status == 404


async def test_what_is_most_urgent_comes_first(one_counter):
    person = await one_counter.ticket()
    crisis = await one_counter.ticket("孩子说不想活了，刚才吃了一瓶药", who=FATHER)
    page = (await (await one_counter.agent()).get("/inbox")).text
    assert page.index(f"/inbox/{crisis}") < page.index(f"/inbox/{person}")


async def test_tabs_and_topics_narrow_the_list(one_counter):
    number, agent = await one_counter.talking()
    assert f"/inbox/{number}" in (await agent.get("/inbox", tab="mine")).text
    assert f"/inbox/{number}" not in (await agent.get("/inbox", tab="waiting")).text
    assert f"/inbox/{number}" not in (await agent.get("/inbox", topic="media")).text
    await agent.post(f"/inbox/{number}/close", note="好")
    assert f"/inbox/{number}" in (await agent.get("/inbox", tab="closed")).text
    assert f"/inbox/{number}" not in (await agent.get("/inbox")).text


@pytest.mark.parametrize("odd", ["\0", "%", "\ud83d\ude00", "a" * 12, "\0" * 12, "'"])
async def test_odd_words_in_the_address_find_nothing_and_break_nothing(counter, odd):
    agent = await counter.agent()
    assert (await agent.get("/inbox", topic=odd, tab=odd, page=odd)).status == 200
    assert (await agent.get("/search", q=odd)).status == 200


async def test_a_late_ticket_is_marked(one_counter):
    await one_counter.ticket("孩子说不想活了，刚才吃了一瓶药")
    one_counter.pass_time(minutes=11)
    page = (await (await one_counter.agent()).get("/inbox")).text
    assert "超过了答复时限" in page
    assert "超时" in page


async def test_a_claimed_ticket_is_nobody_else_s(counter):
    number, first = await counter.ticket(), await counter.agent()
    second = await counter.agent("second")
    assert (await first.post(f"/inbox/{number}/claim")).status == 303
    assert (await first.post(f"/inbox/{number}/claim")).status == 303
    for verb, fields in {"claim": {}, "release": {}, "close": {}}.items():
        assert (await second.post(f"/inbox/{number}/{verb}", **fields)).status == 422
    assert (await reply(second, number, "您好")).status == 422
    assert counter.chat() == []


async def test_a_released_ticket_waits_again_and_the_bot_answers(counter):
    number, agent = await counter.talking()
    await agent.post(f"/inbox/{number}/release")
    ticket = await counter.row(number)
    assert (ticket["state"], ticket["claimed_by"]) == ("waiting", None)
    assert "依据：" in await counter.says("孩子写作业总是拖拉怎么办")


async def test_a_ticket_is_handed_to_who_may_answer_it(counter):
    number, first = await counter.talking()
    second = await counter.agent("second")
    elsewhere = await counter.agent("elsewhere", ("agent", YUEXIU, ""))
    assert (await first.post(f"/inbox/{number}/hand", to=elsewhere.id)).status == 422
    assert (await first.post(f"/inbox/{number}/hand", to=second.id)).status == 303
    assert (await counter.row(number))["claimed_by"] == second.id
    lead = await counter.lead()
    assert (await lead.post(f"/inbox/{number}/hand", to=first.id)).status == 303


async def test_a_closed_ticket_takes_nothing_more(one_counter):
    number, agent = await one_counter.talking()
    await agent.post(f"/inbox/{number}/close")
    assert (await reply(agent, number, "还在吗", form="b" * 24)).status == 422
    assert (await agent.post(f"/inbox/{number}/close")).status == 422


async def test_a_suggestion_is_a_row_for_the_curators(counter):
    number, agent = await counter.talking()
    await agent.post(f"/inbox/{number}/suggest", question="孩子啃指甲怎么办", answer="先看原因")
    (row,) = await counter.rows("SELECT * FROM suggestion")
    assert (row["question"], row["answer"], row["state"], row["by"]) == (
        "孩子啃指甲怎么办", "先看原因", "new", agent.id,
    )  # fmt: skip


async def test_published_answers_are_found_to_be_taken_over(counter):
    _, agent = await counter.talking()
    found = (await agent.post("/inbox/canned", _headers=PART, q="作业拖拉")).text
    assert "data-insert" in found
    assert "作业" in found
    assert "没有找到" in (await agent.post("/inbox/canned", _headers=PART, q="")).text


@pytest.mark.parametrize("words", VECTORS)
async def test_hostile_words_stay_words_on_every_page(one_counter, words):
    counter = one_counter
    await counter.says(words)
    number, agent = await counter.talking()
    lead = await counter.lead()
    await counter.says(words)
    await reads(counter, agent, number, lead=lead)
    await reply(agent, number, words, form="b" * 24)
    await agent.post(f"/inbox/{number}/suggest", question=words[:90], answer="x" * 700)
    wrong = await agent.post(f"/inbox/{number}/reply", text=words, form="x")
    pages = [
        await agent.get(f"/inbox/{number}"), await agent.get("/inbox", topic=words, tab=words),
        await lead.get("/inbox/grants"), await agent.get("/search", q=words), wrong,
    ]  # fmt: skip
    for page in pages:
        assert [mark for mark in MARKS[:-1] if mark in page.text] == []
    assert "{{ 7*7 }}" in pages[0].text or "7*7" not in words
    assert MOTHER not in "".join(page.text for page in pages)
