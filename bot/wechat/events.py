"""What happens around a follower: one frozen record for each event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.wechat.messages import Inbound


@dataclass(frozen=True, slots=True)
class Event(Inbound):
    """Something that happened; `key` holds its second, its name and a hash of its fields."""


@dataclass(frozen=True, slots=True)
class Subscribe(Event):
    """A new follower; `scene` is set when they came by one of our QR codes."""

    scene: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Unsubscribe(Event):
    """A follower left: their data must be deleted (WECHAT.md R12)."""


@dataclass(frozen=True, slots=True)
class Scan(Event):
    """A follower scanned one of our QR codes."""

    scene: str
    ticket: str


@dataclass(frozen=True, slots=True)
class LocationReport(Event):
    """Where the follower is, in degrees, as the client reports it."""

    latitude: float
    longitude: float
    precision_m: float


@dataclass(frozen=True, slots=True)
class Click(Event):
    """A tap on a menu item of type click."""

    event_key: str


@dataclass(frozen=True, slots=True)
class View(Event):
    """A tap on a menu item that opens a page; opens no message window."""

    url: str
    menu_id: str


@dataclass(frozen=True, slots=True)
class ViewMiniprogram(Event):
    """A tap on a menu item that opens a mini-program."""

    path: str
    menu_id: str


@dataclass(frozen=True, slots=True)
class ScanCode(Event):
    """A code scanned by a menu item; `waits` when the client shows that an answer is coming."""

    event_key: str
    waits: bool
    scan_type: str
    result: str


@dataclass(frozen=True, slots=True)
class Pictures(Event):
    """Pictures chosen by a menu item; the images follow as messages of their own."""

    event_key: str
    source: str
    md5s: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocationSelect(Event):
    """A place chosen by a menu item; a location message follows."""

    event_key: str
    latitude: float
    longitude: float
    scale: int
    label: str
    poi: str


@dataclass(frozen=True, slots=True)
class TemplateSent(Event):
    """The outcome of a template message: `success`, `failed:user block`, ..."""

    message_id: str
    status: str


@dataclass(frozen=True, slots=True)
class MassSent(Event):
    """The outcome of a mass send; the openid is not a follower's. Counts are of followers."""

    message_id: str
    status: str
    total: int
    filtered: int
    sent: int
    errors: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What a follower answered about one subscription notice."""

    template_id: str
    accepted: bool
    scene: str


@dataclass(frozen=True, slots=True)
class SubscribePopup(Event):
    """The dialog for subscription notices was answered."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class SubscribeChange(Event):
    """A notice was switched off in the client's settings; only refusals are pushed."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of one subscription notice; code 0 is success."""

    template_id: str
    message_id: str
    code: int
    status: str


@dataclass(frozen=True, slots=True)
class SubscribeSent(Event):
    """Subscription notices were delivered, or not."""

    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Published(Event):
    """The outcome of publishing a draft; status 0 is success."""

    publish_id: str
    status: int
    article_id: str
    urls: tuple[str, ...]
    failed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CustomerSession(Event):
    """A human desk took, passed on or left a conversation; `previous` only for a switch."""

    change: Literal["create", "close", "switch"]
    kf_account: str
    previous: str


@dataclass(frozen=True, slots=True)
class AuthorizationChanged(Event):
    """A follower changed, withdrew or cancelled what they authorised: delete what was obtained."""

    change: Literal["modified", "revoked", "cancelled"]
    subject: str
    revoked: str


@dataclass(frozen=True, slots=True)
class AccountNotice(Event):
    """The platform tells the operator about the account: verification, naming, renewal."""

    name: str
    at: int
    reason: str
