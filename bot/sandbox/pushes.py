"""Every message and event the platform pushes, as nested fields in the official order and names.

Source: messages, events and menu events pages, developers.weixin.qq.com/doc/service, read 2026-10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.wire import Fields


@dataclass(frozen=True)
class Head:
    """To whom, from whom, when (whole seconds), and the message id."""

    to: str
    sender: str
    created_at: int
    message_id: int


def message(head: Head, kind: str, **fields: Any) -> Fields:
    """Return a message: common fields, its own, MsgId last."""
    return {**_common(head), "MsgType": kind, **fields, "MsgId": head.message_id}


def event(head: Head, name: str, **fields: Any) -> Fields:
    """Return an event; events carry no MsgId."""
    return {**_common(head), "MsgType": "event", "Event": name, **fields}


def _common(head: Head) -> Fields:
    return {
        "ToUserName": head.to,
        "FromUserName": head.sender,
        "CreateTime": head.created_at,
    }


def text(head: Head, content: str, menu_id: str = "") -> Fields:
    """Return a text; `menu_id` is the id of a tapped msgmenu option."""
    fields = message(head, "text", Content=content)
    return {**fields, "bizmsgmenuid": menu_id} if menu_id else fields


def image(head: Head, url: str, media_id: str) -> Fields:
    """Return a picture."""
    return message(head, "image", PicUrl=url, MediaId=media_id)


def voice(head: Head, media_id: str, recognition: str | None = None) -> Fields:
    """Return a voice message; recognition is withdrawn since 2023, so it is usually absent."""
    fields = message(head, "voice", MediaId=media_id, Format="amr")
    return fields if recognition is None else {**fields, "Recognition": recognition}


def video(head: Head, media_id: str, thumb_id: str, *, is_short: bool = False) -> Fields:
    """Return a video or a short video."""
    kind = "shortvideo" if is_short else "video"
    return message(head, kind, MediaId=media_id, ThumbMediaId=thumb_id)


def location(head: Head, latitude: float, longitude: float, label: str) -> Fields:
    """Return a place the user chose; X is the latitude."""
    return message(
        head, "location", Location_X=latitude, Location_Y=longitude, Scale=16, Label=label
    )


def link(head: Head, title: str, description: str, url: str) -> Fields:
    """Return a shared page."""
    return message(head, "link", Title=title, Description=description, Url=url)


def file(head: Head, title: str, key: str, digest: str, size: int) -> Fields:
    """Return a file; seen in other people's logs, not on the official list."""
    return message(
        head, "file", Title=title, Description="", FileKey=key, FileMd5=digest, FileTotalLen=size
    )


def subscribe(head: Head, scene: str = "", ticket: str = "") -> Fields:
    """Return a follow; with a scene it came through a parametric QR code."""
    if not scene:
        return event(head, "subscribe", EventKey="")
    return event(head, "subscribe", EventKey=f"qrscene_{scene}", Ticket=ticket)


def unsubscribe(head: Head) -> Fields:
    """Return an unfollow."""
    return event(head, "unsubscribe", EventKey="")


def scan(head: Head, scene: str, ticket: str) -> Fields:
    """Return a scan by somebody who follows already; the scene has no prefix."""
    return event(head, "SCAN", EventKey=scene, Ticket=ticket)


def report_location(head: Head, latitude: float, longitude: float) -> Fields:
    """Return the position a service account gets when the chat is opened."""
    return event(head, "LOCATION", Latitude=latitude, Longitude=longitude, Precision=60.0)


def click(head: Head, key: str) -> Fields:
    """Return a click on a menu item of type click."""
    return event(head, "CLICK", EventKey=key)


def view(head: Head, url: str, menu_id: int) -> Fields:
    """Return a click on a link in the menu."""
    return event(head, "VIEW", EventKey=url, MenuId=menu_id)


def view_miniprogram(head: Head, path: str, menu_id: int) -> Fields:
    """Return a click on a mini-program in the menu."""
    return event(head, "view_miniprogram", EventKey=path, MenuId=menu_id)


def scancode(head: Head, name: str, key: str, result: str) -> Fields:
    """Return a scan started from the menu; `name` is scancode_push or scancode_waitmsg."""
    info = {"ScanType": "qrcode", "ScanResult": result}
    return event(head, name, EventKey=key, ScanCodeInfo=info)


def pictures(head: Head, name: str, key: str, digests: list[str]) -> Fields:
    """Return pictures chosen from the menu; the pictures follow as messages of their own."""
    items = [{"PicMd5Sum": digest} for digest in digests]
    info = {"Count": len(digests), "PicList": {"item": items}}
    return event(head, name, EventKey=key, SendPicsInfo=info)


def select_location(head: Head, key: str, latitude: float, longitude: float, label: str) -> Fields:
    """Return a place chosen from the menu; a location message follows."""
    info = {
        "Location_X": str(latitude),
        "Location_Y": str(longitude),
        "Scale": "16",
        "Label": label,
        "Poiname": "",
    }
    return event(head, "location_select", EventKey=key, SendLocationInfo=info)


def template_finished(head: Head, message_id: int, status: str) -> Fields:
    """Return how a template message ended; MsgID has a capital D here."""
    return event(head, "TEMPLATESENDJOBFINISH", MsgID=message_id, Status=status)


def mass_finished(
    head: Head, message_id: int, status: str, counts: dict[str, int], urls: list[str]
) -> Fields:
    """Return how a mass send ended; counts are TotalCount, FilterCount, SentCount, ErrorCount."""
    items = [{"ArticleIdx": n, "ArticleUrl": url} for n, url in enumerate(urls, 1)]
    checked = {"Count": 0, "ResultList": "", "CheckState": 0}
    links = {"Count": len(items), "ResultList": {"item": items} if items else ""}
    fields = event(head, "MASSSENDJOBFINISH", MsgID=message_id, Status=status, **counts)
    return {**fields, "CopyrightCheckResult": checked, "ArticleUrlResult": links}


def subscribe_popup(head: Head, answers: dict[str, bool], scene: int = 0) -> Fields:
    """Return an answered dialog with the answer for each template; scene is 0, 1 or 2."""
    items = [
        {"TemplateId": i, "SubscribeStatusString": _answer(accepts=yes), "PopupScene": str(scene)}
        for i, yes in answers.items()
    ]
    return event(head, "subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": items})


def subscribe_change(head: Head, template_ids: list[str]) -> Fields:
    """Return notices switched off in the user's settings; only rejections are pushed."""
    items = [
        {"TemplateId": i, "SubscribeStatusString": _answer(accepts=False)} for i in template_ids
    ]
    return event(head, "subscribe_msg_change_event", SubscribeMsgChangeEvent={"List": items})


def _answer(*, accepts: bool) -> str:
    return "accept" if accepts else "reject"


def subscribe_sent(head: Head, template_id: str, message_id: int, code: int, status: str) -> Fields:
    """Return the result of a subscription notice."""
    item = {
        "TemplateId": template_id,
        "MsgID": str(message_id),
        "ErrorCode": code,
        "ErrorStatus": status,
    }
    return event(head, "subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": [item]})


def publish_finished(head: Head, info: dict[str, Any]) -> Fields:
    """Return a finished publication; `info` is what freepublish/get says of it."""
    return event(head, "PUBLISHJOBFINISH", PublishEventInfo=info)


def desk_session(head: Head, name: str, desk: str) -> Fields:
    """Return a human desk session; `name` is kf_create_session or kf_close_session."""
    return event(head, name, KfAccount=desk)


def authorization(head: Head, name: str, app_id: str) -> Fields:
    """Return a privacy event such as user_authorization_revoke or user_info_modified."""
    return event(head, name, OpenID=head.sender, AppID=app_id, RevokeInfo="1")


def debug_demo(head: Head, words: str) -> Fields:
    """Return the test push of the console."""
    return event(head, "debug_demo", debug_str=words)
