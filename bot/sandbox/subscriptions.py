"""What a person decides about subscription notices and template messages of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import actions, pushes, texts
from bot.sandbox.errors import NotHere

if TYPE_CHECKING:
    from bot.sandbox.callback import Delivery
    from bot.sandbox.phones import Phone
    from bot.sandbox.state import Platform

SCENES = (0, 1, 2)


async def answer(
    platform: Platform, phone: Phone, answers: dict[str, bool], scene: int = 0
) -> Delivery:
    """Answer one dialog, which may ask for several notices; one event carries all answers.

    One acceptance of a one-off notice allows one message; whether several add up is not documented.
    """
    if scene not in SCENES:
        raise NotHere("scene is 0, 1 or 2")
    titles = _titles(platform, list(answers))
    for template_id, accepts in answers.items():
        had = phone.accepted.get(template_id, 0)
        phone.accept(template_id, had + 1 if accepts else 0)
    said = zip(answers.values(), titles, strict=True)
    lines = [texts.say("accepted" if yes else "refused", title=title) for yes, title in said]
    bubble = {"type": "system", "content": "\n".join(lines)}
    entry = platform.show(phone, "notice", bubble)
    fields = pushes.subscribe_popup(platform.head(phone), answers, scene)
    return await actions.push(platform, phone, fields, entry)


async def switch_off(platform: Platform, phone: Phone, template_ids: list[str]) -> Delivery:
    """Switch notices off in the phone's settings; nothing that was accepted is left.

    Source: subscription notice events page, developers.weixin.qq.com/doc/service, read 2026-10:
    the change event comes for rejections only, so switching on again tells nobody.
    """
    titles = _titles(platform, template_ids)
    for template_id in template_ids:
        phone.accept(template_id, 0)
    lines = [texts.say("switched_off", title=title) for title in titles]
    entry = platform.show(phone, "notice", {"type": "system", "content": "\n".join(lines)})
    fields = pushes.subscribe_change(platform.head(phone), template_ids)
    return await actions.push(platform, phone, fields, entry)


def block(platform: Platform, phone: Phone, *, on: bool) -> None:
    """Refuse or take template messages; the account learns it from the next finish event."""
    phone.is_blocking = on
    words = texts.say("blocked" if on else "unblocked")
    platform.show(phone, "notice", {"type": "system", "content": words})
    platform.tell_phone(phone)


def _titles(platform: Platform, template_ids: list[str]) -> list[str]:
    owned = platform.account.templates
    if not template_ids or any(template_id not in owned for template_id in template_ids):
        raise NotHere("there is no template with this id", 404)
    return [str(owned[template_id]["title"]) for template_id in template_ids]
