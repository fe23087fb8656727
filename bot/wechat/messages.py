"""What a parent sends: one frozen record for each message type.

Events are in `events`. Both have the same first fields, so that a table can read any of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inbound:
    """What every push carries.

    Attributes:
        account: our own account (`gh_...`), the sender of the reply.
        openid: the follower, a personal datum: never logged.
        created_at: when it was sent, in whole seconds since 1970 by the platform's clock.
        key: equal for every retry of one push; unique together with the openid.
    """

    account: str
    openid: str
    created_at: int
    key: str


@dataclass(frozen=True, slots=True)
class Message(Inbound):
    """Something the follower sent; opens the 48 h window; `key` is the MsgId."""


@dataclass(frozen=True, slots=True)
class Text(Message):
    """Words. `menu_id` is set when they come from a tap on an option of a message menu."""

    content: str
    menu_id: str = ""


@dataclass(frozen=True, slots=True)
class Image(Message):
    """A picture; the media id lives three days."""

    picture_url: str
    media_id: str


@dataclass(frozen=True, slots=True)
class Voice(Message):
    """A recording. `recognition` is empty since the platform withdrew it (WECHAT.md R11)."""

    media_id: str
    format: str
    recognition: str


@dataclass(frozen=True, slots=True)
class Video(Message):
    """A video from the album."""

    media_id: str
    thumb_media_id: str


@dataclass(frozen=True, slots=True)
class ShortVideo(Message):
    """A video taken in the chat."""

    media_id: str
    thumb_media_id: str


@dataclass(frozen=True, slots=True)
class Location(Message):
    """A place, in degrees; the label may be empty."""

    latitude: float
    longitude: float
    scale: int
    label: str


@dataclass(frozen=True, slots=True)
class Link(Message):
    """A shared page."""

    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class File(Message):
    """A file; seen in the wild, not in the official list."""

    title: str
    description: str
    file_key: str
    md5: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Unknown(Inbound):
    """A message or event this service has no record for: answer `success`, log only the name.

    Attributes:
        kind: the MsgType, or `event`.
        event: the event's name in lower case; empty for messages.
    """

    kind: str
    event: str
