"""wechatpy's methods that use a result on the spot, written again to await it.

All others only build a request and work over the asynchronous transport as they are
(DEPENDENCIES.md 5: 304 of 306 compared calls are the same on the wire).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wechatpy.client import api

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping


QR_PICTURE_URL = "https://mp.weixin.qq.com/cgi-bin/showqrcode"


class AwaitedUser(api.WeChatUser):  # type: ignore[misc] # wechatpy has no types
    """Followers."""

    async def iter_followers(self, first_user_id: str | None = None) -> AsyncIterator[str]:
        """Yield every openid; `data` is missing on an empty page, and `next_openid` may repeat."""
        while True:
            page = await self.get_followers(first_user_id)
            for openid in page.get("data", {}).get("openid", []):
                yield openid
            first_user_id = page.get("next_openid")
            if not first_user_id or not page.get("count"):
                return

    async def get_group_id(self, user_id: str) -> Any:
        """Return the group of a follower."""
        return (await self._post("groups/getid", data={"openid": user_id}))["groupid"]


class AwaitedTag(api.WeChatTag):  # type: ignore[misc] # wechatpy has no types
    """Tags."""

    async def iter_tag_users(
        self, tag_id: int, first_user_id: str | None = None
    ) -> AsyncIterator[str]:
        """Yield every openid with a tag."""
        while True:
            page = await self.get_tag_users(tag_id, first_user_id)
            for openid in page.get("data", {}).get("openid", []):
                yield openid
            first_user_id = page.get("next_openid")
            if not first_user_id or not page.get("count"):
                return


class AwaitedDataCube(api.WeChatDataCube):  # type: ignore[misc] # wechatpy has no types
    """Statistics."""

    async def get_user_summary(self, begin_date: Any, end_date: Any) -> Any:
        """Return new and lost followers by day; at most seven days."""
        days = {
            "begin_date": self._to_date_str(begin_date),
            "end_date": self._to_date_str(end_date),
        }
        return (await self._post("getusersummary", data=days))["list"]


class AwaitedQRCode(api.WeChatQRCode):  # type: ignore[misc] # wechatpy has no types
    """QR codes."""

    async def show(self, ticket: str | Mapping[str, str]) -> Any:
        """Return the picture of a ticket, a `client.Binary`; wechatpy's own blocks the loop."""
        value = ticket if isinstance(ticket, str) else ticket["ticket"]
        # No token is needed, so none is sent.
        return await self._get(QR_PICTURE_URL, params={"ticket": value, "access_token": None})


class AwaitedJSAPI(api.WeChatJSAPI):  # type: ignore[misc] # wechatpy has no types
    """JS-SDK tickets; the caller keeps them, two hours each."""

    async def get_jsapi_ticket(self) -> str:
        """Return a new ticket for `wx.config`."""
        return str((await self.get_ticket("jsapi"))["ticket"])

    async def get_jsapi_card_ticket(self) -> str:
        """Return a new ticket for cards."""
        return str((await self.get_ticket("wx_card"))["ticket"])
