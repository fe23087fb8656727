"""What an operator may set about sending; part of `bot.settings.Settings`."""

from __future__ import annotations

import re

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

#: A field of a notice's template and what it holds.
_FIELD = r"[a-z_]+\d+=(course|lesson|day|time|what)"
_LIVE_FIELD = r"[a-z_]+\d+=(title|speaker|platform|day|time|when|what)"


class SendingSettings(BaseSettings):
    """Windows, limits, quiet hours and second persons."""

    customer_window_hours: int = Field(
        48, ge=1, le=48, description="how long the platform takes customer messages"
    )
    customer_messages: int = Field(
        5, ge=1, le=100, description="how many it takes after a message of the parent"
    )
    tap_messages: int = Field(
        3, ge=0, le=100, description="how many it takes after a follow, a scan or a tap in a menu"
    )
    tap_window_s: int = Field(
        60, ge=0, le=172_800, description="seconds in which it takes them after those"
    )
    template_messages: bool = Field(
        default=False, description="broadcasts may use template messages"
    )
    long_notices: str = Field(
        "", description="template ids of long-term subscription notices, with commas"
    )

    course_notice: str = Field(
        "", description="template id of the subscription notice that reminds of courses"
    )
    course_notice_fields: str = Field(
        "thing1=course date2=day thing3=what",
        description="what its fields hold: course, lesson, day, time, what",
    )

    live_notice: str = Field(
        "", description="template id of the subscription notice that reminds of live talks"
    )
    live_notice_fields: str = Field(
        "thing1=title time2=when thing3=what",
        description="what its fields hold: title, speaker, platform, day, time, when, what",
    )

    weekly_pushes: int = Field(
        5, ge=0, le=100, description="pushes a parent gets in seven days; 0: no limit"
    )
    send_concurrency: int = Field(
        64, ge=1, le=500, description="requests a batch of a broadcast has under way at once"
    )
    mass_lists: int = Field(
        100, ge=0, le=100, description="mass calls a broadcast may make before it goes by a tag"
    )

    second_person_from: int = Field(
        500, ge=10, le=10_000_000, description="recipients from which a second person approves"
    )
    hold_s: int = Field(
        90, ge=60, le=120, description="seconds an approved broadcast can be undone before it sends"
    )

    quiet_from: str = Field("21:00", description="from then on nothing is sent unasked, Beijing")
    quiet_to: str = Field("08:00", description="until then nothing is sent unasked, Beijing")

    @field_validator("course_notice_fields")
    @classmethod
    def _pairs(cls, value: str) -> str:
        if not re.fullmatch(rf"{_FIELD}( {_FIELD})*", value):
            raise ValueError("must look like thing1=course date2=day thing3=what")
        return value

    @field_validator("live_notice_fields")
    @classmethod
    def _live_pairs(cls, value: str) -> str:
        if not re.fullmatch(rf"{_LIVE_FIELD}( {_LIVE_FIELD})*", value):
            raise ValueError("must look like thing1=title time2=when thing3=what")
        return value

    @field_validator("quiet_from", "quiet_to")
    @classmethod
    def _time_of_day(cls, value: str) -> str:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError("must look like 21:00")
        return value
