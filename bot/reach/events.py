"""What the platform tells about notices and messages: noted, nothing is shown to anybody."""

from __future__ import annotations

from bot.delivery import reports
from bot.dialogue.turn import Turn
from bot.people import acceptances
from bot.wechat import events


def answered(turn: Turn) -> None:
    """Count what a parent accepted or refused in the dialog of an article or page."""
    assert isinstance(turn.message, events.SubscribePopup)
    for choice in turn.message.choices:
        _choose(turn, choice.template_id, accepted=choice.accepted)


def switched_off(turn: Turn) -> None:
    """Note what a parent switched off in the client's settings; only refusals are told."""
    assert isinstance(turn.message, events.SubscribeChange)
    for choice in turn.message.choices:
        if not choice.accepted:
            _choose(turn, choice.template_id, accepted=False)


def noticed(turn: Turn) -> None:
    """Note what became of subscription notices."""
    assert isinstance(turn.message, events.SubscribeSent)
    who = turn.message
    for one in who.deliveries:
        row = reports.row(
            who.account, "notice", turn.now, one.message_id, str(one.code),
            openid=who.openid, template_id=one.template_id,
        )  # fmt: skip
        turn.write(reports.note, row)


def template_sent(turn: Turn) -> None:
    """Note what became of a template message."""
    assert isinstance(turn.message, events.TemplateSent)
    said = turn.message
    row = reports.row(
        said.account, "template", turn.now, said.message_id, said.status, openid=said.openid
    )
    turn.write(reports.note, row)


def mass_sent(turn: Turn) -> None:
    """Note what became of a mass job; the event comes from no parent."""
    assert isinstance(turn.message, events.MassSent)
    said = turn.message
    counts = {
        "total": said.total, "filtered": said.filtered, "sent": said.sent, "errors": said.errors,
    }  # fmt: skip
    row = reports.row(said.account, "mass", turn.now, said.message_id, said.status, counts=counts)
    turn.write(reports.note, row)


def _choose(turn: Turn, template_id: str, *, accepted: bool) -> None:
    rt, who = turn.rt, turn.message
    statement = acceptances.accept if accepted else acceptances.refuse
    row = acceptances.row(rt.settings, who.account, who.openid, template_id, turn.now)
    turn.write(statement(is_sqlite=rt.db.is_sqlite), row)
