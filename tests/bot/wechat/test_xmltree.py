import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat import xmltree
from bot.wechat.refusals import Malformed


def test_texts_come_back_from_cdata_and_from_plain_elements():
    body = b"<xml><A><![CDATA[ x <y> & z ]]></A><B>1408090816</B><C>a&amp;b&#x4f60;</C><D/></xml>"
    assert xmltree.parse(body) == {"A": " x <y> & z ", "B": "1408090816", "C": "a&b你", "D": ""}


def test_neighbouring_cdata_sections_are_one_text():
    assert xmltree.parse(b"<xml><A><![CDATA[a]]]]><![CDATA[>b]]>c</A></xml>") == {"A": "a]]>bc"}


def test_elements_inside_become_a_tree_and_repeated_ones_a_list():
    body = b"<xml><E><List><T>1</T></List><List><T>2</T></List><List><T>3</T></List></E></xml>"
    assert xmltree.parse(body) == {"E": {"List": [{"T": "1"}, {"T": "2"}, {"T": "3"}]}}


def test_one_element_inside_stays_single():
    body = b"<xml><P><Count>1</Count><PicList><item><M>5a</M></item></PicList></P></xml>"
    assert xmltree.parse(body) == {"P": {"Count": "1", "PicList": {"item": {"M": "5a"}}}}


def test_text_between_elements_is_dropped():
    body = "<xml>\\\n <A>1</A> stray \n<B>\n <C>2</C> 你好 </B>\n</xml>\n".encode()
    assert xmltree.parse(body) == {"A": "1", "B": {"C": "2"}}


@pytest.mark.parametrize(
    "lead", [b"", b"\xef\xbb\xbf", b"<?xml version='1.0' encoding='utf-8'?>\n", b"\n"]
)
def test_a_byte_order_mark_or_a_declaration_may_stand_before(lead):
    assert xmltree.parse(lead + b"<xml><A>1</A></xml>") == {"A": "1"}


def test_comments_and_few_attributes_are_ignored():
    assert xmltree.parse(b"<xml a='1'><A b='2'>x<!-- y -->z</A></xml>") == {"A": "xz"}


def nested(depth):
    return b"<xml>" + b"<a>" * (depth - 1) + b"</a>" * (depth - 1) + b"</xml>"


def test_six_levels_are_read_and_seven_refused():
    assert xmltree.parse(nested(6))
    with pytest.raises(Malformed):
        xmltree.parse(nested(7))


def test_sixty_four_elements_are_read_and_one_more_refused():
    siblings = [f"<a{number}/>".encode() for number in range(65)]
    assert len(xmltree.parse(b"<xml>" + b"".join(siblings[:64]) + b"</xml>")) == 64
    with pytest.raises(Malformed):
        xmltree.parse(b"<xml>" + b"".join(siblings) + b"</xml>")


MANY = " ".join(f"a{number}='1'" for number in range(9)).encode()
HOSTILE = {
    "empty": b"",
    "spaces": b" \n",
    "words": b"hello",
    "no end": b"<xml><A>1</A>",
    "two roots": b"<xml/><xml/>",
    "another root": b"<html><A>1</A></html>",
    "wrong nesting": b"<xml><A><B></A></B></xml>",
    "doctype": b"<!DOCTYPE xml><xml><A>1</A></xml>",
    "entity bomb": b"<!DOCTYPE xml [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><xml><A>&b;</A></xml>",
    "external entity": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xml>&e;</xml>",
    "unknown entity": b"<xml><A>&nbsp;</A></xml>",
    "processing instruction": b"<xml><?php echo 1?><A>1</A></xml>",
    "stylesheet": b"<?xml-stylesheet href='x'?><xml/>",
    "top element twice": b"<xml><MsgType>text</MsgType><A/><MsgType>event</MsgType></xml>",
    "deep": b"<xml>" + b"<a>" * 20_000,
    "wide": b"<xml>" + b"<a/>" * 16_000,
    "wide inside": b"<xml><b>" + b"<a/>" * 16_000,
    "nine attributes": b"<xml><A " + MANY + b">1</A></xml>",
    "attributes on the root": b"<xml " + MANY + b"><A>1</A></xml>",
    "attribute twice": b"<xml a='1' a='2'/>",
    "null byte": b"<xml><A>a\x00b</A></xml>",
    "control character": b"<xml><A>a\x08b</A></xml>",
    "null reference": b"<xml><A>&#0;</A></xml>",
    "control reference": b"<xml><A>&#8;</A></xml>",
    "surrogate reference": b"<xml><A>&#xD800;</A></xml>",
    "surrogate bytes": b"<xml><A>\xed\xa0\x80</A></xml>",
    "latin-1": b"<xml><A>\xe9</A></xml>",
    "overlong": b"<xml><A>\xc0\xaf</A></xml>",
    "utf-16": "<xml><A>1</A></xml>".encode("utf-16"),
    "utf-16 the other way": b"\xfe\xff" + "<xml><A>1</A></xml>".encode("utf-16-be"),
    "utf-16 without a mark": "<xml><A>1</A></xml>".encode("utf-16-le"),
    "utf-32": "<xml><A>1</A></xml>".encode("utf-32"),
    "utf-16 by declaration": b"<?xml version='1.0' encoding='utf-16'?><xml>\x00</xml>",
    "gbk under its own name": "<?xml version='1.0' encoding='gbk'?><xml><A>你</A></xml>".encode(
        "gbk"
    ),
    "cdata end": b"<xml><A>]]></A></xml>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bodies_are_malformed(body):
    with pytest.raises(Malformed):
        xmltree.parse(body)


def test_a_refusal_never_repeats_what_was_sent():
    with pytest.raises(Malformed) as caught:
        xmltree.parse(b"<xml><secret>1</secret><secret>2</secret></xml>")
    assert "secret" not in str(caught.value)


@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_but_malformed(body):
    try:
        xmltree.parse(body)
    except Malformed:
        return


MARKUP = st.lists(
    st.sampled_from(
        [
            "<xml>",
            "</xml>",
            "<A>",
            "</A>",
            "<B/>",
            "x",
            "<![CDATA[",
            "]]>",
            "&amp;",
            "&#1;",
            "<!--",
            "<?a?>",
        ]
    ),
    max_size=20,
)


@given(MARKUP)
def test_shuffled_markup_raises_nothing_but_malformed(parts):
    try:
        xmltree.parse("".join(parts).encode())
    except Malformed:
        return
