"""Drafts, publishing, permanent files, pictures for articles."""

import asyncio
import io

import aiohttp
import pytest
from yarl import URL

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


async def upload(sandbox, path, content=PNG, name="a.png", form=None, **query):
    data = aiohttp.FormData()
    data.add_field("media", io.BytesIO(content), filename=name, content_type="image/png")
    for key, value in (form or {}).items():
        data.add_field(key, value)
    params = {"access_token": await sandbox.token(), **query}
    async with sandbox.client.post("/cgi-bin/" + path, params=params, data=data) as answer:
        return await answer.json(content_type=None)


@pytest.fixture
async def cover(sandbox):
    return (await upload(sandbox, "material/add_material", type="image"))["media_id"]


def article(cover, **more):
    return {"title": "作业拖拉怎么办", "content": "<p>慢慢来</p>", "thumb_media_id": cover, **more}


async def add(sandbox, cover, **more):
    return await sandbox.wx("/cgi-bin/draft/add", {"articles": [article(cover, **more)]})


async def code(sandbox, path, body):
    return (await sandbox.wx("/cgi-bin/" + path, body)).get("errcode", 0)


async def publish(sandbox, draft):
    await sandbox.api("/settings", {"publish_delay_s": 0})
    done = await sandbox.wx("/cgi-bin/freepublish/submit", draft)
    await sandbox.platform.settle()
    info = {"publish_id": done["publish_id"]}
    return await sandbox.wx("/cgi-bin/freepublish/get", info)


async def test_a_draft_is_kept_changed_listed_and_removed(sandbox, cover):
    draft = {"media_id": (await add(sandbox, cover))["media_id"]}
    change = {**draft, "index": 0, "articles": article(cover, title="新标题")}
    assert await code(sandbox, "draft/update", change) == 0
    assert await code(sandbox, "draft/update", change | {"index": 1}) == 40114
    item = (await sandbox.wx("/cgi-bin/draft/get", draft))["news_item"][0]
    assert (item["title"], item["digest"]) == ("新标题", "慢慢来")
    assert (await sandbox.wx("/cgi-bin/draft/count"))["total_count"] == 1
    listed = await sandbox.wx("/cgi-bin/draft/batchget", {"offset": 0, "count": 1, "no_content": 1})
    assert listed["item"][0]["content"]["news_item"][0]["content"] == ""
    assert await code(sandbox, "draft/batchget", {"offset": 0, "count": 21}) == 40097
    assert await code(sandbox, "draft/delete", draft) == 0
    assert await code(sandbox, "draft/get", draft) == 40007


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": ""}, 45003),
        ({"title": "长" * 33}, 45003),
        ({"author": "长" * 17}, 45110),
        ({"digest": "长" * 129}, 45004),
        ({"content": ""}, 44004),
        ({"content": "长" * 20_000}, 45002),
        ({"content": "长" * 19_999}, 0),
        ({"content_source_url": "https://example.com/" + "a" * 1024}, 45005),
        ({"thumb_media_id": "gone"}, 40007),
        ({"article_type": "song"}, 40097),
    ],
)
async def test_an_article_has_its_limits(sandbox, cover, change, expected):
    assert (await add(sandbox, cover, **change)).get("errcode", 0) == expected


async def test_one_to_eight_articles(sandbox, cover):
    for count, expected in ((0, 44003), (8, 0), (9, 45008)):
        body = {"articles": [article(cover)] * count}
        assert await code(sandbox, "draft/add", body) == expected


async def test_a_temporary_picture_is_no_cover(sandbox):
    thumb = await upload(sandbox, "media/upload", type="thumb")
    assert (await add(sandbox, thumb["thumb_media_id"]))["errcode"] == 40007


async def test_scripts_and_foreign_pictures_are_cleaned_out(sandbox, cover):
    own = (await upload(sandbox, "media/uploadimg"))["url"]
    content = (
        f'<p onclick="x()">好<img src="{own}"><img src="https://example.com/a.png">'
        '<img data-src="http://mmbiz.qpic.cn/a/0"><script>alert(1)</script></p>'
    )
    draft = {"media_id": (await add(sandbox, cover, content=content))["media_id"]}
    kept = (await sandbox.wx("/cgi-bin/draft/get", draft))["news_item"][0]["content"]
    assert kept == f'<p>好<img src="{own}"><img data-src="http://mmbiz.qpic.cn/a/0"></p>'
    await sandbox.api("/settings", {"foreign_images": "refuse"})
    assert (await add(sandbox, cover, content=content))["errcode"] == 45166


async def test_a_picture_for_articles_has_an_address_that_serves_it(sandbox):
    url = (await upload(sandbox, "media/uploadimg"))["url"]
    async with sandbox.client.get(URL(url).path) as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", PNG)
    assert (await upload(sandbox, "media/uploadimg", b"GIF89a"))["errcode"] == 40005
    assert (await upload(sandbox, "media/uploadimg", PNG + b"0" * 2**20))["errcode"] == 45001
    assert (await sandbox.client.get("/mmbiz/none")).status == 404


async def test_a_publication_gives_addresses_and_takes_the_draft(sandbox, webhook, cover):
    draft = {"media_id": (await add(sandbox, cover))["media_id"]}
    info = await publish(sandbox, draft)
    pushed = webhook.pushes[-1]["PublishEventInfo"]
    assert (info["publish_status"], pushed["publish_status"]) == (0, "0")
    assert pushed["article_id"] == info["article_id"]
    url = info["article_detail"]["item"][0]["article_url"]
    assert pushed["article_detail"]["item"][0]["article_url"] == url
    async with sandbox.client.get(URL(url).path) as answer:
        assert "慢慢来" in await answer.text()
    assert await code(sandbox, "draft/get", draft) == 40007
    one = {"article_id": info["article_id"]}
    shown = (await sandbox.wx("/cgi-bin/freepublish/getarticle", one))["news_item"][0]
    assert (shown["is_deleted"], shown["url"]) == (False, url)
    listed = await sandbox.wx("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 20})
    assert (listed["total_count"], listed["item"][0]["article_id"]) == (1, info["article_id"])


async def test_a_deleted_article_is_gone_for_good(sandbox, cover):
    draft = {"media_id": (await add(sandbox, cover))["media_id"]}
    info = await publish(sandbox, draft)
    one = {"article_id": info["article_id"]}
    assert await code(sandbox, "freepublish/delete", {**one, "index": 2}) == 40114
    assert await code(sandbox, "freepublish/delete", one) == 0
    shown = (await sandbox.wx("/cgi-bin/freepublish/getarticle", one))["news_item"][0]
    assert shown["is_deleted"] is True
    path = "/s/" + shown["url"].rpartition("/")[2]
    assert (await sandbox.client.get(path)).status == 404
    again = {"publish_id": info["publish_id"]}
    assert (await sandbox.wx("/cgi-bin/freepublish/get", again))["publish_status"] == 5


async def test_a_publication_that_fails_keeps_the_draft(sandbox, webhook, cover):
    draft = {"media_id": (await add(sandbox, cover))["media_id"]}
    await sandbox.api("/settings", {"publish_status": 2, "publish_event": False})
    before = len(webhook.pushes)
    info = await publish(sandbox, draft)
    assert (info["publish_status"], info["fail_idx"]) == (2, [1])
    assert "article_id" not in info
    assert len(webhook.pushes) == before
    assert await code(sandbox, "draft/get", draft) == 0


async def test_publishing_has_its_codes(sandbox, cover):
    draft = {"media_id": (await add(sandbox, cover))["media_id"]}
    submit = "freepublish/submit"
    assert await code(sandbox, submit, {"media_id": "none"}) == 40007
    assert await code(sandbox, submit, draft) == 0
    assert await code(sandbox, submit, draft) == 53501
    await sandbox.platform.settle()
    assert await code(sandbox, "freepublish/get", {"publish_id": "1"}) == 53502
    assert await code(sandbox, "freepublish/getarticle", {"article_id": ""}) == 53600
    bare = {
        "media_id": (await add(sandbox, cover, content='<img src="https://a.cn/b">'))["media_id"]
    }
    assert await code(sandbox, submit, bare) == 53503
    await sandbox.api("/settings", {"publish_banned": True})
    assert await code(sandbox, submit, bare) == 53500


async def test_a_mass_send_of_a_draft_takes_it(sandbox, webhook, cover):
    phone = await sandbox.phone()
    media_id = (await add(sandbox, cover))["media_id"]
    body = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    sendall = "/cgi-bin/message/mass/sendall"
    job = await sandbox.wx(sendall, {**body, "send_ignore_reprint": 0})
    await sandbox.platform.settle()
    assert job["msg_data_id"]
    assert (await sandbox.log(phone))[-1]["bubble"]["title"] == "作业拖拉怎么办"
    link = webhook.pushes[-1]["ArticleUrlResult"]["ResultList"]["item"][0]["ArticleUrl"]
    assert (await sandbox.client.get("/s/" + link.rpartition("/")[2])).status == 200
    assert await code(sandbox, "draft/get", {"media_id": media_id}) == 40007
    assert (await sandbox.wx(sendall, {**body, "clientmsgid": "again"}))["errcode"] == 40007
    delete = {"msg_id": job["msg_id"], "article_idx": 1}
    assert await code(sandbox, "message/mass/delete", delete | {"article_idx": 2}) == 40114
    assert await code(sandbox, "message/mass/delete", delete) == 0
    assert (await sandbox.client.get("/s/" + link.rpartition("/")[2])).status == 404
    status = await sandbox.wx("/cgi-bin/message/mass/get", delete)
    assert status["msg_status"] == "DELETE"


async def test_a_failed_mass_send_leaves_the_draft(sandbox, cover):
    await sandbox.api("/followers", {"count": 2})
    media_id = (await add(sandbox, cover))["media_id"]
    await sandbox.api("/faults", {"mass_status": "err(30002)"})
    body = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    await sandbox.wx("/cgi-bin/message/mass/sendall", body)
    await sandbox.platform.settle()
    assert await code(sandbox, "draft/get", {"media_id": media_id}) == 0


async def test_a_draft_deleted_while_it_is_sent_still_reaches_everybody(sandbox, webhook, cover):
    await sandbox.api("/followers", {"count": 20})
    await sandbox.api("/settings", {"mass_speed_scale": 0.005})
    media_id = (await add(sandbox, cover))["media_id"]
    body = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    await sandbox.wx("/cgi-bin/message/mass/sendall", body)
    await asyncio.sleep(0.05)
    assert await code(sandbox, "draft/delete", {"media_id": media_id}) == 0
    await sandbox.api("/settings", {"mass_speed_scale": 0})
    await sandbox.platform.settle()
    assert (webhook.pushes[-1]["Status"], webhook.pushes[-1]["SentCount"]) == ("send success", "20")


async def test_permanent_files_stay_and_are_listed(sandbox, cover):
    words = {"description": '{"title": "第一课", "introduction": "开始"}'}
    video = await upload(sandbox, "material/add_material", form=words, type="video")
    await sandbox.api("/clock", {"move_s": 30 * 86400})
    got = await sandbox.wx("/cgi-bin/material/get_material", video)
    assert (got["title"], got["description"]) == ("第一课", "开始")
    counts = await sandbox.wx("/cgi-bin/material/get_materialcount")
    assert (counts["image_count"], counts["video_count"]) == (1, 1)
    page = {"type": "image", "offset": 0, "count": 20}
    listed = await sandbox.wx("/cgi-bin/material/batchget_material", page)
    assert (listed["total_count"], listed["item"][0]["media_id"]) == (1, cover)
    body = {"media_id": cover}
    query = {"access_token": await sandbox.token()}
    path = "/cgi-bin/material/get_material"
    async with sandbox.client.post(path, params=query, json=body) as answer:
        assert await answer.read() == PNG
    assert await code(sandbox, "material/del_material", body) == 0
    assert await code(sandbox, "material/get_material", body) == 40007


async def test_permanent_files_have_their_rules(sandbox):
    add_it = "material/add_material"
    assert (await upload(sandbox, add_it, type="song"))["errcode"] == 40004
    assert (await upload(sandbox, add_it, b"", type="image"))["errcode"] == 41005
    assert (await upload(sandbox, add_it, type="video"))["errcode"] == 47001
    await sandbox.api("/settings", {"materials_max": {"image": 0}})
    assert (await upload(sandbox, add_it, type="image"))["errcode"] == 45001
    assert await code(sandbox, "material/batchget_material", {"type": "song"}) == 40004


async def test_a_permanent_picture_can_be_sent_and_a_temporary_one_for_three_days(sandbox, cover):
    phone = await sandbox.phone()
    kept = (await upload(sandbox, "media/upload", type="image"))["media_id"]

    async def send(media_id):
        await sandbox.act(phone, "text", content="图")
        body = {"touser": phone["openid"], "msgtype": "image", "image": {"media_id": media_id}}
        return await code(sandbox, "message/custom/send", body)

    assert [await send(kept), await send(cover)] == [0, 0]
    await sandbox.api("/clock", {"move_s": 3 * 86400 - 1})
    assert await send(kept) == 0
    await sandbox.api("/clock", {"move_s": 1})
    assert [await send(kept), await send(cover)] == [40007, 0]
    token = await sandbox.token()
    got = await sandbox.raw("GET", "/cgi-bin/media/get", access_token=token, media_id=kept)
    assert got["errcode"] == 40007
