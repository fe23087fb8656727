"""The subscription notice of a live talk: reminded of, or cancelled; where its template is set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.logs import log
from bot.runtime import Runtime
from bot.wechat import notice_fields


def notice(
    rt: Runtime, talk: Any, at: datetime, what: str, when: str, url: str
) -> Mapping[str, Any] | None:
    """Return the notice of a talk, its fields cut to their rules; None where none is used.

    `at` is the beginning in Beijing time; `what` one short sentence, empty for no notice.
    """
    template = rt.settings.live_notice
    if not template or not what:
        return None
    values = {
        "title": talk.title, "platform": talk.platform, "speaker": talk.speaker or talk.platform,
        "day": at.strftime("%Y-%m-%d"), "time": at.strftime("%H:%M"), "what": what, "when": when,
    }  # fmt: skip
    wanted = dict(pair.split("=") for pair in rt.settings.live_notice_fields.split())
    data = {key: notice_fields.fit(key, values[name]) for key, name in wanted.items()}
    wrong = notice_fields.faults(data, list(data))
    if wrong:  # the platform would refuse it for everybody: the other channels are used
        log.error("live_notice_refused", fields=[one.key for one in wrong])
        return None
    return {"template_id": template, "data": data, "url": url}
