"""What the service says to WeChat outside of a reply: a few typed verbs, errors sorted.

A send is made once. After a timeout, a reset or errcode -1 it raises `errors.Unknown` and is never
repeated here; a read is tried a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from bot.wechat import errors, menu
from bot.wechat.address import BASE_URL, TIMEOUT_S
from bot.wechat.caller import fields, number, read
from bot.wechat.custom import MenuOption
from bot.wechat.drafts import Drafts
from bot.wechat.mass import MassSending
from bot.wechat.media import Media
from bot.wechat.sending import Sending
from bot.wechat.tags import Tags

if TYPE_CHECKING:
    import aiohttp

    from bot.clock import Clock
    from bot.wechat.tokens import TokenStore

__all__ = ["Follower", "Gateway", "MenuOption", "QrCode", "Quota"]

QR_LIFE_MAX_S = 2_592_000
SCENE_MAX = 64
NO_MENU_CODE = 46003


@dataclass(frozen=True, slots=True)
class Follower:
    """What the platform still tells about a follower (WECHAT.md R13: no name, no picture)."""

    openid: str = field(repr=False)
    is_following: bool
    followed_at: datetime | None
    follow_scene: str
    qr_scene: str
    tag_ids: tuple[int, ...]
    remark: str


@dataclass(frozen=True, slots=True)
class QrCode:
    """A parametric QR code: draw `url`, or fetch the picture with the ticket."""

    ticket: str
    url: str
    expires_in_s: int | None


@dataclass(frozen=True, slots=True)
class WebLogin:
    """Who opened a page of ours; `is_snapshot`: a made-up openid of a page in snapshot mode."""

    openid: str = field(repr=False)
    is_snapshot: bool


@dataclass(frozen=True, slots=True)
class Quota:
    """How often a call may be made today (Beijing), was, and still may be."""

    limit: int
    used: int
    left: int


class Gateway(Sending, MassSending, Drafts, Media, Tags):
    """The account's voice; every verb raises `errors.WeChatError`."""

    @classmethod
    def open(
        cls,
        http: aiohttp.ClientSession,
        *,
        app_id: str,
        secret: str,
        clock: Clock,
        store: TokenStore | None = None,
        base: str = BASE_URL,
        timeout_s: float = TIMEOUT_S,
    ) -> Self:
        """Return a gateway over an open session, which the caller closes.

        wechatpy is imported here and not before: it costs 0.2 s of a start.
        """
        from bot.wechat.client import AsyncWeChatClient

        client = AsyncWeChatClient(
            app_id, secret, http, clock=clock, store=store, base_url=base, timeout_s=timeout_s
        )
        return cls(client)

    async def user_info(self, openid: str) -> Follower:
        """Return what is known about a follower."""
        answer = await read("user/info", lambda: self.client.user.get(openid))
        since = answer.get("subscribe_time")
        return Follower(
            openid=str(answer.get("openid", openid)),
            is_following=bool(answer.get("subscribe")),
            followed_at=datetime.fromtimestamp(int(since), UTC) if since else None,
            follow_scene=str(answer.get("subscribe_scene", "")),
            qr_scene=str(answer.get("qr_scene_str") or answer.get("qr_scene") or ""),
            tag_ids=tuple(int(tag) for tag in answer.get("tagid_list", [])),
            remark=str(answer.get("remark", "")),
        )

    async def publish_menu(self, wanted: menu.Menu) -> None:
        """Put a checked menu in place of the live one; may be repeated."""
        menu.check(wanted)
        await read("menu/create", lambda: self.client.menu.create(wanted.as_api()))

    async def current_menu(self) -> menu.Menu:
        """Return the live menu, whoever set it; empty when there is none."""
        try:
            answer = await read("get_current_selfmenu_info", self.client.operations.current_menu)
        except errors.Refused as error:
            if error.code == NO_MENU_CODE:
                return menu.Menu(())
            raise
        return menu.from_live(answer)

    async def create_qrcode(self, scene: str, life_s: int | None = None) -> QrCode:
        """Return a QR code for a scene of 1 to 64 characters; permanent without a life.

        There are 100,000 permanent codes (45029); a temporary one lives up to 30 days.
        Source: WECHAT.md 5.10 and R20 (the life is always sent).
        """
        if not 0 < len(scene) <= SCENE_MAX:
            raise ValueError(f"a scene has 1 to {SCENE_MAX} characters")
        action = {"scene": {"scene_str": scene}}
        asked: dict[str, Any] = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": action}
        if life_s is not None:
            seconds = min(max(life_s, 1), QR_LIFE_MAX_S)
            asked |= {"action_name": "QR_STR_SCENE", "expire_seconds": seconds}
        answer = fields("qrcode/create", "POST", await self.client.qrcode.create(asked))
        if "ticket" not in answer or "url" not in answer:
            raise errors.no_answer("qrcode/create", "POST")
        return QrCode(str(answer["ticket"]), str(answer["url"]), answer.get("expire_seconds"))

    async def token_check(self) -> tuple[str, ...]:
        """Return the addresses that pushes come from; proves appid, secret and IP whitelist.

        Raises:
            Refused: with a sentence for staff, for 40164 naming the address to let in.
        """

        async def ask() -> Any:
            return {"ip_list": await self.client.misc.get_wechat_ips()}

        answer = await read("getcallbackip", ask)
        return tuple(str(address) for address in answer["ip_list"])

    async def quota(self, path: str) -> Quota:
        """Return today's count of a call like `message/custom/send`; asking costs none of it.

        Source: WECHAT.md 4.2 (76021 there is no such path, 76022 it may not be asked).
        """
        api = "openapi/quota/get"
        asked = {"cgi_path": path if path.startswith("/") else f"/cgi-bin/{path}"}
        told = (await self.ask(api, asked)).get("quota")
        if not isinstance(told, Mapping):
            raise errors.no_answer(api, "GET")
        limit, used = (number(api, "GET", told, name) for name in ("daily_limit", "used"))
        return Quota(limit, used, max(limit - used, 0))

    async def web_login(self, code: str) -> WebLogin:
        """Return whose one-use code this is; asked once, because the code is spent by the asking.

        Source: WECHAT.md 5.11 (40029 made up, 40163 used before, 42003 older than five minutes).
        """
        asked = {
            "appid": self.client.appid,
            "secret": self.client.secret,
            "code": code,
            "grant_type": "authorization_code",
            "access_token": None,  # the account's own token has no business here
        }
        api = "sns/oauth2/access_token"
        answer = fields(api, "POST", await self.client.get(f"{BASE_URL}/{api}", params=asked))
        if not isinstance(answer.get("openid"), str) or not answer["openid"]:
            raise errors.no_answer(api, "POST")
        return WebLogin(answer["openid"], answer.get("is_snapshotuser") == 1)

    async def jsapi_ticket(self) -> tuple[str, float]:
        """Return the ticket that signs pages, and its life in seconds; callers share it.

        Source: WECHAT.md 5.12.
        """
        api = "ticket/getticket"
        answer = await read(api, lambda: self.client.jsapi.get_ticket("jsapi"))
        ticket, life_s = answer.get("ticket"), answer.get("expires_in")
        if not isinstance(ticket, str) or not ticket or not isinstance(life_s, int | float):
            raise errors.no_answer(api, "GET")
        return ticket, float(life_s)

    async def typing(self, openid: str) -> None:
        """Show the typing state for up to 15 s; a refusal is the caller's to ignore."""
        await self.client.operations.typing(openid)
