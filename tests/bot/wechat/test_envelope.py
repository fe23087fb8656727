import pytest

from bot.wechat import envelope
from bot.wechat.refusals import Malformed


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"<xml/>", "xml"),
        (b'  \n{"a": 1}', "json"),
        (b'\xef\xbb\xbf{"a": 1}', "json"),
        (b"\xef\xbb\xbf<xml/>", "xml"),
        (b"", "xml"),
        (b"[1]", "xml"),
    ],
)
def test_the_first_character_tells_the_form(body, form):
    assert envelope.form(body) == form


def test_both_forms_give_the_same_fields():
    as_xml = envelope.parse(b"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><N>7</N></xml>")
    as_json = envelope.parse(b'{"ToUserName": "gh_1", "N": 7}')
    assert as_xml == ("xml", {"ToUserName": "gh_1", "N": "7"})
    assert as_json == ("json", {"ToUserName": "gh_1", "N": "7"})


@pytest.mark.parametrize("body", [b"", b"{", b"<", b"[]", b"a=1&b=2", b"\x00" * 100])
def test_anything_else_is_malformed(body):
    with pytest.raises(Malformed):
        envelope.parse(body)
