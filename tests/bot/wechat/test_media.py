import pytest

from bot.errors import InvalidInput
from bot.wechat import errors

JPEG, PNG = b"\xff\xd8\xff\xe0rest", b"\x89PNG\r\n\x1a\nrest"
MP4 = b"\x00\x00\x00\x18ftypisom"
IMAGE, TEMPORARY = "/cgi-bin/media/uploadimg", "/cgi-bin/media/upload"
LASTING = "/cgi-bin/material/add_material"


async def test_a_picture_for_articles_gets_an_address_and_an_ascii_name(gateway, platform):
    platform.script(IMAGE, {"url": "http://mmbiz.qpic.cn/x/0"})
    assert await gateway.upload_image(PNG, "课程 cover-1.jpeg") == "http://mmbiz.qpic.cn/x/0"
    (request,) = platform.made(IMAGE)
    assert b'name="media"; filename="cover-1.png"' in request["body"]
    assert b"Content-Type: image/png" in request["body"]
    assert PNG in request["body"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"GIF89a", "format"), (b"", "format"), (JPEG + b"x" * 1_048_576, "size")],
)
async def test_a_picture_that_articles_do_not_take(gateway, platform, content, fault):
    with pytest.raises(InvalidInput, match=rf"media\.{fault}"):
        await gateway.upload_image(content, "a.png")
    assert platform.requests == []


@pytest.mark.parametrize(
    ("kind", "content", "field"),
    [
        ("image", PNG, "media_id"),
        ("voice", b"#!AMR\nx", "media_id"),
        ("video", MP4, "media_id"),
        ("thumb", JPEG, "thumb_media_id"),
    ],
)
async def test_a_file_for_three_days(gateway, platform, kind, content, field):
    platform.script(TEMPORARY, {"type": kind, field: "M1", "created_at": 1})
    assert await gateway.upload_temporary(kind, content, "名字") == "M1"
    (request,) = platform.made(TEMPORARY)
    assert request["query"]["type"] == kind
    assert b'filename="file.' in request["body"]


@pytest.mark.parametrize(
    ("kind", "content", "fault"),
    [
        ("image", MP4, "format"),
        ("thumb", PNG, "format"),
        ("voice", JPEG, "format"),
        ("thumb", JPEG + b"x" * 65_536, "size"),
        ("image", PNG + b"x" * 2_097_152, "size"),
    ],
)
async def test_a_file_of_another_kind_or_size(gateway, platform, kind, content, fault):
    for keep in (gateway.upload_temporary, gateway.add_material):
        with pytest.raises(InvalidInput, match=rf"media\.{fault}"):
            await keep(kind, content, "a")
    assert platform.requests == []


async def test_a_file_for_ever_and_the_words_of_a_video(gateway, platform):
    platform.script(
        LASTING, {"media_id": "M1", "url": "http://mmbiz.qpic.cn/1"}, {"media_id": "M2"}
    )
    assert await gateway.add_material("image", JPEG, "a.jpg") == ("M1", "http://mmbiz.qpic.cn/1")
    assert await gateway.add_material("video", MP4, "a.mp4", "第一课", "开头") == ("M2", "")
    image, video = platform.made(LASTING)
    assert b'name="description"' not in image["body"]
    assert '{"title": "第一课", "introduction": "开头"}'.encode() in video["body"]


async def test_an_upload_is_made_once(gateway, platform):
    platform.script(LASTING, "drop")
    with pytest.raises(errors.Unknown):
        await gateway.add_material("image", JPEG, "a.jpg")
    assert len(platform.made(LASTING)) == 1
    platform.script(IMAGE, {"errcode": 0})
    with pytest.raises(errors.Unknown):
        await gateway.upload_image(PNG, "a")
