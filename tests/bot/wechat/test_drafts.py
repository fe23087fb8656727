import json
from dataclasses import replace

import pytest

from bot.errors import InvalidInput
from bot.wechat import drafts, errors
from bot.wechat.drafts import DraftArticle, PublishState, PublishStatus

PICTURE = "https://mmbiz.qpic.cn/mmbiz_jpg/x/0?wx_fmt=jpeg"
ARTICLE = DraftArticle("作业拖拉怎么办", f'<p>先看原因<img data-src="{PICTURE}"></p>', "C1")


def sent(platform, path):
    return [json.loads(request["body"]) for request in platform.made(f"/cgi-bin/{path}")]


async def test_a_draft_is_kept(gateway, platform):
    platform.script("/cgi-bin/draft/add", {"media_id": "D1", "item": []})
    assert await gateway.add_draft([ARTICLE, replace(ARTICLE, has_comments=True)]) == "D1"
    first, second = sent(platform, "draft/add")[0]["articles"]
    assert first == {
        "title": "作业拖拉怎么办",
        "author": "",
        "digest": "",
        "content": ARTICLE.content,
        "content_source_url": "",
        "thumb_media_id": "C1",
        "need_open_comment": 0,
        "only_fans_can_comment": 0,
    }
    assert (second["need_open_comment"], second["only_fans_can_comment"]) == (1, 1)


async def test_a_draft_is_changed_and_deleted(gateway, platform):
    await gateway.update_draft("D1", ARTICLE, 1)
    await gateway.delete_draft("D1")
    (changed,) = sent(platform, "draft/update")
    assert (changed["media_id"], changed["index"]) == ("D1", 1)
    assert changed["articles"]["title"] == "作业拖拉怎么办"
    assert sent(platform, "draft/delete") == [{"media_id": "D1"}]


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("title", {"title": " "}),
        ("title", {"title": "题" * 65}),
        ("digest", {"digest": "摘" * 121}),
        ("cover", {"cover_media_id": ""}),
        ("content", {"content": "\n"}),
        ("content", {"content": "字" * 20_000}),
        ("images", {"content": '<img src="https://example.com/a.png">'}),
        ("images", {"content": "<img src=https://example.com/a.png>"}),
        ("images", {"content": "<IMG alt=\"x\" SRC = 'data:image/png;base64,AA=='>"}),
        ("images", {"content": '<img src="/local.png">'}),
        ("images", {"content": '<img src="https://mmbiz.qpic.cn.example.com/a.png">'}),
        ("images", {"content": '<p style="background:url(&quot;https://example.com/a&quot;)">'}),
    ],
)
async def test_a_field_outside_its_limit_is_named_before_the_call(gateway, platform, field, change):
    broken = replace(ARTICLE, **change)
    for keep in (gateway.add_draft([ARTICLE, broken]), gateway.update_draft("D1", broken)):
        with pytest.raises(InvalidInput, match=rf"^draft\.{field}$"):
            await keep
    assert platform.requests == []


def test_the_limits_themselves_are_allowed():
    styled = f'<p style="background:url(&quot;{PICTURE}&quot;)">curl(x) 1 &lt; 2</p>'
    drafts.check(replace(ARTICLE, content=styled))
    drafts.check(replace(ARTICLE, title="题" * 64, digest="摘" * 120, content="字" * 19_999))


def test_foreign_pictures_are_listed_in_their_order():
    content = (
        f'<img src="{PICTURE}"><img src="http://a.example/1.png?x=1&amp;y=2" data-src="{PICTURE}">'
        "<section style=\"background-image: url('//b.example/2.png')\"></section>"
    )
    assert drafts.foreign_images(content) == (
        "http://a.example/1.png?x=1&amp;y=2",
        "//b.example/2.png",
    )


@pytest.mark.parametrize("count", [0, 9])
async def test_a_draft_has_one_to_eight_articles(gateway, count):
    with pytest.raises(InvalidInput, match=r"draft\.articles"):
        await gateway.add_draft([ARTICLE] * count)


async def test_publishing_gives_an_id_to_ask_for(gateway, platform):
    platform.script("/cgi-bin/freepublish/submit", {"errcode": 0, "publish_id": 100000001})
    assert await gateway.publish("D1") == "100000001"
    assert sent(platform, "freepublish/submit") == [{"media_id": "D1"}]


async def test_publishing_is_never_ordered_twice(gateway, platform):
    for path, order in (
        ("/cgi-bin/freepublish/submit", lambda: gateway.publish("D1")),
        ("/cgi-bin/draft/add", lambda: gateway.add_draft([ARTICLE])),
        ("/cgi-bin/freepublish/delete", lambda: gateway.delete_published("A1")),
    ):
        platform.script(path, "drop")
        with pytest.raises(errors.Unknown):
            await order()
        assert len(platform.made(path)) == 1


async def test_what_became_of_a_publish_order(gateway, platform):
    done = {
        "publish_id": "P1",
        "publish_status": 0,
        "article_id": "A1",
        "article_detail": {"count": 1, "item": [{"idx": 1, "article_url": "https://mp/s/1"}]},
        "fail_idx": [],
    }
    platform.script("/cgi-bin/freepublish/get", {"publish_status": 1}, 502, done)
    assert await gateway.publish_status("P1") == PublishState(PublishStatus.RUNNING)
    assert await gateway.publish_status("P1") == PublishState(
        PublishStatus.PUBLISHED, "A1", ("https://mp/s/1",)
    )


@pytest.mark.parametrize("answer", [{}, {"publish_status": 9}, {"publish_status": "x"}])
async def test_a_status_that_nobody_knows_is_no_answer(gateway, platform, answer):
    platform.script("/cgi-bin/freepublish/get", answer)
    with pytest.raises(errors.Retry):
        await gateway.publish_status("P1")


async def test_a_published_article_is_taken_back(gateway, platform):
    await gateway.delete_published("A1", 1)
    assert sent(platform, "freepublish/delete") == [{"article_id": "A1", "index": 1}]
