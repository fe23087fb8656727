"""Families for tests of audiences: parents with children, codes and wishes, written at once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from bot.org import grades
from bot.people.consents import Kind
from bot.people.families import children, consents, guardians
from bot.people.followers import followers
from bot.people.reach import reach
from tests.support import world
from tests.support.desk import MORNING

CITY_PLACES = (
    "gz/tianhe/shifan/shifan-1", "gz/tianhe/shifan/shifan-1/2024/3", "gz/tianhe/shifan-10/2024/1",
    "gz/yuexiu/dongshan-1", "gz/yuexiu/dongshan-1/2025/2", "gz/tianhe",
)  # fmt: skip


@dataclass(frozen=True)
class Kid:
    stage: str
    entry_year: int | None = None
    unit: str = ""


@dataclass(frozen=True)
class Family:
    """One parent; `wrote` and `followed` are days ago, `wants` kinds agreed to."""

    openid: str
    kids: tuple[Kid, ...] = ()
    role: str = "mother"
    scene: str | None = None
    follows: bool = True
    agreed: bool = True
    off: bool = False
    quiet: bool = False
    wrote: int | None = None
    followed: int = 100
    wants: tuple[str, ...] = ()
    account: str = world.ACCOUNT


async def write(db, families, now=MORNING):
    """Write families as they stand at a moment."""
    rows = {table: [] for table in (followers, guardians, children, consents, reach)}
    for one in families:
        who = {"account": one.account, "openid": one.openid}
        followed = int((now - timedelta(days=one.followed)).timestamp())
        rows[followers].append(
            who | {"follows": one.follows, "changed_s": followed, "scene": one.scene,
                   "reminders_off_at": now if one.off else None,
                   "quiet_until": now + timedelta(days=1) if one.quiet else None}
        )  # fmt: skip
        if one.agreed:
            rows[guardians].append(
                who | {"role": one.role, "is_elder": False, "personal_off_at": None,
                       "added_at": now, "changed_at": now}
            )  # fmt: skip
            rows[children] += [
                who | {"stage": k.stage, "entry_year": k.entry_year, "unit": k.unit,
                       "source": "code" if k.unit else "told", "added_at": now}
                for k in one.kids
            ]  # fmt: skip
        for kind in Kind:
            given = kind == "service" or kind in one.wants
            rows[consents].append(
                who | {"kind": kind, "version": "1", "is_given": given, "at": now}
            )
        if one.wrote is not None:
            rows[reach].append(
                who | {"last_at": now - timedelta(days=one.wrote), "window_until": None,
                       "window_left": 0}
            )  # fmt: skip
    async with db.write() as tx:
        for table, listed in rows.items():
            if listed:
                await tx.execute(insert(table), listed)


def many(count, seed=7):
    """Return so many families drawn by a seed."""
    draw = random.Random(seed)
    return [_one(draw, f"o{draw.getrandbits(60):018x}{n:05d}") for n in range(count)]


def _one(draw, openid):
    return Family(
        openid=openid,
        kids=tuple(_kid(draw) for _ in range(draw.choice((0, 1, 1, 1, 2, 3)))),
        role=draw.choice(("mother", "father", "grandparent", "other", "")),
        scene=draw.choice((None, "event:fair", "qr", "unit:gz", *(f"unit:{p}" for p in CITY_PLACES),
                           *(f"class:{p}" for p in CITY_PLACES))),
        follows=draw.random() < 0.9,
        agreed=draw.random() < 0.9,
        off=draw.random() < 0.15,
        quiet=draw.random() < 0.1,
        wrote=draw.choice((None, 0, 1, 2, 5, 30)),
        followed=draw.choice((0, 3, 10, 400)),
        wants=tuple(k for k in ("lessons", "events") if draw.random() < 0.5),
        account=world.ACCOUNT if draw.random() < 0.95 else "gh_other0000001",
    )  # fmt: skip


def _kid(draw):
    stage = draw.choice(("infant", "kinder", "primary", "junior", "senior"))
    year = None if stage == "infant" or draw.random() < 0.2 else draw.randint(2018, 2027)
    return Kid(stage, year, draw.choice(("", "", *CITY_PLACES)))


def is_below(path, area):
    return path == area or path.startswith(f"{area}/")


def path_of(scene):
    word, colon, path = (scene or "").partition(":")
    return path if colon and word in ("unit", "class") else ""


def years_in(kid, today):
    """Return how long the child has been in its stage, counted from 0; None: not known."""
    return None if kid.entry_year is None else grades.school_year(today) - kid.entry_year


def is_in(audience, one, today, now=MORNING):
    """Say whether a family is in an audience, worked out by hand and without a database."""
    if not (one.follows and one.agreed and one.account == world.ACCOUNT):
        return False
    return _holds(audience, one, today, now)


def _holds(audience, one, today, now):
    did = audience.behaviours
    wrote = None if one.wrote is None else now - timedelta(days=one.wrote)
    followed = now - timedelta(days=one.followed)
    return (
        _is_there(audience, one, today)
        and (not audience.roles or one.role in audience.roles)
        and (not did.wrote_within_days or _since(wrote, today, did.wrote_within_days))
        and (not did.silent_for_days or not _since(wrote, today, did.silent_for_days))
        and (not did.followed_within_days or _since(followed, today, did.followed_within_days))
        and not any(_holds(other, one, today, now) for other in audience.excluding)
    )


def _since(moment, today, days):
    begin = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(days=days, hours=8)
    return moment is not None and moment >= begin


def _is_there(audience, one, today):
    asked = bool(audience.stages or audience.grades)
    if "" in audience.areas and not asked:
        return True
    if any(_is_meant(audience, kid, one, today) for kid in one.kids):
        return True
    return not asked and not one.kids and _lies(path_of(one.scene), audience.areas)


def _is_meant(audience, kid, one, today):
    long = len(grades.words().grades.get(kid.stage, ())) or 10**6
    years = years_in(kid, today)
    if years is not None and years >= long:
        return False
    if "" not in audience.areas and not _lies(kid.unit or path_of(one.scene), audience.areas):
        return False
    if not (audience.stages or audience.grades):
        return True
    graded = {grades.place(code, today) for code in audience.grades}
    if (kid.stage, kid.entry_year) in graded:
        return True
    whole = set(audience.stages) - {stage for stage, _ in graded}
    return kid.stage in whole and (years is None or years >= 0)


def _lies(path, areas):
    return any(not area or is_below(path, area) for area in areas)
