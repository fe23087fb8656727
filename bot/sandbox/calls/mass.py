"""Mass sends: audiences, once-only ids, monthly and daily limits, the finish event.

Source: mass send pages and codes 40130, 45028, 45065-45067, developers.weixin.qq.com, read 2026-10.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from bot.sandbox import actions, bubbles, pushes
from bot.sandbox.calls.call import OK, Route, follower
from bot.sandbox.errors import ApiError
from bot.sandbox.phones import Phone
from bot.sandbox.state import MassJob

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.state import Platform

Body = dict[str, Any]
KINDS = frozenset({"mpnews", "text", "voice", "image", "mpvideo"})
LIST_MIN, LIST_MAX = 2, 10_000
SPEEDS = (80, 60, 45, 30, 10)  # ten thousand a minute
SENDER = "oSandboxOfMassSends000000000"  # the event comes from no follower
QUEUED = {"errcode": 0, "errmsg": "send job submission success"}


def sendall(platform: Platform, call: Call) -> Body:
    """Queue a message for everybody or for one tag."""
    wanted = call.part("filter")
    if wanted.get("is_to_all") is True:
        audience = [p for p in platform.phones.values() if p.is_following]
    else:
        tag_id = wanted.get("tag_id")
        if tag_id not in platform.account.tags:
            raise ApiError(40152)
        audience = [p for p in platform.phones.values() if p.is_following and tag_id in p.tags]
    return _queue(platform, call, audience, is_to_all=wanted.get("is_to_all") is True)


def send(platform: Platform, call: Call) -> Body:
    """Queue a message for a list of openids; ids that are not followers count as errors."""
    openids = call.body.get("touser")
    if not isinstance(openids, list) or len(openids) < LIST_MIN:
        raise ApiError(40130)
    if len(openids) > LIST_MAX:
        raise ApiError(40032)
    known = [platform.phones[o] for o in dict.fromkeys(openids) if o in platform.phones]
    return _queue(platform, call, known, asked=len(openids))


def preview(platform: Platform, call: Call) -> Body:
    """Show a message to one follower; this spends no mass send."""
    phone = follower(platform, call.text("touser"))
    kind, body = _message(platform, call)
    _show(platform, phone, kind, body, call)
    return {"errcode": 0, "errmsg": "preview success", "msg_id": platform.next_id()}


def get(platform: Platform, call: Call) -> Body:
    """Tell how a job stands."""
    job = _job(platform, call)
    return {"msg_id": job.message_id, "msg_status": job.status}


def delete(platform: Platform, call: Call) -> Body:
    """Take the content back; the card stays on the phones."""
    _job(platform, call).status = "DELETE"
    return OK


def speed_get(platform: Platform, _call: Call) -> Body:
    """Tell the speed step and what it means."""
    speed = platform.account.mass_speed
    return {"speed": speed, "realspeed": SPEEDS[speed]}


def speed_set(platform: Platform, call: Call) -> Body:
    """Choose a speed step; here it changes nothing but the answer of speed/get."""
    speed = call.body.get("speed")
    if not isinstance(speed, int) or not 0 <= speed < len(SPEEDS):
        raise ApiError(45083)
    platform.account.mass_speed = speed
    return OK


def _queue(
    platform: Platform,
    call: Call,
    audience: list[Phone],
    *,
    is_to_all: bool = False,
    asked: int = 0,
) -> Body:
    kind, body = _message(platform, call)
    client_id = _client_id(platform, call)
    if is_to_all:
        _spend_day(platform)
    job = MassJob(platform.next_id(), client_id, platform.clock.now(), is_to_all=is_to_all)
    platform.account.mass_jobs[job.message_id] = job
    platform.spawn(_run(platform, call, job, audience, max(asked, len(audience))))
    answer = {**QUEUED, "msg_id": job.message_id}
    return {**answer, "msg_data_id": platform.next_id()} if kind == "mpnews" and body else answer


def _message(platform: Platform, call: Call) -> tuple[str, Body]:
    kind = call.text("msgtype")
    if kind == "wxcard":
        raise ApiError(45113)
    if kind not in KINDS:
        raise ApiError(40008)
    body = call.part("images" if kind == "image" and "images" in call.body else kind)
    if kind == "text" and not body.get("content"):
        raise ApiError(44004)
    if kind in ("voice", "image"):
        _check_media(platform, body)
    elif kind != "text" and not body.get("media_id"):
        raise ApiError(40007)
    return kind, body


def _check_media(platform: Platform, body: Body) -> None:
    ids = body.get("media_ids", [body.get("media_id")])
    if not isinstance(ids, list) or not ids or any(not platform.media(str(i)) for i in ids):
        raise ApiError(40007)


def _client_id(platform: Platform, call: Call) -> str:
    """Return the once-only id, derived from audience and content when none is given.

    Raises:
        ApiError: 45066 within a minute of the first use, 45065 with its job's id within a day.

    """
    config, now = platform.config, platform.clock.now()
    client_id = call.text("clientmsgid")
    if len(client_id.encode()) > config.clientmsgid_bytes_max:
        raise ApiError(45067)
    client_id = client_id or json.dumps(call.body, sort_keys=True)
    for job in platform.account.mass_jobs.values():
        if job.client_id == client_id and now - job.at < config.mass_client_window_s:
            if now - job.at < config.mass_retry_gap_s:
                raise ApiError(45066)
            raise ApiError(45065, msg_id=job.message_id)
    return client_id


def _spend_day(platform: Platform) -> None:
    """Allow one send to everybody a day and four a month; failed jobs do not count."""
    day, account = platform.clock.day(), platform.account
    if account.mass_days[day] >= platform.config.mass_all_per_day:
        raise ApiError(45028)
    if account.mass_days[day[:7]] >= platform.config.mass_per_month:
        raise ApiError(45028)
    account.mass_days.update([day, day[:7]])


async def _run(
    platform: Platform, call: Call, job: MassJob, audience: list[Phone], total: int
) -> None:
    """Send a little later, then push how it went."""
    await asyncio.sleep(platform.config.job_event_delay_s)
    status, month = platform.config.mass_status, platform.clock.day()[:7]
    allowed = [p for p in audience if p.mass_months[month] < platform.config.mass_per_month]
    reached = [p for p in allowed if p.is_following] if status == "send success" else []
    kind, body = _message(platform, call)
    for phone in reached:
        phone.mass_months[month] += 1
        _show(platform, phone, kind, body, call)
    job.status = "SEND_SUCCESS" if status == "send success" else "SEND_FAIL"
    filtered = total - (len(audience) - len(allowed))
    counts = {
        "TotalCount": total,
        "FilterCount": filtered,
        "SentCount": len(reached),
        "ErrorCount": filtered - len(reached),
    }
    await _finish(platform, job, status, counts)


async def _finish(platform: Platform, job: MassJob, status: str, counts: dict[str, int]) -> None:
    if status != "send success" and job.is_to_all:
        day = platform.clock.day()
        platform.account.mass_days.subtract([day, day[:7]])
    sender = Phone(SENDER, "")
    event = pushes.mass_finished(platform.head(sender), job.message_id, status, counts)
    await actions.push(platform, sender, event)


def _show(platform: Platform, phone: Phone, kind: str, body: Body, call: Call) -> None:
    shown = {"media_id": body["media_ids"][0]} if body.get("media_ids") else body
    entry = platform.show(phone, "account", bubbles.from_custom(kind, shown))
    entry.delivery = {"channel": "mass", "wire": {"request": {"body": call.body}}}
    platform.tell_entry(phone, entry)


def _job(platform: Platform, call: Call) -> MassJob:
    found = platform.account.mass_jobs.get(call.body.get("msg_id", 0))
    if found is None:
        raise ApiError(40059)
    return found


ROUTES = {
    "/cgi-bin/message/mass/sendall": Route("POST", sendall),
    "/cgi-bin/message/mass/send": Route("POST", send),
    "/cgi-bin/message/mass/preview": Route("POST", preview),
    "/cgi-bin/message/mass/get": Route("POST", get),
    "/cgi-bin/message/mass/delete": Route("POST", delete),
    "/cgi-bin/message/mass/speed/get": Route("POST", speed_get),
    "/cgi-bin/message/mass/speed/set": Route("POST", speed_set),
}
