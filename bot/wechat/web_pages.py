"""What pages in the WeChat browser need: who opened them, and the ticket that signs them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.wechat import errors
from bot.wechat.address import BASE_URL
from bot.wechat.caller import Caller, fields, read


@dataclass(frozen=True, slots=True)
class WebLogin:
    """Who opened a page of ours; `is_snapshot`: a made-up openid of a page in snapshot mode."""

    openid: str = field(repr=False)
    is_snapshot: bool


class WebPages(Caller):
    """Verbs for pages."""

    async def web_login(self, code: str) -> WebLogin:
        """Return whose one-use code this is; asked once, because the code is spent by the asking.

        Only where the connection is cut does aiohttp ask again; the answer then is 40163.
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
