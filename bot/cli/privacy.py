"""`bot privacy report`: what an audit asks for, in counts and times; never whose."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import click
from sqlalchemy import Column, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import logs, settings
from bot.app import opened
from bot.curation.tables import gap_questions
from bot.dialogue.tables import conversation, inbox
from bot.h5 import privacy as texts
from bot.h5.links import COUNTED_DAYS
from bot.h5.tables import parent_links
from bot.handoff.tables import accesses, alerts, tickets, views
from bot.library.tables import decisions, wishes
from bot.people.families import consents, holds
from bot.profile.jobs import TALK_DAYS
from bot.profile.tables import erasures
from bot.runtime import Runtime
from bot.settings import Settings

#: Counts are given for these many days, and for ever.
_DAYS = (30, 365)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Rows to count: by when they came, and what a row must be."""

    name: str
    at: Column[Any]
    where: tuple[Any, ...] = ()


_REQUESTS = (
    _Counted("copies of one's data asked for", parent_links.c.made_at),
    _Counted("copies opened", parent_links.c.made_at, (parent_links.c.uses > 0,)),
    *(
        _Counted(f"erasures by {via}", erasures.c.at, (erasures.c.via == via,))
        for via in ("chat", "page", "unfollow")
    ),
    _Counted("erasures with a ticket held by law", erasures.c.at, (erasures.c.held.is_(True),)),
    _Counted("consents given", consents.c.at, (consents.c.is_given.is_(True),)),
    _Counted("consents withdrawn", consents.c.at, (consents.c.is_given.is_(False),)),
)
_ACCESSES = (
    _Counted("wishes to read words", accesses.c.asked_at),
    _Counted("granted by a second person", accesses.c.granted_at, (accesses.c.granted_by > 0,)),
    _Counted("refused", accesses.c.refused_at, (accesses.c.refused_at.is_not(None),)),
    _Counted("opened as an emergency", accesses.c.asked_at, (accesses.c.emergency.is_(True),)),
    _Counted(
        "emergencies reviewed", accesses.c.reviewed_at, (accesses.c.reviewed_at.is_not(None),)
    ),
    _Counted("looks at words", views.c.at),
    _Counted("legal holds placed", holds.c.placed_at),
    _Counted("legal holds lifted", holds.c.lifted_at, (holds.c.lifted_at.is_not(None),)),
)


def _kept(given: Settings) -> list[tuple[Table, Column[Any], float | None]]:
    """Return the tables with personal data: their time, and the days they are kept."""
    answers, talks = float(given.decision_days), given.ticket_days
    return [
        (inbox, inbox.c.received_at, given.inbox_hours / 24),
        (conversation, conversation.c.updated_at, float(TALK_DAYS)),
        (decisions, decisions.c.at, answers),
        (gap_questions, gap_questions.c.at, answers),
        (wishes, wishes.c.at, answers),
        (tickets, tickets.c.closed_at, float(talks)),
        (alerts, alerts.c.at, None),
        (parent_links, parent_links.c.made_at, float(COUNTED_DAYS)),
    ]


@click.group()
def privacy() -> None:
    """Look after what is kept about parents (docs/privacy.md)."""


@privacy.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def report(*, as_json: bool) -> None:
    """Print counts and times of requests, what is kept and how old it is, and who read words."""
    loaded = settings.load()
    logs.configure(level="error", form=loaded.log_format)
    found = asyncio.run(_report(loaded))
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else _plain(found))


async def _report(loaded: Settings) -> dict[str, Any]:
    async with opened(loaded) as rt, rt.db.read() as tx:
        return await told(rt, tx)


async def told(rt: Runtime, tx: AsyncConnection) -> dict[str, Any]:
    """Return the report as plain values."""
    now = rt.clock.now()
    return {
        "at": now.isoformat(timespec="seconds"),
        "text": texts.version(),
        "requests": {c.name: await _counts(tx, c, now) for c in _REQUESTS},
        "accesses": {c.name: await _counts(tx, c, now) for c in _ACCESSES},
        "kept": [await _age(tx, now, *row) for row in _kept(rt.settings)],
    }


async def _counts(tx: AsyncConnection, what: _Counted, now: datetime) -> list[int]:
    rows = select(func.count()).select_from(what.at.table).where(*what.where)
    since = [rows.where(what.at >= now - timedelta(days=days)) for days in _DAYS]
    return [int(await tx.scalar(wanted) or 0) for wanted in (*since, rows)]


async def _age(
    tx: AsyncConnection, now: datetime, table: Table, at: Column[Any], days: float | None
) -> dict[str, Any]:
    known = [] if "openid" not in table.c else [table.c.openid != ""]
    if table is parent_links:
        known = []
    count, oldest = (await tx.execute(select(func.count(), func.min(at)).where(*known))).one()
    age = None if oldest is None else round((now - oldest).total_seconds() / 86400, 2)
    is_late = days is not None and age is not None and age > days + 1
    return {"table": table.name, "rows": count, "oldest_days": age, "days": days, "late": is_late}


def _plain(found: dict[str, Any]) -> str:
    lines = [f"at {found['at']}, privacy text {found['text']}"]
    for part in ("requests", "accesses"):
        lines += ["", f"{part:40}{'30 days':>9}{'365 days':>9}{'all':>9}"]
        for name, counts in found[part].items():
            lines.append(f"{name:40}" + "".join(f"{n:>9}" for n in counts))
    lines += [
        "",
        "an erasure is done in the transaction that asks for it; backups: 35 days at most",
    ]
    lines += ["", f"{'kept':20}{'rows':>9}{'oldest':>9}{'limit':>9}  (days)"]
    for row in found["kept"]:
        age, limit = ("-" if row[k] is None else f"{row[k]:g}" for k in ("oldest_days", "days"))
        late = "  LATE: does `bot work` run?" if row["late"] else ""
        lines.append(f"{row['table']:20}{row['rows']:>9}{age:>9}{limit:>9}{late}")
    return "\n".join(lines)
