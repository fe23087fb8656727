"""What goes to one parent: customer messages, subscription notices, template messages.

Every verb makes its request once. Only a template message carries a key, so only that may be sent
again after `errors.Unknown`, with the same key and inside `TEMPLATE_KEY_LIFE_S`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import InvalidInput
from bot.wechat import texts
from bot.wechat.caller import Caller, number
from bot.wechat.custom import CustomContent, CustomMenu, CustomNews, CustomText, MenuOption
from bot.wechat.replies import Article

TEMPLATE_KEY_LIFE_S = 600  # RELIABILITY.md 2.3: same openid and id is sent once in ten minutes
KEY_MAX_BYTES = 32  # WECHAT.md R10: 32 or 64, the sources differ


class Sending(Caller):
    """Verbs for one parent."""

    async def send_custom(self, openid: str, content: CustomContent) -> None:
        """Send a customer message, at most once.

        Source: WECHAT.md 5.1 (accepted is not delivered; no client id, so no safe repeat).
        """
        message = {"touser": openid, "msgtype": content.kind, content.kind: content.body()}
        await self.write("message/custom/send", message)

    async def send_text(self, openid: str, text: str) -> None:
        """Send words as a customer message, cut to 2,048 bytes; at most once."""
        await self.send_custom(openid, CustomText(text))

    async def send_menu(
        self, openid: str, head: str, options: Sequence[MenuOption], tail: str = ""
    ) -> None:
        """Send a question with answers to tap on, ten at most; at most once."""
        await self.send_custom(openid, CustomMenu(head, tuple(options), tail))

    async def send_news(self, openid: str, article: Article) -> None:
        """Send one card with a link (two give 45008); at most once."""
        await self.send_custom(openid, CustomNews(article))

    async def send_notice(
        self, openid: str, template_id: str, data: Mapping[str, str], page: str = ""
    ) -> None:
        """Send a subscription notice, at most once; `page` is the address behind the card.

        Values are made to fit by `notice_fields.fit`. There is neither a key nor a message id: the
        outcome comes as a `SubscribeSent` event.
        Source: WECHAT.md 5.3 (43101: no acceptance left).
        """
        asked: dict[str, Any] = {"touser": openid, "template_id": template_id, "data": _data(data)}
        await self.write("message/subscribe/bizsend", asked | ({"page": page} if page else {}))

    async def send_template(
        self, openid: str, template_id: str, data: Mapping[str, str], *, key: str, url: str = ""
    ) -> int:
        """Send a template message; return its message id, which a `TemplateSent` event repeats.

        Args:
            openid: the parent.
            template_id: a template of the account.
            data: values by field, made to fit by `notice_fields.fit`.
            key: 1 to 32 bytes of ASCII, kept before the request leaves; the platform sends a key
                once to a parent in ten minutes.
            url: the address behind the card.

        Source: WECHAT.md 5.2.
        """
        asked: dict[str, Any] = {"touser": openid, "template_id": template_id, "data": _data(data)}
        asked |= {"client_msg_id": checked_key(key)} | ({"url": url} if url else {})
        api = "message/template/send"
        return number(api, "POST", await self.write(api, asked), "msgid")


def checked_key(key: str) -> str:
    """Return a key that the platform takes.

    Raises:
        InvalidInput: it is empty, not ASCII or longer than 32 bytes.
    """
    if not key or not key.isascii() or len(key) > KEY_MAX_BYTES:
        raise InvalidInput("send.key")
    return key


def _data(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"value": texts.clean(value)} for name, value in data.items()}
