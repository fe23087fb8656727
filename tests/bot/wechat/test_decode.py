import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat import decode, envelope, messages
from bot.wechat.refusals import Malformed

HEAD = ("gh_d3e07d51b513", "oPKu7jgOibOA-De4u8J2RuNKpZRw", 1795161600, "1234567890123456")


def read(body):
    return decode.message(envelope.parse(body)[1])


@pytest.fixture
def message(xml):
    return lambda inner="", **given: read(xml(inner, MsgId=1234567890123456, **given))


def test_a_text_carries_its_words_as_they_were_typed(message):
    assert message(MsgType="text", Content=" /:8-) [微笑] \n１２😀") == messages.Text(
        *HEAD, " /:8-) [微笑] \n１２😀"
    )


def test_a_text_without_words_is_empty(message):
    assert message(MsgType="text", Content="").content == ""
    assert message(MsgType="text").content == ""


def test_a_tap_on_a_menu_option_carries_its_id(message):
    tapped = message(MsgType="text", Content="满意", bizmsgmenuid="101")
    assert tapped == messages.Text(*HEAD, "满意", "101")


def test_a_text_written_from_an_article_is_a_text(message):
    assert message(MsgType="text", Content="x", MsgDataId="9", Idx=1).content == "x"


def test_an_image(message):
    sent = message(MsgType="image", PicUrl="http://mmbiz.qpic.cn/a", MediaId="m")
    assert sent == messages.Image(*HEAD, "http://mmbiz.qpic.cn/a", "m")


@pytest.mark.parametrize("recognition", [None, "", "腾讯微信团队"])
def test_a_voice_with_and_without_recognition(message, recognition):
    sent = message(MsgType="voice", MediaId="m", Format="amr", Recognition=recognition)
    assert sent == messages.Voice(*HEAD, "m", "amr", recognition or "")


def test_a_video_and_a_short_video(message):
    assert message(MsgType="video", MediaId="m", ThumbMediaId="t") == messages.Video(
        *HEAD, "m", "t"
    )
    short = message(MsgType="shortvideo", MediaId="m", ThumbMediaId="t")
    assert short == messages.ShortVideo(*HEAD, "m", "t")


def test_a_location_may_have_no_label(message):
    sent = message(
        MsgType="location", Location_X="30.283878", Location_Y="120.063370", Scale=15, Label=""
    )
    assert sent == messages.Location(*HEAD, 30.283878, 120.06337, 15, "")


def test_a_link(message):
    sent = message(MsgType="link", Title="t", Description="d", Url="https://example.com/?a=1&b=2")
    assert sent == messages.Link(*HEAD, "t", "d", "https://example.com/?a=1&b=2")


def test_a_file(message):
    sent = message(MsgType="file", Title="a.pdf", FileKey="k", FileMd5="5a", FileTotalLen=42)
    assert sent == messages.File(*HEAD, "a.pdf", "", "k", "5a", 42)


def test_an_unknown_type_is_known_by_its_name(xml):
    sent = read(xml(MsgType="notsure", MsgId=1234567890123456))
    assert isinstance(sent, messages.Unknown)
    assert (sent.kind, sent.event) == ("notsure", "")


def test_an_unknown_event_is_known_by_its_name(xml):
    sent = read(xml(MsgType="event", Event="debug_demo", debug_str="hello world"))
    assert isinstance(sent, messages.Unknown)
    assert (sent.kind, sent.event) == ("event", "debug_demo")


def test_the_type_is_read_in_any_case(message):
    assert isinstance(message(MsgType="TEXT", Content="x"), messages.Text)


def test_xml_and_json_give_the_same_message(message):
    as_json = (
        '{"ToUserName":"gh_d3e07d51b513","FromUserName":"oPKu7jgOibOA-De4u8J2RuNKpZRw",'
        '"CreateTime":1795161600,"MsgType":"location","MsgId":1234567890123456,'
        '"Location_X":23.134521,"Location_Y":113.358803,"Scale":20,"Label":"天河"}'
    )
    as_xml = message(
        MsgType="location", Location_X="23.134521", Location_Y="113.358803", Scale=20, Label="天河"
    )
    assert read(as_json.encode()) == as_xml


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ToUserName", None),
        ("ToUserName", "a b"),
        ("FromUserName", None),
        ("FromUserName", "'; drop table parents --"),
        ("FromUserName", "o" * 65),
        ("CreateTime", None),
        ("CreateTime", "now"),
        ("CreateTime", "１７９５１６１６００"),
        ("CreateTime", "9" * 12),
        ("MsgType", None),
        ("MsgType", ""),
        ("MsgId", None),
        ("MsgId", "1" * 21),
        ("MsgId", str(2**64)),
        ("MsgId", "-1"),
        ("Content", "x" * 20_001),
    ],
)
def test_a_broken_field_is_named_and_not_shown(xml, field, value):
    good = {"MsgType": "text", "Content": "x", "MsgId": 1}
    with pytest.raises(Malformed, match=field) as caught:
        read(xml(**(good | {field: value})))
    assert not value or value not in str(caught.value)


@pytest.mark.parametrize("field", ["MsgType", "Content", "FromUserName", "MsgId", "CreateTime"])
def test_a_field_with_elements_inside_is_refused(xml, field):
    good = {"MsgType": "text", "Content": "x", "MsgId": 1} | {field: None}
    with pytest.raises(Malformed, match=field):
        read(xml(f"<{field}><a>1</a></{field}>", **good))


def test_the_key_of_a_message_is_its_id(message):
    assert message(MsgType="text", Content="x").key == "1234567890123456"


def test_a_retry_of_an_event_has_the_same_key(xml):
    first, again = (read(xml(MsgType="event", Event="CLICK", EventKey="k")) for _ in range(2))
    assert first.key == again.key
    assert first.key.startswith("1795161600-click-")


@pytest.mark.parametrize(
    "other",
    [
        {"Event": "CLICK", "EventKey": "other"},
        {"Event": "VIEW", "EventKey": "k"},
        {"Event": "CLICK", "EventKey": "k", "CreateTime": 1795161601},
        {"Event": "CLICK", "EventKey": "k", "Ticket": "t"},
    ],
)
def test_two_events_of_one_second_have_different_keys(xml, other):
    first = read(xml(MsgType="event", Event="CLICK", EventKey="k"))
    assert read(xml(MsgType="event", **other)).key != first.key


def test_the_key_of_an_event_does_not_hold_the_follower(xml):
    first = read(xml(MsgType="event", Event="CLICK", EventKey="k"))
    other = read(xml(MsgType="event", Event="CLICK", EventKey="k", FromUserName="oOther"))
    assert first.key == other.key


def test_keys_are_short_whatever_the_event_holds(xml):
    event = read(xml(MsgType="event", Event="v" * 64, EventKey="https://example.com/" + "x" * 1000))
    assert len(event.key) <= 96


NAMES = st.sampled_from(
    [
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "Event",
        "MsgId",
        "Content",
        "EventKey",
        "SendPicsInfo",
        "SubscribeMsgPopupEvent",
        "PublishEventInfo",
        "Location_X",
        "MsgID",
        "List",
    ]
)
KINDS = st.sampled_from([*decode.MESSAGES, "event", *decode.decode_events.EVENTS, "1", "oOpenid"])
VALUES = st.recursive(
    KINDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(NAMES, VALUES))
def test_any_tree_is_a_message_or_malformed(tree):
    good = {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": "1", "MsgId": "1"}
    for fields in (tree, tree | good):
        try:
            assert isinstance(decode.message(fields), messages.Inbound)
        except Malformed:
            continue


def test_neither_an_openid_nor_a_text_can_be_changed_afterwards(message):
    with pytest.raises(AttributeError):
        message(MsgType="text", Content="x").content = "y"
