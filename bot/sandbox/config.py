"""Every number of the pretend platform as a setting; defaults are what official pages say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.jobs import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Mapping

MODES = ("plain", "compatible", "safe")
FORMATS = ("xml", "json")
IMAGES = ("filter", "refuse")


class ConfigError(ValueError):
    """A setting is not valid; the message names it."""


def daily_limits() -> dict[str, int]:
    """Return calls a day per API path of a new verified account.

    Source: API call limits page, developers.weixin.qq.com/doc/service, read 2026-10.
    """
    return {
        "/cgi-bin/token": 2_000,
        "/cgi-bin/stable_token": 500_000,
        "/cgi-bin/message/custom/send": 500_000,
        "/cgi-bin/message/template/send": 100_000,
        "/cgi-bin/message/mass/send": 100,
        "/cgi-bin/message/mass/sendall": 100,
        "/cgi-bin/message/mass/preview": 100,
        "/cgi-bin/message/mass/delete": 10,
        "/cgi-bin/menu/create": 1_000,
        "/cgi-bin/menu/get": 10_000,
        "/cgi-bin/menu/delete": 1_000,
        "/cgi-bin/qrcode/create": 100_000,
        "/cgi-bin/user/get": 500,
        "/cgi-bin/user/info": 5_000_000,
        "/cgi-bin/tags/create": 1_000,
        "/cgi-bin/tags/get": 1_000,
        "/cgi-bin/tags/update": 1_000,
        "/cgi-bin/tags/members/batchtagging": 100_000,
        "/cgi-bin/media/upload": 100_000,
        "/cgi-bin/media/get": 200_000,
        "/cgi-bin/ticket/getticket": 1_000_000,
        "/cgi-bin/draft/add": 1_000,
        "/cgi-bin/draft/get": 500,
        "/cgi-bin/draft/update": 1_000,
        "/cgi-bin/draft/delete": 1_000,
        "/cgi-bin/draft/count": 1_000,
        "/cgi-bin/draft/batchget": 1_000,
        "/cgi-bin/freepublish/submit": 100,
        "/cgi-bin/freepublish/get": 100,
        "/cgi-bin/freepublish/getarticle": 100,
        "/cgi-bin/freepublish/batchget": 100,
        "/cgi-bin/freepublish/delete": 10,
    }


def minute_limits() -> dict[str, int]:
    """Return calls a minute per API path."""
    return {
        "/cgi-bin/stable_token": 10_000,
        "/cgi-bin/message/mass/send": 60,
        "/cgi-bin/message/mass/sendall": 60,
    }


def materials_max() -> dict[str, int]:
    """Return how many permanent files of each kind an account may keep."""
    return {"image": 100_000, "voice": 1_000, "video": 1_000, "thumb": 1_000}


@dataclass(frozen=True)
class SandboxConfig:
    """The settings of one pretend official account and of the platform around it."""

    host: str = "127.0.0.1"
    port: int = 8081
    webhook_url: str = "http://127.0.0.1:8080/wechat"  # replicas: several, with commas between
    token: str = "sandboxtoken"  # noqa: S105 - the shared word of a pretend account
    aes_key: str = ""
    app_id: str = "wx5a4d0c0de5a4d0c0"
    app_secret: str = "5a4d0c0de5a4d0c0de5a4d0c0de5a4d0"  # noqa: S105 - of a pretend account
    account_id: str = "gh_5a4d0c0de5a4"
    account_name: str = ""  # empty: the name in texts.yaml
    mode: str = "plain"
    data_format: str = "xml"
    seed: int = 1
    frozen_at: float = 0.0  # seconds since 1970; 0 lets the clock run
    push_timeout_s: float = 5.0
    deliveries_max: int = 3  # "three times in total" may mean 3 or 4
    retry_new_signature: bool = True  # not documented
    retry_pause_s: float = 0.0  # before a retry that follows a refused connection or a bad status
    rotation_s: float = 600.0  # old and new AES key are mixed this long after a change
    json_single_as_object: bool = True  # a list of one element comes as an object in JSON pushes
    text_bytes_max: int = 2048
    user_messages: int = 5
    user_window_s: float = 48 * 3600.0
    action_messages: int = 3
    action_window_s: float = 60.0
    typing_exchange_s: float = 30.0
    typing_shown_s: float = 15.0
    msgmenu_items_max: int = 10  # 45098 is official, its number is not printed
    msgmenu_item_bytes_max: int = 120  # 45099 likewise
    token_lifetime_s: float = 7200.0
    token_overlap_s: float = 300.0
    force_refresh_max: int = 20
    force_refresh_gap_s: float = 30.0
    clear_quota_max: int = 10
    clear_path_max: int = 50
    clientmsgid_bytes_max: int = 32  # 32 or 64, the pages differ
    client_msg_window_s: float = 600.0
    mass_client_window_s: float = 24 * 3600.0
    mass_retry_gap_s: float = 60.0
    mass_all_per_day: int = 1
    mass_per_month: int = 4
    mass_status: str = "send success"  # or send fail, err(10001), ...; the verdict on every job
    mass_speed_scale: float = 1.0  # 100: a hundred times as fast; 0: at once
    mass_confirm: bool = False  # every job waits for the administrator
    mass_confirm_all_only: bool = False  # with it: only sends to everybody, as the page says
    mass_confirm_s: float = 1800.0  # by the sandbox's clock, then err(40002)
    template_status: str = "success"  # or failed:user block, failed: system failed
    marketing_check: bool = True  # 40249 for the words of marketing_words.yaml
    bizsend_error: int = 0  # ErrorCode of subscribe_msg_sent_event; nothing is shown then
    draft_title_max: int = 32  # 32 on today's page, 64 on older ones
    draft_author_max: int = 16
    draft_digest_max: int = 128
    draft_content_max: int = 20_000  # must be less
    foreign_images: str = "filter"  # as the page says; or refuse, with 45166
    publish_delay_s: float = 0.3  # between submit and PUBLISHJOBFINISH
    publish_status: int = 0  # 0 done, 2 originality, 3 failed, 4 rejected; of every publication
    publish_event: bool = True  # reports say the event may not arrive
    publish_banned: bool = False  # 53500
    latency_ms: tuple[float, float] = (0.0, 0.0)  # least and most; every call takes so long
    code_lifetime_s: float = 300.0  # of a web login
    is_snapshot: bool = False  # web logins come from a snapshot page, with a virtual openid
    media_lifetime_s: float = 3 * 24 * 3600.0
    user_page: int = 10_000
    tag_delete_max: int = 100_000  # followers; a tag with more cannot be deleted
    tag_fails: str = ""  # openids, with commas, that batchtagging fails for: 45171
    menu_domains_max: int = 3
    qr_default_s: int = 60
    job_event_delay_s: float = 0.3  # between a template send and its finish event
    log_max: int = 500  # entries kept per phone
    keep_calls: int = 500  # API calls kept; 0 keeps none
    materials_max: Mapping[str, int] = field(default_factory=materials_max)
    daily_limits: Mapping[str, int] = field(default_factory=daily_limits)
    minute_limits: Mapping[str, int] = field(default_factory=minute_limits)

    def __post_init__(self) -> None:
        _require(3 <= len(self.token) <= 32, "token", "needs 3 to 32 characters")  # noqa: PLR2004
        _require(
            re.fullmatch(r"([A-Za-z0-9]{43})?", self.aes_key) is not None,
            "aes_key",
            "needs 43 letters or digits, or nothing",
        )
        _require(self.mode in MODES, "mode", f"is one of {', '.join(MODES)}")
        _require(self.mode == "plain" or self.aes_key != "", "aes_key", "is needed in this mode")
        _require(self.data_format in FORMATS, "data_format", f"is one of {', '.join(FORMATS)}")
        _require(
            all(re.fullmatch(r"https?://[^/\s,]+\S*", url) for url in self.webhooks),
            "webhook_url",
            "starts with http:// or https:// and a host",
        )
        _require(0 <= self.port <= 65535, "port", "is between 0 and 65535")  # noqa: PLR2004
        _require(self.deliveries_max >= 1, "deliveries_max", "is at least 1")
        _require(self.push_timeout_s > 0, "push_timeout_s", "is more than 0")
        _require(self.keep_calls >= 0, "keep_calls", "is at least 0")
        _require(0 <= self.latency_ms[0] <= self.latency_ms[1], "latency_ms", "is least,most")
        _require(VERDICTS.fullmatch(self.mass_status) is not None, "mass_status", "is no verdict")
        _require(self.foreign_images in IMAGES, "foreign_images", f"is one of {', '.join(IMAGES)}")
        _require(self.publish_status in (0, 2, 3, 4), "publish_status", "is 0, 2, 3 or 4")

    @property
    def webhooks(self) -> list[str]:
        """The addresses that get the pushes, in turn."""
        return [url.strip() for url in self.webhook_url.split(",")]

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> SandboxConfig:
        """Build a configuration from words or JSON values.

        Raises:
            ConfigError: an unknown name or a value that does not fit; the message names the field.

        """
        return cls().changed(values)

    def changed(self, values: Mapping[str, Any]) -> SandboxConfig:
        """Return a copy with these fields replaced, read as in `from_mapping`."""
        known = {f.name for f in fields(self)}
        for name in values:
            _require(name in known, str(name), "is not a setting")
        return replace(self, **{n: _read(n, getattr(self, n), v) for n, v in values.items()})


def _require(holds: bool, name: str, what: str) -> None:  # noqa: FBT001 - the claim comes first
    if not holds:
        raise ConfigError(f"{name} {what}")


def _read(name: str, present: Any, value: Any) -> Any:
    """Return the value as the kind of the present one."""
    if isinstance(present, bool):
        return _read_bool(name, value)
    if isinstance(present, dict):
        _require(isinstance(value, dict), name, "is a mapping of path to number")
        return {**present, **{str(k): _read_number(name, int, v) for k, v in value.items()}}
    if isinstance(present, tuple):
        return _read_pair(name, value)
    if isinstance(present, int | float):
        return _read_number(name, type(present), value)
    _require(isinstance(value, str), name, "is a text")
    return value


def _read_bool(name: str, value: Any) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    word = str(value).lower()
    _require(word in words, name, "is true or false")
    return words[word]


def _read_number(name: str, kind: type[int | float], value: Any) -> float:
    try:
        return kind(value)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{name} is a number, not {value!r}") from error


def _read_pair(name: str, value: Any) -> tuple[float, float]:
    """Return least and most, from a list, from words with a comma, or from one number for both."""
    parts = value.split(",") if isinstance(value, str) else value
    numbers = parts if isinstance(parts, list | tuple) else [parts]
    _require(len(numbers) in (1, 2), name, "is one or two numbers")
    return _read_number(name, float, numbers[0]), _read_number(name, float, numbers[-1])
