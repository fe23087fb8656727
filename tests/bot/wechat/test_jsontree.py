import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat import jsontree
from bot.wechat.refusals import Malformed


def test_a_push_in_json_has_the_shape_of_the_one_in_xml():
    body = {
        "ToUserName": "gh_1",
        "CreateTime": 1714112445,
        "E": {"List": [{"TemplateId": "a", "PopupScene": 2}, {"TemplateId": "b"}]},
    }
    assert jsontree.parse(json.dumps(body).encode()) == {
        "ToUserName": "gh_1",
        "CreateTime": "1714112445",
        "E": {"List": [{"TemplateId": "a", "PopupScene": "2"}, {"TemplateId": "b"}]},
    }


def test_numbers_keep_their_digits():
    body = b'{"MsgId": 24341234567890123456, "X": 23.134520999999999, "Y": -1e-5}'
    assert jsontree.parse(body) == {
        "MsgId": "24341234567890123456",
        "X": "23.134520999999999",
        "Y": "-1e-5",
    }


def test_null_is_empty_and_booleans_are_words():
    assert jsontree.parse(b'{"a": null, "b": true, "c": false}') == {
        "a": "",
        "b": "true",
        "c": "false",
    }


def test_a_byte_order_mark_may_stand_before():
    assert jsontree.parse(b'\xef\xbb\xbf{"a": "1"}') == {"a": "1"}


def test_characters_that_xml_could_not_carry_are_dropped():
    assert jsontree.parse(rb'{"a": "x\u0000y\ud800z\b\uffff\u4f60"}') == {"a": "xyz你"}


HOSTILE = {
    "empty": b"",
    "list": b"[1]",
    "text": b'"a"',
    "number": b"1",
    "cut": b'{"a": 1',
    "two": b'{"a": 1}{"b": 2}',
    "key twice": b'{"MsgType": "text", "MsgType": "event"}',
    "key twice inside": b'{"a": {"b": 1, "b": 2}}',
    "nan": b'{"a": NaN}',
    "infinity": b'{"a": [-Infinity]}',
    "single quotes": b"{'a': 1}",
    "latin-1": b'{"a": "\xe9"}',
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "deep objects": b'{"a":' * 13_000,
    "deep lists": b'{"a":' + b"[" * 60_000,
    "deep but closed": b'{"a":' + b"[" * 500 + b"]" * 500 + b"}",
    "seven levels": b'{"a":{"b":{"c":{"d":{"e":{"f":1}}}}}}',
    "too many fields": json.dumps({f"a{n}": n for n in range(65)}).encode(),
    "too many items": json.dumps({"a": list(range(600))}).encode(),
    "raw control character": b'{"a": "x\x01y"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bodies_are_malformed(body):
    with pytest.raises(Malformed):
        jsontree.parse(body)


def test_a_number_of_many_digits_is_only_a_long_text():
    assert len(jsontree.parse(b'{"MsgId": ' + b"9" * 60_000 + b"}")["MsgId"]) == 60_000


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_malformed(body):
    try:
        jsontree.parse(b"{" + body)
    except Malformed:
        return


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.text(), JSON))
def test_any_json_object_is_read_or_malformed(data):
    try:
        tree = jsontree.parse(json.dumps(data).encode())
    except Malformed:
        return
    json.dumps(tree, ensure_ascii=False).encode()  # no lone surrogate is left
