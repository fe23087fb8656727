"""P7, the wall: sent, looked at, published, taken back; nothing is left behind."""

import pytest

from bot.errors import InvalidInput, NotAllowed
from bot.week import jobs, moderating, wall
from tests.support.fair import CHEN, HUANG, Fair
from tests.support.samples import picture

TWO = (picture("JPEG", (800, 600)), picture("PNG", (640, 640)))


async def test_a_story_waits_is_published_and_taken_back(each_fair: Fair):
    fair = each_fair
    await fair.plan()
    parent, phone = await fair.phone()
    sent = await fair.send(phone, *TWO, area="gz/tianhe")
    assert sent.headers["Location"] == "/h/week/story?done=sent"
    assert "待审核" in (await phone.get("/h/week/story?done=sent")).text
    assert len(fair.files) == 2
    post = await fair.post()
    assert (post["state"], post["area"], post["doubts"]) == ("waiting", "gz/tianhe", "photo")
    page = f"/h/week/wall/{post['code']}"
    assert (await fair.house.get(page)).status == 404
    photo = f"/h/week/photos/{fair.files[0].removesuffix('.jpg')}"
    own = photo.replace("photos", "own")
    assert (await fair.house.get(photo)).status == 404
    assert (await phone.get(own)).status == 200

    await fair.publish(CHEN, HUANG)
    shown = await fair.house.get(page)
    assert "外婆的缝纫机" in shown.text
    assert "阿珍妈妈" in shown.text
    assert parent.openid not in shown.text
    seen = await fair.house.get(photo)
    assert (seen.status, seen.headers["Content-Type"]) == (200, "image/jpeg")
    assert "外婆的缝纫机" in (await fair.house.get("/h/week/wall")).text
    assert "已发布" in (await phone.get("/h/week/story")).text

    gone = await phone.post(f"/h/week/story/{post['code']}/withdraw", page="/h/week/story")
    assert gone.headers["Location"].endswith("done=withdrawn")
    assert (fair.files, await fair.rows("SELECT 1 FROM week_photo")) == ([], [])
    for path in (page, photo):
        assert (await fair.house.get(path)).status == 404
    assert (await phone.get(own)).status == 404
    assert "外婆" not in (await fair.house.get("/h/week/wall")).text


async def test_a_story_is_taken_back_in_the_chat(each_fair):
    fair = each_fair
    await fair.plan()
    parent, phone = await fair.phone()
    await fair.send(phone, *TWO)
    await fair.publish(CHEN, HUANG)
    fair.house.wait(seconds=1)
    told = await parent.says("传家宝投稿")
    assert "1 「外婆的缝纫机」（已发布）" in told
    assert "https://bot.example.cn/h/week/story/new" in told
    assert "已撤回" in await parent.says("1")
    assert await fair.rows("SELECT 1 FROM wall_post") == []
    assert await wall.forget_files(fair.rt) == 2
    assert fair.files == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, "请写标题"),
        ({"story": "字" * 501}, "最多 500 个字"),
        ({"story": "找我 13812345678"}, "像有电话号码"),
        ({"story": "４４０１０６１９９００１０１１２３４"}, "像有身份证号"),
        ({"name": ""}, "想怎么称呼"),
        ({"area": "gz/nowhere"}, "重新选一下区"),
        ({"agree": "2020-01-01"}, "勾选同意"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(fair, fields, said):
    await fair.plan()
    _, phone = await fair.phone()
    answer = await fair.send(phone, *TWO, **fields)
    assert (answer.status, said in answer.text) == (422, True)
    assert "外婆的缝纫机" in answer.text or "title" in fields
    assert fair.files == []
    assert await fair.rows("SELECT 1 FROM wall_post") == []


@pytest.mark.parametrize(
    ("pictures", "said"),
    [((b"<html>",), "不是能打开的照片"), (tuple([picture()] * 10), "最多 9 张")],
)
async def test_a_file_that_is_no_photo_is_refused_with_the_story(fair, pictures, said):
    await fair.plan()
    _, phone = await fair.phone()
    answer = await fair.send(phone, *pictures)
    assert (answer.status, said in answer.text) == (422, True)
    assert fair.files == []


async def test_a_form_that_is_too_large_is_refused(fair):
    await fair.plan()
    _, phone = await fair.phone()
    answer = await fair.send(phone, b"\xff" * (41 * 1024 * 1024))
    assert answer.status == 413
    assert fair.files == []


async def test_a_form_without_the_sessions_token_is_refused(fair):
    await fair.plan()
    _, phone = await fair.phone()
    assert (await fair.send(phone, token="0" * 64)).status == 403
    assert await fair.rows("SELECT 1 FROM wall_post") == []


async def test_nothing_is_taken_before_a_plan_is_frozen(fair):
    await fair.plan(freeze=False)
    _, phone = await fair.phone()
    page = await phone.get("/h/week/story/new")
    assert "还没有开始" in page.text
    token = (await phone.get("/h/mine")).text.split('name="token" value="')[1][:64]
    answer = await fair.send(phone, token=token)
    assert (answer.status, await fair.rows("SELECT 1 FROM wall_post")) == (422, [])


async def test_three_may_wait(fair):
    await fair.plan()
    _, phone = await fair.phone()
    for n in range(3):
        assert (await fair.send(phone, title=f"第{n}篇")).status == 303
    answer = await fair.send(phone, picture(), title="第四篇")
    assert (answer.status, "等审核" in answer.text) == (422, True)
    assert fair.files == []


async def test_nobody_takes_back_or_sees_what_is_not_theirs(fair):
    await fair.plan()
    _, phone = await fair.phone()
    _, other = await fair.phone("other")
    await fair.send(phone, *TWO)
    code = (await fair.post())["code"]
    refused = await other.post(f"/h/week/story/{code}/withdraw", page="/h/week/story/new")
    assert refused.status == 404
    assert len(fair.files) == 2
    assert (await other.get(f"/h/week/own/{fair.files[0].removesuffix('.jpg')}")).status == 404
    assert "外婆" not in (await other.get("/h/week/story")).text


async def test_a_doubtful_story_needs_two_and_a_plain_one_needs_one(fair):
    await fair.plan()
    _, phone = await fair.phone()
    await fair.send(phone)
    await fair.send(phone, title="第二篇", story="我女儿叫陈小红")
    await fair.publish(CHEN)
    assert (await fair.post())["state"] == "published"
    await fair.publish(CHEN, title="第二篇")
    second = await fair.post("第二篇")
    assert (second["state"], second["doubts"]) == ("seen", "child_name")
    with pytest.raises(NotAllowed):
        await fair.publish(CHEN, title="第二篇")
    await fair.publish(HUANG, title="第二篇")
    assert (await fair.post("第二篇"))["state"] == "published"
    with pytest.raises(InvalidInput, match="decided"):
        await fair.publish(HUANG, title="第二篇")


async def test_a_refused_story_tells_why_and_goes_after_a_month(fair):
    await fair.plan()
    _, phone = await fair.phone()
    await fair.send(phone, *TWO)
    number = (await fair.post())["id"]
    async with fair.rt.db.write() as tx:
        await moderating.reject(fair.rt, tx, CHEN, number, "照片里有别的孩子")
    assert "没有通过的原因：照片里有别的孩子" in (await phone.get("/h/week/story")).text
    assert await jobs.forget_refused(fair.rt) == 0
    fair.at("2027-06-15 10:00")
    assert await jobs.forget_refused(fair.rt) == 1
    assert await wall.forget_files(fair.rt) == 2
    assert fair.files == []


async def test_everything_goes_with_the_parent(each_fair):
    fair = each_fair
    await fair.plan()
    talk = await fair.talk()
    parent, phone = await fair.phone()
    await fair.send(phone, *TWO)
    await fair.publish(CHEN, HUANG)
    await phone.post(f"/h/week/talks/{talk}/book", page=f"/h/week/talks/{talk}")
    data = await fair.house.get(await fair.house.link(parent))
    assert "外婆的缝纫机" in data.text
    assert "怎么说孩子才听" in data.text
    await parent.leaves()
    for table in ("wall_post", "live_booking"):
        assert await fair.rows(f"SELECT 1 FROM {table}") == [], table
    assert (await fair.house.get("/h/week/wall")).text.count("外婆") == 0
    assert await wall.forget_files(fair.rt) == 2
    assert fair.files == []


async def test_files_whose_form_broke_off_are_swept(fair, monkeypatch):
    import os

    from bot.week import photos

    (made,) = await photos.drawn(fair.rt, [picture()])
    name = photos.keep(fair.rt, made)
    path = fair.rt.settings.data / "wall" / f"{name}.jpg"
    now = fair.rt.clock.now().timestamp()
    os.utime(path, (now, now))
    assert await jobs.sweep(fair.rt) == 0
    os.utime(path, (now - 4000, now - 4000))
    assert await jobs.sweep(fair.rt) == 1
    assert fair.files == []
