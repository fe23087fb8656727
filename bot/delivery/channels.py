"""One request to the platform for each channel, from a content and a claim."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.delivery import clicks
from bot.delivery.claims import Claim
from bot.delivery.order import LINK, Content, Order
from bot.delivery.states import Channel
from bot.runtime import Runtime
from bot.wechat.replies import Article

if TYPE_CHECKING:
    from bot.delivery.send_tags import SendTag
    from bot.wechat.gateway import Gateway
    from bot.wechat.mass import MassMessage

Send = Callable[["Gateway", Claim, Mapping[str, Any]], Awaitable[int | None]]
#: A mass job goes to two openids at least (40130).
MASS_LEAST = 2


async def send(rt: Runtime, gateway: Gateway, order: Order, claim: Claim) -> int | None:
    """Send one parent's message; returns the platform's number of it, where it tells one.

    Raises:
        WeChatError: what the platform refused; `Unknown` where nobody knows.
    """
    said = content_of(rt, order, claim)
    return await _SENDERS[claim.channel](gateway, claim, said)


async def send_mass(gateway: Gateway, order: Order, claims: Sequence[Claim]) -> int:
    """Queue one mass job for all rows of a batch; returns the job's number."""
    message = _massed(order, claims[0].variant)
    job = await gateway.mass_send([one.openid for one in claims], message, key=claims[0].key)
    return job.message_id


async def send_tag(gateway: Gateway, order: Order, tag: SendTag, key: str) -> int:
    """Queue one mass job for everybody with the tag of a send; returns the job's number."""
    assert tag.tag is not None
    job = await gateway.mass_tag(tag.tag, _massed(order, tag.variant), key)
    return job.message_id


def _massed(order: Order, variant: int) -> MassMessage:
    from bot.wechat import mass

    said = order.texts[variant].mass or {}
    if "media_id" in said:
        return mass.MassArticle(said["media_id"])
    return mass.MassText(said["text"])


def content_of(rt: Runtime, order: Order, claim: Claim) -> Mapping[str, Any]:
    """Return what is said to one parent, the own link put in."""
    text = _text(order, claim)
    said = text.of(claim.channel) or {}
    if not text.target:
        return said
    link = clicks.address(rt, order.id, claim.n)
    filled: Mapping[str, Any] = _filled(said, link)
    return filled


def _text(order: Order, claim: Claim) -> Content:
    return order.texts[claim.variant]


def _filled(said: Any, link: str) -> Any:
    if isinstance(said, str):
        return said.replace(LINK, link)
    if isinstance(said, Mapping):
        return {name: _filled(value, link) for name, value in said.items()}
    return said


async def _custom(gateway: Gateway, claim: Claim, said: Mapping[str, Any]) -> None:
    if "text" in said:
        await gateway.send_text(claim.openid, said["text"])
        return
    await gateway.send_news(claim.openid, Article(**said))


async def _notice(gateway: Gateway, claim: Claim, said: Mapping[str, Any]) -> None:
    await gateway.send_notice(
        claim.openid, said["template_id"], said["data"], page=said.get("url", "")
    )


async def _template(gateway: Gateway, claim: Claim, said: Mapping[str, Any]) -> int:
    return await gateway.send_template(
        claim.openid, said["template_id"], said["data"], key=claim.key, url=said.get("url", "")
    )


_SENDERS: Mapping[Channel, Send] = {
    Channel.CUSTOM: _custom,
    Channel.NOTICE: _notice,
    Channel.TEMPLATE: _template,
}
