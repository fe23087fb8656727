"""The table of events: from the fields of a push to the event's record."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from bot.wechat import events, fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.wechat.xmltree import Tree

Head: TypeAlias = tuple[str, str, int, str]  # account, openid, created_at, key
_SCENE_PREFIX = "qrscene_"


def _subscribe(head: Head, tree: Tree) -> events.Subscribe:
    scene = fields.text(tree, "EventKey").removeprefix(_SCENE_PREFIX)
    return events.Subscribe(*head, scene, fields.text(tree, "Ticket"))


def _unsubscribe(head: Head, _: Tree) -> events.Unsubscribe:
    return events.Unsubscribe(*head)


def _scan(head: Head, tree: Tree) -> events.Scan:
    return events.Scan(*head, fields.text(tree, "EventKey"), fields.text(tree, "Ticket"))


def _location_report(head: Head, tree: Tree) -> events.LocationReport:
    return events.LocationReport(
        *head,
        latitude=fields.degrees(tree, "Latitude", 90),
        longitude=fields.degrees(tree, "Longitude", 180),
        precision_m=fields.decimal(tree, "Precision") if tree.get("Precision") else 0.0,
    )


def _click(head: Head, tree: Tree) -> events.Click:
    return events.Click(*head, fields.text(tree, "EventKey"))


def _view(head: Head, tree: Tree) -> events.View:
    return events.View(*head, fields.text(tree, "EventKey"), fields.text(tree, "MenuId"))


def _view_miniprogram(head: Head, tree: Tree) -> events.ViewMiniprogram:
    path, menu_id = fields.text(tree, "EventKey"), fields.text(tree, "MenuId")
    return events.ViewMiniprogram(*head, path, menu_id)


def _scan_code(name: str, head: Head, tree: Tree) -> events.ScanCode:
    info = fields.subtree(tree, "ScanCodeInfo")
    return events.ScanCode(
        *head,
        event_key=fields.text(tree, "EventKey"),
        waits=name == "scancode_waitmsg",
        scan_type=fields.text(info, "ScanType", fields.NAME_MAX),
        result=fields.text(info, "ScanResult"),
    )


def _pictures(source: str, head: Head, tree: Tree) -> events.Pictures:
    sent = fields.subtree(tree, "SendPicsInfo")
    listed = [
        item
        for group in fields.trees(sent, "PicList")
        for item in (fields.trees(group, "item") if "item" in group else [group])
    ]
    md5s = tuple(fields.text(item, "PicMd5Sum", fields.NAME_MAX) for item in listed)
    return events.Pictures(*head, fields.text(tree, "EventKey"), source, md5s)


def _location_select(head: Head, tree: Tree) -> events.LocationSelect:
    info = fields.subtree(tree, "SendLocationInfo")
    return events.LocationSelect(
        *head,
        event_key=fields.text(tree, "EventKey"),
        latitude=fields.degrees(info, "Location_X", 90),
        longitude=fields.degrees(info, "Location_Y", 180),
        scale=fields.count(info, "Scale"),
        label=fields.text(info, "Label"),
        poi=fields.text(info, "Poiname"),
    )


def _template_sent(head: Head, tree: Tree) -> events.TemplateSent:
    return events.TemplateSent(*head, fields.message_id(tree, "MsgID"), fields.text(tree, "Status"))


def _mass_sent(head: Head, tree: Tree) -> events.MassSent:
    return events.MassSent(
        *head,
        message_id=fields.message_id(tree, "MsgID"),
        status=fields.text(tree, "Status"),
        total=fields.count(tree, "TotalCount"),
        filtered=fields.count(tree, "FilterCount"),
        sent=fields.count(tree, "SentCount"),
        errors=fields.count(tree, "ErrorCount"),
    )


def _choices(tree: Tree, field: str) -> tuple[events.Choice, ...]:
    """Return the answers of a `List`, in the order given; anything but `accept` is a refusal."""
    return tuple(
        events.Choice(
            template_id=fields.text(item, "TemplateId"),
            accepted=fields.text(item, "SubscribeStatusString", fields.NAME_MAX) == "accept",
            scene=fields.text(item, "PopupScene", fields.NAME_MAX),
        )
        for item in fields.trees(fields.subtree(tree, field), "List")
    )


def _subscribe_popup(head: Head, tree: Tree) -> events.SubscribePopup:
    return events.SubscribePopup(*head, _choices(tree, "SubscribeMsgPopupEvent"))


def _subscribe_change(head: Head, tree: Tree) -> events.SubscribeChange:
    return events.SubscribeChange(*head, _choices(tree, "SubscribeMsgChangeEvent"))


def _subscribe_sent(head: Head, tree: Tree) -> events.SubscribeSent:
    listed = fields.trees(fields.subtree(tree, "SubscribeMsgSentEvent"), "List")
    deliveries = tuple(
        events.Delivery(
            template_id=fields.text(item, "TemplateId"),
            message_id=fields.message_id(item, "MsgID"),
            code=fields.count(item, "ErrorCode"),
            status=fields.text(item, "ErrorStatus"),
        )
        for item in listed
    )
    return events.SubscribeSent(*head, deliveries)


def _published(head: Head, tree: Tree) -> events.Published:
    info = fields.subtree(tree, "PublishEventInfo")
    articles = fields.trees(fields.subtree(info, "article_detail"), "item")
    failed = [{"fail_idx": value} for value in fields.items(info, "fail_idx")]
    return events.Published(
        *head,
        publish_id=fields.text(info, "publish_id"),
        status=fields.count(info, "publish_status"),
        article_id=fields.text(info, "article_id"),
        urls=tuple(fields.text(item, "article_url") for item in articles),
        failed=tuple(fields.count(item, "fail_idx") for item in failed),
    )


def _session(
    change: Literal["create", "close", "switch"], head: Head, tree: Tree
) -> events.CustomerSession:
    account = fields.text(tree, "ToKfAccount" if change == "switch" else "KfAccount")
    return events.CustomerSession(*head, change, account, fields.text(tree, "FromKfAccount"))


def _authorization(
    change: Literal["modified", "revoked", "cancelled"], head: Head, tree: Tree
) -> events.AuthorizationChanged:
    subject = fields.text(tree, "OpenID", fields.NAME_MAX)
    return events.AuthorizationChanged(*head, change, subject, fields.text(tree, "RevokeInfo"))


def _account_notice(notice: str, head: Head, tree: Tree) -> events.AccountNotice:
    at = fields.count(tree, "ExpiredTime" if "ExpiredTime" in tree else "FailTime")
    return events.AccountNotice(*head, notice, at, fields.text(tree, "FailReason"))


_SCANS = ("scancode_push", "scancode_waitmsg")
_PICTURE_SOURCES = ("pic_sysphoto", "pic_photo_or_album", "pic_weixin")
_NOTICES = (
    "qualification_verify_success",
    "qualification_verify_fail",
    "naming_verify_success",
    "naming_verify_fail",
    "annual_renew",
    "verify_expired",
)
EVENTS: Mapping[str, Callable[[Head, Tree], events.Event]] = MappingProxyType(
    {
        "subscribe": _subscribe,
        "unsubscribe": _unsubscribe,
        "scan": _scan,
        "location": _location_report,
        "click": _click,
        "view": _view,
        "view_miniprogram": _view_miniprogram,
        "location_select": _location_select,
        "templatesendjobfinish": _template_sent,
        "masssendjobfinish": _mass_sent,
        "subscribe_msg_popup_event": _subscribe_popup,
        "subscribe_msg_change_event": _subscribe_change,
        "subscribe_msg_sent_event": _subscribe_sent,
        "publishjobfinish": _published,
        "kf_create_session": partial(_session, "create"),
        "kf_close_session": partial(_session, "close"),
        "kf_switch_session": partial(_session, "switch"),
        "user_info_modified": partial(_authorization, "modified"),
        "user_authorization_revoke": partial(_authorization, "revoked"),
        "user_authorization_cancellation": partial(_authorization, "cancelled"),
        **{name: partial(_scan_code, name) for name in _SCANS},
        **{source: partial(_pictures, source) for source in _PICTURE_SOURCES},
        **{notice: partial(_account_notice, notice) for notice in _NOTICES},
    }
)
