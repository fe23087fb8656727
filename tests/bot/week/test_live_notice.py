"""Who booked a talk may accept the platform's notice on its page; the reminder then uses it."""

import json

import pytest

from bot.h5.sdk import SCRIPT
from bot.sandbox import subscriptions
from bot.settings import Settings
from bot.week import reminding, talks
from tests.support.fair import CHEN, Fair
from tests.support.waiting import until

NOTICE = "SANDBOX_NOTICE_week_activity_00000000000001"


@pytest.fixture
async def noticed(settings):
    given = settings.model_copy(update={"live_notice": NOTICE})
    async with Fair.open(given) as opened:
        yield opened


async def book(phone, talk):
    path = f"/h/week/talks/{talk}"
    await phone.post(f"{path}/book", page=path)
    return await phone.get(path)


async def test_the_acceptance_of_the_page_counts_and_the_reminder_bears_the_notice(noticed):
    fair = noticed
    talk = await fair.talk()
    parent, phone = await fair.phone()
    before = await phone.get(f"/h/week/talks/{talk}")
    assert "data-subscribe" not in before.text, "nothing to be reminded of yet"
    page = await book(phone, talk)
    assert f'data-subscribe="{NOTICE}" data-label="订阅直播提醒"' in page.text
    assert SCRIPT in page.text
    assert "/subscribe.js" in page.text
    assert "https://res.wx.qq.com" in page.headers["Content-Security-Policy"]
    platform = fair.house.city.platform
    mother = next(p for p in platform.phones.values() if p.openid == parent.openid)
    await subscriptions.answer(platform, mother, {NOTICE: True}, scene=2)
    counted = 'SELECT "left" FROM notice_acceptance WHERE template_id = :t AND openid = :o'

    async def one():
        rows = await fair.rows(counted, t=NOTICE, o=parent.openid)
        return [row["left"] for row in rows] == [1]

    await until(one)
    fair.at("2027-05-12 18:51")
    assert await reminding.remind(fair.rt) == 1
    (order,) = await fair.rows("SELECT content FROM broadcast")
    said = json.loads(order["content"])[0]["notice"]
    assert said["template_id"] == NOTICE
    assert said["data"] == {
        "thing1": "怎么说孩子才听", "time2": "2027年5月12日 19:30",
        "thing3": "您预约的直播快开始了",
    }  # fmt: skip
    assert said["url"].endswith(f"/h/week/talks/{talk}")


async def test_the_button_needs_a_template_a_follower_and_a_talk_to_come(noticed):
    fair = noticed
    talk = await fair.talk()
    _, stranger = await fair.phone("grandma", known=False)
    assert "data-subscribe" not in (await book(stranger, talk)).text
    _, phone = await fair.phone()
    assert "data-subscribe" in (await book(phone, talk)).text
    async with fair.rt.db.write() as tx:
        row = await talks.one(tx, CHEN, talk)
        await talks.cancel(fair.rt, tx, CHEN, row, 1)
        await reminding.tell_cancelled(fair.rt, tx, row)
    assert "data-subscribe" not in (await phone.get(f"/h/week/talks/{talk}")).text
    (order,) = await fair.rows("SELECT content FROM broadcast")
    assert json.loads(order["content"])[0]["notice"]["data"]["thing3"] == "这场直播取消了，抱歉"


async def test_without_a_template_there_is_neither_button_nor_script(fair):
    talk = await fair.talk()
    _, phone = await fair.phone()
    page = await book(phone, talk)
    assert "data-subscribe" not in page.text
    assert SCRIPT not in page.text
    fair.at("2027-05-12 18:51")
    await reminding.remind(fair.rt)
    (order,) = await fair.rows("SELECT content FROM broadcast")
    assert "notice" not in json.loads(order["content"])[0]


@pytest.mark.parametrize("fields", ["thing1=price", "thing1", "thing1=title;time2=when", ""])
def test_fields_that_hold_nothing_known_are_refused_at_the_start(fields):
    with pytest.raises(ValueError, match="thing1=title"):
        Settings(live_notice_fields=fields)
