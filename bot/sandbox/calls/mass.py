"""Mass sends: audiences, once-only ids, monthly and daily limits, the finish event.

Source: mass send pages and codes 40130, 45028, 45065-45067, developers.weixin.qq.com, read 2026-10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import bubbles, ledger, sending
from bot.sandbox.calls.call import OK, Route, follower
from bot.sandbox.errors import ApiError
from bot.sandbox.jobs import SPEEDS, MassJob
from bot.sandbox.ledger import Message
from bot.sandbox.reach import reach

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.phones import Phone
    from bot.sandbox.state import Platform

Body = dict[str, Any]
KINDS = frozenset({"mpnews", "text", "voice", "image", "mpvideo"})
LIST_MIN, LIST_MAX = 2, 10_000
DELETABLE = ("mpnews", "mpvideo")
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
    message_id = platform.next_id()
    reach(platform, phone, _message(platform, call, "preview", job=message_id))
    return {"errcode": 0, "errmsg": "preview success", "msg_id": message_id}


def get(platform: Platform, call: Call) -> Body:
    """Tell how a job stands."""
    job = _job(platform, call)
    return {"msg_id": job.message_id, "msg_status": job.status}


def delete(platform: Platform, call: Call) -> Body:
    """Take articles or a video back; the cards stay on the phones.

    Source: deleteMassMsg page, developers.weixin.qq.com/doc/service, read 2026-10: only what was
    sent with success, and no other kind of message (40008). `article_idx` 0 means all.
    """
    job, index = _job(platform, call), call.body.get("article_idx", 0)
    if job.kind not in DELETABLE:
        raise ApiError(40008)
    if job.status != "SEND_SUCCESS":
        raise ApiError(40059)
    if not isinstance(index, int) or not 0 <= index <= max(1, len(job.links)):
        raise ApiError(40114)
    for link in job.links if index == 0 else job.links[index - 1 : index]:
        platform.account.pages.pop(link.rpartition("/")[2], None)
    is_whole = index == 0 or len(job.links) <= 1
    job.status = "DELETE" if is_whole else job.status
    return OK


def speed_get(platform: Platform, _call: Call) -> Body:
    """Tell the speed step and what it means."""
    speed = platform.account.mass_speed
    return {"speed": speed, "realspeed": SPEEDS[speed]}


def speed_set(platform: Platform, call: Call) -> Body:
    """Choose a speed step; a job that is running goes on at the new one."""
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
    message_id = platform.next_id()
    message = _message(platform, call, "mass", job=message_id)
    client_id = _client_id(platform, call)
    if is_to_all:
        _spend_day(platform)
    job = MassJob(
        message_id,
        client_id,
        platform.clock.now(),
        platform.clock.day(),
        message,
        audience,
        max(asked, len(audience)),
        is_to_all=is_to_all,
        draft_id=str(call.part("mpnews")["media_id"]) if call.text("msgtype") == "mpnews" else "",
    )
    platform.account.mass_jobs[message_id] = job
    platform.spawn(sending.run(platform, job))
    answer = {**QUEUED, "msg_id": message_id}
    return {**answer, "msg_data_id": platform.next_id()} if job.draft_id else answer


def _message(platform: Platform, call: Call, channel: str, *, job: int) -> Message:
    """Return the message with what the ledger keeps of it; a wrong one is refused."""
    kind, body = _content(platform, call)
    shown = {"media_id": body["media_ids"][0]} if body.get("media_ids") else body
    if kind == "mpnews":
        shown = {"title": platform.account.drafts[body["media_id"]].articles[0]["title"]}
    wire = {k: v for k, v in call.body.items() if k != "touser"}  # ten thousand ids are not shown
    bubble = bubbles.from_custom(kind, shown)
    return Message(channel, bubble, wire, key=call.text("clientmsgid"), job=job)


def _content(platform: Platform, call: Call) -> tuple[str, Body]:
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
    elif kind == "mpnews":
        _check_draft(platform, body)
    elif kind == "mpvideo" and not body.get("media_id"):
        raise ApiError(40007)
    return kind, body


def _check_draft(platform: Platform, body: Body) -> None:
    """Accept the id of a draft; it dies with the first send that succeeds."""
    if body.get("media_id") not in platform.account.drafts:
        raise ApiError(40007)


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
    client_id = client_id or f"{ledger.digest(call.body):016x}"
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


def _job(platform: Platform, call: Call) -> MassJob:
    word = call.text("msg_id")  # the pages show a number here and a text there
    found = platform.account.mass_jobs.get(int(word)) if word.isdecimal() else None
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
