"""Stars and certificates in the chat: short words, and the page for the rest."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import func, select

from bot.awards import facts, holding, issuing, proving, rules, serials
from bot.clock import GUANGZHOU
from bot.dialogue.turn import Turn
from bot.h5 import links
from bot.people.families import Person
from bot.school.certificate_tables import certificates

STARS, MINE, VERIFY = "my_stars", "my_certificate", "verify_certificate"
#: Certificates named in one answer.
_MOST = 5


def my_stars(turn: Turn) -> str:
    """Tell the stars and what the next one asks for: two indexed reads."""
    person = _person(turn)
    held = select(func.max(certificates.c.rule)).where(
        holding.mine(person), certificates.c.rule.like(f"{issuing.STAR}-%")
    )
    wanted = facts.record_of([person]).add_columns(held.scalar_subquery().label("best"))
    rows = turn.read(wanted)
    finished = turn.read(facts.finished_of([person]))
    found, _ = holding.told(turn.rt, rows, finished, [r.best or "" for r in rows[:1]])
    name = "main" if found.star else "none"
    said = turn.say(STARS, name, number=rules.number(found.star), text=found.sentence)
    return _with_page(turn, STARS, said, "mine/stars")


def my_certificate(turn: Turn) -> str:
    """Name the newest certificates; the page issues what is not issued yet."""
    rows = turn.read(holding.of(_person(turn)).limit(_MOST))
    if not rows:
        return _with_page(turn, MINE, turn.say(MINE), "mine/certificates", "look")
    told = "\n".join(_line(turn, row) for row in rows)
    said = turn.say(MINE, "list", lines=told)
    return _with_page(turn, MINE, said, "mine/certificates")


def _line(turn: Turn, row: Any) -> str:
    content = json.loads(row.snapshot)
    name = "revoked" if row.revoked_at else "one"
    values = {"title": content["title"], "text": content["about"], "hours": content["hours"]}
    return turn.say(MINE, name, number=content["serial"], **values)


def verify_certificate(turn: Turn) -> str:
    """Say what is known of the serial in the words: one indexed read."""
    given = turn.understanding.slots.get("code") if turn.understanding else None
    if not given:
        return _with_page(turn, VERIFY, turn.say(VERIFY), "verify")
    serial = serials.read(str(given)) or serials.read(turn.text)
    if serial is None:
        return _with_page(turn, VERIFY, turn.say(VERIFY, "unknown"), "verify")
    rows = turn.read(proving.of(serial))
    found = proving.judge(serial, rows[0] if rows else None)
    if found.content is None:
        return turn.say(VERIFY, found.status)
    said = turn.say(
        VERIFY, found.status, number=serial, title=str(found.content["title"]), mark=found.name,
        text=str(found.content["text"]), hours=str(found.content["hours"]), reason=found.reason,
        day=rows[0].issued_at.astimezone(GUANGZHOU).date().isoformat(),
    )  # fmt: skip
    return _with_page(turn, VERIFY, said, f"verify/{serial}")


def _person(turn: Turn) -> Person:
    return turn.message.account, turn.message.openid


def _with_page(turn: Turn, intent: str, said: str, path: str, name: str = "page") -> str:
    """Return the words with the page's address below, where parents can reach our pages."""
    link = links.page(turn.rt, path)
    return f"{said}\n{turn.say(intent, name, link=link)}" if link else said
