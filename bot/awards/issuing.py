"""Certificates are issued: what the rules say somebody has earned, once, whoever looks first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.awards import facts, keys, rules, serials, signing, stars
from bot.awards.facts import Learner
from bot.clock import day
from bot.db.upsert import insert_if_new
from bot.h5 import links
from bot.people.families import Person
from bot.runtime import Runtime
from bot.school import record
from bot.school.certificate_tables import certificates

_COLUMNS = (
    "serial", "account", "openid", "rule", "period", "snapshot", "signature", "key", "template",
    "issued_at",
)  # fmt: skip
COURSE, STAR = "course", "star"


@dataclass(frozen=True, slots=True)
class Earned:
    """A certificate somebody has earned by the rules of today."""

    rule: str
    period: str
    title: str
    about: str
    text: str
    minutes: int


def earned(learner: Learner, today: date) -> list[Earned]:
    """Return everything the rules give: a course each, and the stars of each school year."""
    texts = rules.issuing(today).texts
    found = [_course(learner, row, texts[COURSE]) for row in learner.finished]
    for year in learner.years:
        part = learner.within(year)
        reached = stars.reached(facts.count(part), today)
        found += [_star(part, year, n + 1, today) for n in range(reached)]
    return found


def _course(learner: Learner, row: Any, texts: Mapping[str, str]) -> Earned:
    told = {name: text.format(course=row.title) for name, text in texts.items()}
    return Earned(COURSE, row.course, minutes=learner.minutes(row.course), **told)


def _star(part: Learner, year: int, star: int, today: date) -> Earned:
    values = {
        "star": rules.number(star),
        "first": year,
        "last": year + 1,
        "needs": rules.asked(rules.levels(today).needs[star - 1]),
    }
    texts = rules.issuing(today).texts[STAR]
    told = {name: text.format(**values) for name, text in texts.items()}
    return Earned(f"{STAR}-{star}", f"{year}-{year + 1}", minutes=part.minutes(), **told)


async def issue(rt: Runtime, tx: AsyncConnection, persons: Sequence[Person]) -> int:
    """Issue what these persons have earned and do not have; returns how many were tried.

    A second worker that does the same at the same time adds nothing: the row is unique.
    """
    missing = await _missing(rt, tx, persons)
    if missing:
        signer = await keys.signer(rt, tx)
        rows = [_row(rt, signer, person, one) for person, one in missing]
        statement = insert_if_new(certificates, _COLUMNS, is_sqlite=rt.db.is_sqlite)
        await tx.execute(statement, rows)
    return len(missing)


async def is_due(rt: Runtime, tx: AsyncConnection, person: Person) -> bool:
    """Say whether `issue` would add something for somebody."""
    return bool(await _missing(rt, tx, [person]))


async def _missing(
    rt: Runtime, tx: AsyncConnection, persons: Sequence[Person]
) -> list[tuple[Person, Earned]]:
    today, c = day(rt.clock.now()), certificates.c
    rows = (await tx.execute(facts.record_of(persons))).all()
    finished = (await tx.execute(facts.finished_of(persons))).all()
    known = select(c.account, c.openid, c.rule, c.period).where(
        tuple_(c.account, c.openid).in_(list(persons))
    )
    have = {tuple(row) for row in await tx.execute(known)}
    return [
        (person, one)
        for person, learner in facts.learners(rows, finished).items()
        for one in earned(learner, today)
        if (*person, one.rule, one.period) not in have
    ]


def _row(rt: Runtime, signer: keys.Signer, person: Person, one: Earned) -> dict[str, Any]:
    now = rt.clock.now()
    today = day(now)
    serial, by = serials.make(today.year), rules.issuing(today)
    snapshot = signing.canonical(
        {
            "about": one.about,
            "hours": _hours(one.minutes),
            "issued": today.isoformat(),
            "issuer": rt.settings.certificate_issuer or rules.certificates()["issuer"],
            "key": signer.id,
            "minutes": one.minutes,
            "name": "",
            "period": one.period,
            "rule": one.rule,
            "rules": by.version,
            "serial": serial,
            "template": by.template,
            "text": one.text,
            "title": one.title,
            "url": links.page(rt, "verify"),
        }
    )
    signature = signing.sign(signer.private, snapshot)
    return {
        "serial": serial, "account": person[0], "openid": person[1], "rule": one.rule,
        "period": one.period, "snapshot": snapshot, "signature": signature,
        "key": signer.id, "template": by.template, "issued_at": now,
    }  # fmt: skip


def _hours(minutes: int) -> str:
    """Return hours (学时) with one decimal, cut, not rounded; `6`, not `6.0`."""
    tenths = minutes * 10 // record.hours()["hour"]
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


async def settle(rt: Runtime, tx: AsyncConnection, row: Any, name: str) -> bool:
    """Put the name the parent typed on a certificate, once and for all; an empty one is allowed.

    Until then nobody has seen a picture of it. Returns whether this call did it.
    """
    signer = await keys.signer(rt, tx)
    held = json.loads(row.snapshot) | {"name": name, "key": signer.id}
    held["url"] = links.page(rt, "verify") or held["url"]
    snapshot = signing.canonical(held)
    c = certificates.c
    open_still = (c.id == row.id) & c.settled_at.is_(None) & c.erased_at.is_(None)
    done = await tx.execute(
        update(certificates)
        .where(open_still)
        .values(
            snapshot=snapshot,
            signature=signing.sign(signer.private, snapshot),
            key=signer.id,
            settled_at=rt.clock.now(),
        )
    )
    return done.rowcount == 1


def persons_of(rows: Iterable[Any]) -> list[Person]:
    """Return the persons of rows, each once, in their order."""
    return list(dict.fromkeys((row.account, row.openid) for row in rows))
