"""The parent's own corner: messages and to-dos of every feature, consents as in the chat."""

from datetime import timedelta

import pytest

from bot import app
from bot.feature import Feature
from bot.h5.mine import SIZE, Message, Todo
from tests.support.handset import logged_in
from tests.support.letters import Letters

PATHS = ("/h/mine", "/h/mine/messages", "/h/mine/todos", "/h/mine/consents")


@pytest.fixture
def box(monkeypatch):
    """A feature that has messages and to-dos; ask for it before the house."""
    made = Letters()
    feature = Feature(name="letters", messages=made.mailbox, todos=made.todos)
    monkeypatch.setattr(app, "FEATURES", (*app.FEATURES, feature))
    return made


async def test_nothing_there_is_said_honestly(each_house):
    phone = await logged_in(each_house, await each_house.parent())
    for path, words in zip(
        PATHS, ("还没有登记", "还没有消息", "现在没有待办", "微课提醒"), strict=True
    ):
        answer = await phone.get(path)
        assert (answer.status, words in answer.text) == (200, True), path


async def test_messages_are_listed_newest_first_page_by_page(box, house):
    parent, other = await house.parent(), await house.parent(name="other")
    now = house.clock.now()
    box.put(
        parent.openid,
        *(Message(f"m{n}", now - timedelta(hours=n), f"第{n}条", "内容") for n in range(45)),
    )
    box.put(other.openid, Message("secret", now, "别人的", "别人的内容"))
    phone = await logged_in(house, parent)
    first = (await phone.get("/h/mine/messages")).text
    assert [f"第{n}条" in first for n in (0, SIZE - 1, SIZE)] == [True, True, False]
    assert first.index("第0条") < first.index("第1条<") < first.index("第19条")
    assert "别人的" not in first
    assert "下一页" in first
    assert "上一页" not in first
    last = (await phone.get("/h/mine/messages?page=3")).text
    assert ("第44条" in last, "下一页" in last, "上一页" in last) == (True, False, True)
    assert "后面没有了" in (await phone.get("/h/mine/messages?page=4")).text
    for odd in ("0", "-1", "x", "99999999999", "²", "1;"):
        assert (await phone.get(f"/h/mine/messages?page={odd}")).status == 200


async def test_a_message_is_opened_and_counts_as_read(box, house):
    parent, other = await house.parent(), await house.parent(name="other")
    words = "<script>alert(1)</script>\n第二行"
    box.put(parent.openid, Message("a-1", house.clock.now(), "开课了", words, "/h/privacy"))
    box.put(other.openid, Message("b-1", house.clock.now(), "别人的", "x"))
    phone = await logged_in(house, parent)
    assert "1 条没看" in (await phone.get("/h/mine")).text
    assert "没看过" in (await phone.get("/h/mine/messages")).text
    page = (await phone.get("/h/mine/messages/a-1")).text
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="/h/privacy">打开' in page
    assert "没看过" not in (await phone.get("/h/mine/messages")).text
    for foreign in ("b-1", "x", "..", "a%2F1", "a-1'--"):
        assert (await phone.get(f"/h/mine/messages/{foreign}")).status == 404, foreign
    assert box.kept[other.openid][0].is_read is False


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://x.cn", "//x.cn", "/console", "data:x"]
)
async def test_an_address_that_is_not_safe_cannot_be_tapped(box, house, url):
    parent = await house.parent()
    box.put(parent.openid, Message("a", house.clock.now(), "标题", "内容", url))
    box.open[parent.openid] = [Todo("做一件事", url=url)]
    phone = await logged_in(house, parent)
    for path in ("/h/mine/messages/a", "/h/mine/todos"):
        assert url not in (await phone.get(path)).text


async def test_what_has_a_day_comes_first_among_the_todos(box, house):
    parent, now = await house.parent(), house.clock.now()
    box.open[parent.openid] = [
        Todo("没有期限"), Todo("明天到期", due_at=now + timedelta(days=1)),
        Todo("今天到期", "写上名字", "/h/privacy", now),
    ]  # fmt: skip
    phone = await logged_in(house, parent)
    page = (await phone.get("/h/mine/todos")).text
    assert page.index("今天到期") < page.index("明天到期") < page.index("没有期限")
    assert "3 件" in (await phone.get("/h/mine")).text


async def test_a_page_that_was_asked_for_before_the_login_is_a_message_s(box, house):
    parent = await house.parent()
    box.put(parent.openid, Message("Ab_1-x", house.clock.now(), "开课了", "内容"))
    phone = await logged_in(house, parent, "/h/mine/messages/Ab_1-x")
    assert (await phone.get("/h/mine/messages/Ab_1-x")).status == 200


async def consents(house, parent):
    rows = await house.rows(
        "SELECT kind, is_given, version FROM consent WHERE openid = :o ORDER BY id", o=parent.openid
    )
    return [(r["kind"], bool(r["is_given"]), r["version"]) for r in rows]


@pytest.mark.parametrize(
    ("what", "words_off", "words_on"),
    [
        ("lessons", "不要微课提醒", "要微课提醒"),
        ("events", "不要活动通知", "要活动通知"),
        ("research", "不参与研究", None),
    ],
)
async def test_a_switch_does_what_the_words_do(each_house, what, words_off, words_on):
    house = each_house
    by_page, by_chat = await house.parent(), await house.parent(name="chat")
    phone = await logged_in(house, by_page)
    on = await phone.post("/h/mine/consents", page="/h/mine/consents", what=what, on="1")
    assert (on.status, on.headers["Location"]) == (303, "/h/mine/consents?done=1")
    assert 'aria-checked="true"' in (await phone.get("/h/mine/consents")).text
    await phone.post("/h/mine/consents", page="/h/mine/consents", what=what, on="0")
    await by_chat.says(words_off)
    assert (await consents(house, by_page))[-1] == (await consents(house, by_chat))[-1]
    if words_on:
        await by_chat.says(words_on)
        await phone.post("/h/mine/consents", page="/h/mine/consents", what=what, on="1")
        assert (await consents(house, by_page))[-1] == (await consents(house, by_chat))[-1]


async def test_a_wish_there_is_not_is_refused(house):
    phone = await logged_in(house, await house.parent())
    answer = await phone.post("/h/mine/consents", what="service", on="1")
    assert answer.status == 400


async def test_what_was_turned_off_altogether_is_said(house):
    parent = await house.parent("退订", "3")
    phone = await logged_in(house, parent)
    assert "您退订了所有提醒" in (await phone.get("/h/mine/consents")).text
    await phone.post("/h/mine/consents", page="/h/mine/consents", what="lessons", on="1")
    (row,) = await house.rows("SELECT reminders_off_at FROM follower")
    assert row["reminders_off_at"] is None


async def test_the_way_to_one_s_data_opens_it(each_house):
    house = each_house
    phone = await logged_in(house, await house.parent("孩子写作业总是拖拉怎么办"))
    answer = await phone.post("/h/mine/data")
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/h/data/")
    page = await phone.get(answer.headers["Location"])
    assert (page.status, "我的数据</h1>" in page.text) == (200, True)
    assert "网页登录" in page.text


async def test_the_children_are_named_by_grade(house):
    parent = await house.parent()
    now = house.clock.now()
    from sqlalchemy import insert

    from bot.people.families import children
    from tests.support import world

    row = {
        "account": world.ACCOUNT, "openid": parent.openid, "stage": "primary", "entry_year": 2024,
        "unit": "", "source": "told", "added_at": now,
    }  # fmt: skip
    async with house.city.db.write() as tx:
        await tx.execute(insert(children).values(row))
    page = (await (await logged_in(house, parent)).get("/h/mine")).text
    assert "年级" in page
    assert "我的孩子" in page
