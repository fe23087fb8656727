"""Puts a message of the account on a person's phone: a row of the ledger, a line of the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import texts

if TYPE_CHECKING:
    from bot.sandbox.ledger import Message
    from bot.sandbox.phones import Phone
    from bot.sandbox.state import Platform


def reach(platform: Platform, phone: Phone, message: Message) -> None:
    """Deliver a message; passive replies take another way and are not in the ledger."""
    platform.ledger.add(platform.clock.now(), phone.openid, message)
    if not phone.is_opened:
        return
    entry = platform.show(phone, "account", message.bubble)
    body = {} if phone.is_light else message.wire
    entry.delivery = _delivery(message.channel, body)
    platform.tell_entry(phone, entry)


def open_chat(platform: Platform, phone: Phone) -> None:
    """Make the chat of a light phone: one line for each message that reached it so far."""
    if phone.is_opened:
        return
    phone.log = []
    for row in platform.ledger.of(phone.openid):
        entry = platform.show(phone, "account", {"type": "text", "content": _line(row)})
        entry.at, entry.delivery = row["at"], _delivery(row["channel"], {})
    del phone.log[: -platform.config.log_max]
    platform.tell_phone(phone)


def _line(row: dict[str, Any]) -> str:
    shown = ("channel", "digest", "template_id", "job")
    return texts.say("light_line", **{name: row[name] for name in shown})


def _delivery(channel: str, body: dict[str, Any]) -> dict[str, Any]:
    shown = "mass" if channel == "preview" else channel
    return {"channel": shown, "wire": {"request": {"body": body}}}
