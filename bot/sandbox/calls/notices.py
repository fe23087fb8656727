"""Template messages and subscription notices: field rules, acceptances, finish events.

Source: template message and subscription notice pages, developers.weixin.qq.com, read 2026-10.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from bot.sandbox import actions, bubbles, pushes, texts
from bot.sandbox.calls.call import OK, Route, follower
from bot.sandbox.errors import ApiError
from bot.sandbox.ledger import Message
from bot.sandbox.reach import reach

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.phones import Phone
    from bot.sandbox.state import Platform
    from bot.sandbox.wire import Fields

ONE_OFF, LONG_TERM = 2, 3
IDLE_FIELDS = ("first", "remark")  # accepted, not shown since 2023-05-04


def send(platform: Platform, call: Call) -> dict[str, Any]:
    """Send a template message; a repeated client_msg_id within ten minutes sends nothing new."""
    phone = follower(platform, call.text("touser"))
    template = _template(platform, call.text("template_id"), subscription=False)
    _check_data(template, call.part("data"))
    _check_marketing(platform, call.part("data"))
    known = _repeated(platform, phone, call.text("client_msg_id"))
    if known:
        return {**OK, "msgid": known}
    message_id = platform.next_id()
    _remember(platform, phone, call.text("client_msg_id"), message_id)
    status = "failed:user block" if phone.is_blocking else platform.config.template_status
    if status == "success":
        _show(platform, phone, template, call, message_id)
    event = pushes.template_finished(platform.head(phone), message_id, status)
    platform.spawn(_finish(platform, phone, event))
    return {**OK, "msgid": message_id}


def bizsend(platform: Platform, call: Call) -> dict[str, Any]:
    """Send a subscription notice to somebody who has accepted it; following is not needed.

    The answer says only that it is on its way; a failure stands in the sent event and leaves a
    one-off acceptance unspent (a stand-in: no page says so).

    Source: bizsend page, developers.weixin.qq.com/doc/service, read 2026-10: followers read it in
    the account's chat, others among the service notices.
    """
    phone = platform.phones.get(call.text("touser"))
    if phone is None:
        raise ApiError(40003)
    template_id = call.text("template_id")
    template = _template(platform, template_id, subscription=True)
    _check_data(template, call.part("data"))
    if phone.accepted.get(template_id, 0) <= 0:
        raise ApiError(43101)
    error, message_id = platform.config.bizsend_error, platform.next_id()
    if not error:
        _spend(phone, template_id, template)
        _show(platform, phone, template, call, message_id)
    status = "system failed" if error else "success"
    event = pushes.subscribe_sent(platform.head(phone), template_id, message_id, error, status)
    platform.spawn(_finish(platform, phone, event))
    platform.tell_phone(phone)
    return OK


def _spend(phone: Phone, template_id: str, template: dict[str, Any]) -> None:
    """Use up one acceptance of a one-off notice; a long-term one lasts."""
    if template["type"] == ONE_OFF:
        phone.accept(template_id, phone.accepted[template_id] - 1)


def private_templates(platform: Platform, _call: Call) -> dict[str, Any]:
    """List the templates of template messages."""
    owned = platform.account.templates.items()
    shown = [_listed(i, t) for i, t in owned if t["type"] not in (ONE_OFF, LONG_TERM)]
    return {"template_list": shown}


def notice_templates(platform: Platform, _call: Call) -> dict[str, Any]:
    """List the templates of subscription notices."""
    owned = platform.account.templates.items()
    found = [(i, t) for i, t in owned if t["type"] in (ONE_OFF, LONG_TERM)]
    data = [
        {"priTmplId": i, "title": t["title"], "content": _content(t), "type": t["type"]}
        for i, t in found
    ]
    return {**OK, "data": data}


def _listed(template_id: str, template: dict[str, Any]) -> dict[str, Any]:
    return {
        "template_id": template_id,
        "title": template["title"],
        "primary_industry": "",
        "deputy_industry": "",
        "content": _content(template),
        "example": "",
    }


def _content(template: dict[str, Any]) -> str:
    lines = [f"{label}:{{{{{key}.DATA}}}}" for key, label in template["fields"].items()]
    return "\n".join(lines)


def _template(platform: Platform, template_id: str, *, subscription: bool) -> dict[str, Any]:
    found = platform.account.templates.get(template_id)
    if found is None or (found["type"] in (ONE_OFF, LONG_TERM)) is not subscription:
        raise ApiError(40037)
    return found


def _check_data(template: dict[str, Any], data: dict[str, Any]) -> None:
    """Hold every value against the rule of its kind; the first bad key is named in 47003."""
    rules = texts.load("field_rules.yaml")
    for key in template["fields"]:
        item = data.get(key)
        value = item.get("value") if isinstance(item, dict) else None
        rule = rules.get(key.rstrip("0123456789"), ".+")
        if value is None or not re.fullmatch(rule, str(value)):
            raise ApiError(47003, f"data.{key}.value invalid")
    for key in data:
        if key not in template["fields"] and key not in IDLE_FIELDS:
            raise ApiError(47003, f"data.{key} not in template")


def _check_marketing(platform: Platform, data: dict[str, Any]) -> None:
    """Refuse words of advertising: a stand-in for a review nobody can look into."""
    said = " ".join(str(item.get("value")) for item in data.values() if isinstance(item, dict))
    if platform.config.marketing_check and any(w in said for w in texts.marketing_words()):
        raise ApiError(40249)


def _repeated(platform: Platform, phone: Phone, client_id: str) -> int:
    """Return the first message id of this client_msg_id, 0 when it is new."""
    if len(client_id.encode()) > platform.config.clientmsgid_bytes_max:
        raise ApiError(45067)
    if not client_id:
        return 0
    now, window_s = platform.clock.now(), platform.config.client_msg_window_s
    return platform.account.client_ids.find(phone.openid, client_id, now, window_s)


def _remember(platform: Platform, phone: Phone, client_id: str, message_id: int) -> None:
    if client_id:
        now, window_s = platform.clock.now(), platform.config.client_msg_window_s
        platform.account.client_ids.keep(phone.openid, client_id, message_id, now, window_s)


def _show(
    platform: Platform, phone: Phone, template: dict[str, Any], call: Call, message_id: int
) -> None:
    data = call.part("data")
    rows = [(label, str(data[key]["value"])) for key, label in template["fields"].items()]
    url = call.text("url") or call.text("page")
    message = Message(
        "bizsend" if template["type"] in (ONE_OFF, LONG_TERM) else "template",
        bubbles.template(template["title"], rows, url),
        call.body,
        key=call.text("client_msg_id"),
        template_id=call.text("template_id"),
        job=message_id,
    )
    reach(platform, phone, message)


async def _finish(platform: Platform, phone: Phone, fields: Fields) -> None:
    """Push the result a little later."""
    await asyncio.sleep(platform.config.job_event_delay_s)
    await actions.push(platform, phone, fields)


ROUTES = {
    "/cgi-bin/message/template/send": Route("POST", send),
    "/cgi-bin/message/subscribe/bizsend": Route("POST", bizsend),
    "/cgi-bin/template/get_all_private_template": Route("GET", private_templates),
    "/wxaapi/newtmpl/gettemplate": Route("GET", notice_templates),
}
