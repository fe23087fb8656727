"""Calls that wechatpy 1.8.18 lacks, as API classes of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from wechatpy.client.api.base import BaseWeChatAPI

if TYPE_CHECKING:
    from collections.abc import Awaitable


class WeChatOperations(BaseWeChatAPI):  # type: ignore[misc] # wechatpy has no types
    """Typing state, quotas and network checks."""

    def typing(self, openid: str, *, on: bool = True) -> Awaitable[Any]:
        """Show or hide the typing state; the platform hides it after 15 s.

        Source: WECHAT.md 5.1 (needs an exchange in the last 30 s, else 45080).
        """
        command = "Typing" if on else "CancelTyping"
        return self._call("message/custom/typing", {"touser": openid, "command": command})

    def quota_get(self, cgi_path: str) -> Awaitable[Any]:
        """Return the daily limit and use of a path like `/cgi-bin/message/custom/send`."""
        return self._call("openapi/quota/get", {"cgi_path": cgi_path})

    def clear_quota(self) -> Awaitable[Any]:
        """Set all daily counters to zero; ten times a month (48006)."""
        return self._call("clear_quota", {"appid": self.appid})

    def callback_check(
        self,
        action: Literal["dns", "ping", "all"] = "all",
        operator: Literal["CHINANET", "UNICOM", "CAP", "DEFAULT"] = "DEFAULT",
    ) -> Awaitable[Any]:
        """Let the platform look up and ping the webhook's address."""
        return self._call("callback/check", {"action": action, "check_operator": operator})

    def get_api_domain_ip(self) -> Awaitable[Any]:
        """Return the addresses of api.weixin.qq.com."""
        answer: Awaitable[Any] = self._get(
            "get_api_domain_ip", result_processor=lambda answer: answer["ip_list"]
        )
        return answer

    def current_menu(self) -> Awaitable[Any]:
        """Return the menu that is live, whether set by the API or in the console."""
        answer: Awaitable[Any] = self._get("get_current_selfmenu_info")
        return answer

    def _call(self, path: str, data: dict[str, str]) -> Awaitable[Any]:
        answer: Awaitable[Any] = self._post(path, data=data)
        return answer
