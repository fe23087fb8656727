import json

import pytest

from bot.wechat import decode, envelope, events
from bot.wechat.refusals import Malformed


def read(body):
    return decode.message(envelope.parse(body)[1])


@pytest.fixture
def event(xml):
    return lambda name, inner="", **given: read(xml(inner, MsgType="event", Event=name, **given))


def rest(record):
    """Return the fields of an event after the common ones."""
    names = [
        name for name in type(record).__match_args__ if name not in events.Event.__match_args__
    ]
    return tuple(getattr(record, name) for name in names)


@pytest.mark.parametrize(
    ("name", "given", "kind", "fields"),
    [
        ("subscribe", {"EventKey": ""}, events.Subscribe, ("", "")),
        (
            "subscribe",
            {"EventKey": "qrscene_tianhe.12", "Ticket": "T"},
            events.Subscribe,
            ("tianhe.12", "T"),
        ),
        ("subscribe", {"EventKey": "scanbarcode|k|s"}, events.Subscribe, ("scanbarcode|k|s", "")),
        ("subscribe", {}, events.Subscribe, ("", "")),
        ("unsubscribe", {"EventKey": ""}, events.Unsubscribe, ()),
        ("SCAN", {"EventKey": "12", "Ticket": "T"}, events.Scan, ("12", "T")),
        ("scan", {"EventKey": "12", "Ticket": "T"}, events.Scan, ("12", "T")),
        (
            "LOCATION",
            {"Latitude": "23.137466", "Longitude": "113.352425", "Precision": "119.385040"},
            events.LocationReport,
            (23.137466, 113.352425, 119.38504),
        ),
        ("CLICK", {"EventKey": "HELP"}, events.Click, ("HELP",)),
        ("VIEW", {"EventKey": "www.qq.com", "MenuId": 4}, events.View, ("www.qq.com", "4")),
        (
            "view_miniprogram",
            {"EventKey": "pages/a", "MenuId": 4},
            events.ViewMiniprogram,
            ("pages/a", "4"),
        ),
        (
            "TEMPLATESENDJOBFINISH",
            {"MsgID": 200163840, "Status": "failed: system failed"},
            events.TemplateSent,
            ("200163840", "failed: system failed"),
        ),
        (
            "MASSSENDJOBFINISH",
            {
                "MsgID": 9,
                "Status": "err(30003)",
                "TotalCount": 5,
                "FilterCount": 4,
                "SentCount": 3,
                "ErrorCount": 1,
            },
            events.MassSent,
            ("9", "err(30003)", 5, 4, 3, 1),
        ),
        ("kf_create_session", {"KfAccount": "a@b"}, events.CustomerSession, ("create", "a@b", "")),
        ("kf_close_session", {"KfAccount": "a@b"}, events.CustomerSession, ("close", "a@b", "")),
        (
            "kf_switch_session",
            {"FromKfAccount": "a@b", "ToKfAccount": "c@b"},
            events.CustomerSession,
            ("switch", "c@b", "a@b"),
        ),
        (
            "user_info_modified",
            {"OpenID": "o1"},
            events.AuthorizationChanged,
            ("modified", "o1", ""),
        ),
        (
            "user_authorization_revoke",
            {"OpenID": "o1", "RevokeInfo": "1"},
            events.AuthorizationChanged,
            ("revoked", "o1", "1"),
        ),
        (
            "user_authorization_cancellation",
            {"OpenID": "o1"},
            events.AuthorizationChanged,
            ("cancelled", "o1", ""),
        ),
        (
            "naming_verify_fail",
            {"FailTime": 1442401061, "FailReason": "by time"},
            events.AccountNotice,
            ("naming_verify_fail", 1442401061, "by time"),
        ),
        (
            "verify_expired",
            {"ExpiredTime": 1442401061},
            events.AccountNotice,
            ("verify_expired", 1442401061, ""),
        ),
    ],
)
def test_flat_events(event, name, given, kind, fields):
    record = event(name, **given)
    assert isinstance(record, kind)
    assert rest(record) == fields


@pytest.mark.parametrize(("name", "waits"), [("scancode_push", False), ("scancode_waitmsg", True)])
def test_a_scanned_code(event, name, waits):
    info = "<ScanType>qrcode</ScanType>\n<ScanResult>www.qq.com</ScanResult>"
    inner = f"<ScanCodeInfo>\n{info}\n</ScanCodeInfo>"
    assert rest(event(name, inner, EventKey="6")) == ("6", waits, "qrcode", "www.qq.com")


@pytest.mark.parametrize("md5s", [(), ("5a",), ("5a", "6b")])
def test_pictures_of_a_menu_item(event, md5s):
    items = "".join(f"<item><PicMd5Sum>{md5}</PicMd5Sum></item>" for md5 in md5s)
    info = f"<SendPicsInfo><Count>{len(md5s)}</Count><PicList>{items}</PicList></SendPicsInfo>"
    assert rest(event("pic_weixin", info, EventKey="6")) == ("6", "pic_weixin", md5s)


@pytest.mark.parametrize(
    "listed",
    [{"item": {"PicMd5Sum": "5a"}}, [{"item": {"PicMd5Sum": "5a"}}], [{"PicMd5Sum": "5a"}]],
)
def test_pictures_in_json_come_with_or_without_item(listed):
    body = {
        "ToUserName": "gh_1",
        "FromUserName": "o1",
        "CreateTime": 1,
        "MsgType": "event",
        "Event": "pic_weixin",
        "EventKey": "6",
        "SendPicsInfo": {"Count": 1, "PicList": listed},
    }
    assert read(json.dumps(body).encode()).md5s == ("5a",)


def test_a_place_of_a_menu_item(event):
    info = (
        "<SendLocationInfo><Location_X>23</Location_X><Location_Y>113</Location_Y><Scale>15</Scale>"
        "<Label>广州市海珠区客村艺苑路 106号</Label><Poiname></Poiname></SendLocationInfo>"
    )
    place = ("6", 23.0, 113.0, 15, "广州市海珠区客村艺苑路 106号", "")
    assert rest(event("location_select", info, EventKey="6")) == place


def choice(template, status, scene=""):
    return (
        f"<List><TemplateId>{template}</TemplateId><SubscribeStatusString>{status}"
        f"</SubscribeStatusString><PopupScene>{scene}</PopupScene></List>"
    )


def test_one_and_several_answers_of_the_subscription_dialog(event):
    def popup(*choices):
        inner = f"<SubscribeMsgPopupEvent>{''.join(choices)}</SubscribeMsgPopupEvent>"
        return event("subscribe_msg_popup_event", inner).choices

    assert popup(choice("T1", "accept", 2)) == (events.Choice("T1", True, "2"),)
    assert popup(choice("T1", "accept", 2), choice("T2", "reject", 2)) == (
        events.Choice("T1", True, "2"),
        events.Choice("T2", False, "2"),
    )
    assert popup() == ()


def test_a_notice_switched_off(event):
    inner = f"<SubscribeMsgChangeEvent>{choice('T1', 'reject')}</SubscribeMsgChangeEvent>"
    changed = event("subscribe_msg_change_event", inner)
    assert changed.choices == (events.Choice("T1", False, ""),)


def test_a_delivered_notice(event):
    inner = (
        "<SubscribeMsgSentEvent><List><TemplateId>T1</TemplateId><MsgID>1700827132819554304</MsgID>"
        "<ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent>"
    )
    sent = event("subscribe_msg_sent_event", inner)
    assert sent.deliveries == (events.Delivery("T1", "1700827132819554304", 0, "success"),)


def test_a_published_draft_with_two_articles(event):
    items = "".join(
        f"<item><idx>{n}</idx><article_url>https://mp.weixin.qq.com/{n}</article_url></item>"
        for n in (1, 2)
    )
    inner = (
        "<PublishEventInfo><publish_id>2247503051</publish_id><publish_status>0</publish_status>"
        f"<article_id>b5O2</article_id><article_detail><count>2</count>{items}</article_detail>"
        "</PublishEventInfo>"
    )
    urls = ("https://mp.weixin.qq.com/1", "https://mp.weixin.qq.com/2")
    assert rest(event("PUBLISHJOBFINISH", inner)) == ("2247503051", 0, "b5O2", urls, ())


@pytest.mark.parametrize("failed", [(1,), (1, 2)])
def test_a_draft_that_was_not_published(event, failed):
    listed = "".join(f"<fail_idx>{number}</fail_idx>" for number in failed)
    inner = (
        "<PublishEventInfo><publish_id>2</publish_id><publish_status>2</publish_status>"
        f"{listed}</PublishEventInfo>"
    )
    assert rest(event("PUBLISHJOBFINISH", inner)) == ("2", 2, "", (), failed)


@pytest.mark.parametrize(
    ("name", "inner", "field"),
    [
        ("LOCATION", "<Latitude>nan</Latitude><Longitude>1</Longitude>", "Latitude"),
        ("LOCATION", "<Latitude>1</Latitude>", "Longitude"),
        ("TEMPLATESENDJOBFINISH", "<Status>success</Status>", "MsgID"),
        ("MASSSENDJOBFINISH", "<MsgID>1</MsgID><TotalCount>many</TotalCount>", "TotalCount"),
        ("scancode_push", "<ScanCodeInfo>x</ScanCodeInfo>", "ScanCodeInfo"),
        (
            "subscribe_msg_popup_event",
            "<SubscribeMsgPopupEvent>x</SubscribeMsgPopupEvent>",
            "Popup",
        ),
        ("pic_weixin", "<SendPicsInfo><PicList>x</PicList></SendPicsInfo>", "PicList"),
        (
            "PUBLISHJOBFINISH",
            "<PublishEventInfo><fail_idx>a</fail_idx></PublishEventInfo>",
            "fail_idx",
        ),
        ("CLICK", "<EventKey><a>1</a></EventKey>", "EventKey"),
    ],
)
def test_a_broken_field_of_an_event_is_named(event, name, inner, field):
    with pytest.raises(Malformed, match=field):
        event(name, inner)


def test_an_event_without_a_name_is_malformed(xml):
    with pytest.raises(Malformed, match="Event"):
        read(xml(MsgType="event"))
