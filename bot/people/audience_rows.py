"""The conditions of an audience, on one parent's rows `guardian` and `follower`.

Where a parent is: a child is where its class is; a child without a class, and a parent who told of
no child, is where the code belongs by which the account was followed (`follower.scene`). The area
of a talk (`conversation`) is not used: it goes after 30 days and was asked for to answer, not to
choose by. Who has neither is in no place, and only the whole city's audiences hold them.

How it stays fast with 4 million guardians: one row a parent comes from the primary keys
(account, openid), in their order, so a page by keyset on openid reads on where the last ended.
Children are probed by `ix_child_person`, the talk's last moment by the key of `reach`. Where every
area lies below a district, few parents are meant: they are found first, by `ix_child_unit` and
`ix_follower_scene`, and nobody else is looked at. Whole districts are found so where one pass
counts them, not where pages are read: each page would find the district anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from bot.clock import GUANGZHOU
from bot.org import grades, scope
from bot.org.tables import units
from bot.people.audience_json import NotAnAudience
from bot.people.audience_shape import Audience, Behaviour, codes
from bot.people.families import children, guardians
from bot.people.followers import followers
from bot.people.reach import reach

#: By name, what a feature knows of parents: a value to a Select of account and openid.
Features = Mapping[str, Callable[[str], Select[Any]]]

#: Steps of a path: the city and the district.
DISTRICT_STEPS = 2
_WORDS = ("unit:", "class:")
_NEVER, _ALWAYS = 9999, 0
#: The node of the code by which the account was followed; empty: none, or no node's.
scene_path: ColumnElement[str] = case(
    *(
        (followers.c.scene.startswith(w), func.substr(followers.c.scene, len(w) + 1))
        for w in _WORDS
    ),
    else_=literal(""),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a condition is made for: the day, what features know, and how it will be read.

    `paged`: page by page. Then each row is looked up by itself; PostgreSQL would read all children
    anew for every page otherwise.
    """

    today: date
    features: Features
    paged: bool = False


def holds(audience: Audience, terms: Terms) -> ColumnElement[bool]:
    """Return the condition that a parent's rows are in the audience; it is never NULL.

    Raises:
        NotAnAudience: a feature's audience is asked for that no feature brings.
    """
    wanted = [_where(audience, terms), *_did(audience.behaviours, terms)]
    if audience.roles:
        wanted.append(guardians.c.role.in_(audience.roles))
    wanted += [_known(name, value, terms) for name, value in audience.features.items()]
    wanted += [~holds(other, terms) for other in audience.excluding]
    return and_(true(), *wanted)


def meant(audience: Audience, kid: FromClause, today: date) -> ColumnElement[bool]:
    """Return the condition that a child of the parent is one the audience is about."""
    wanted = [~_has_left(kid.c.stage, kid.c.entry_year, today)]
    if audience.is_about_children:
        wanted.append(_at_stage(audience, kid, today))
    if not audience.is_everywhere:
        by_code = (kid.c.unit == "") & _scene_in(audience.areas)
        wanted.append(_in(kid.c.unit, audience.areas) | by_code)
    return and_(*wanted)


def place(kid: FromClause) -> ColumnElement[str]:
    """Return where a child is, or (no row) its parent; empty: not known."""
    return func.coalesce(func.nullif(kid.c.unit, ""), scene_path)


def of_parent(kid: FromClause) -> ColumnElement[bool]:
    """Return the condition that a child's row belongs to the guardian's."""
    return (kid.c.account == guardians.c.account) & (kid.c.openid == guardians.c.openid)


def nearby(
    audience: Audience, account: str, *, below: int = DISTRICT_STEPS
) -> ColumnElement[bool] | None:
    """Return a condition that finds the parents of small areas by index; None: too many are meant.

    Small are areas with more than `below` steps. It lets through more than the audience holds, and
    never less.
    """
    steps = (area.count("/") + 1 for area in audience.areas)
    if audience.is_everywhere or min(steps, default=0) <= below:
        return None
    kid, other = children.alias(), followers.alias()
    by_class = select(kid.c.openid).where(kid.c.account == account, _in(kid.c.unit, audience.areas))
    by_code = select(other.c.openid).where(
        other.c.account == account, _scenes(other.c.scene, audience.areas)
    )
    return followers.c.openid.in_(union_all(by_class, by_code))


def _where(audience: Audience, terms: Terms) -> ColumnElement[bool]:
    if audience.is_everywhere and not audience.is_about_children:
        return true()
    kid, today = children.alias(), terms.today
    by_child = _any(kid, of_parent(kid) & meant(audience, kid, today), terms)
    if audience.is_about_children:
        return by_child
    own, node = children.alias(), units.alias()
    has_left = _has_left(func.coalesce(node.c.stage, ""), node.c.entry_year, today)
    gone = _any(node, (node.c.path == scene_path) & has_left, terms)
    by_code = _scene_in(audience.areas) & ~_any(own, of_parent(own), terms) & ~gone
    return by_child | by_code


def _any(table: FromClause, condition: ColumnElement[bool], terms: Terms) -> ColumnElement[bool]:
    found = select(literal(1)).select_from(table).where(condition)
    if terms.paged:  # with an offset PostgreSQL makes no join of it
        found = found.offset(0)
    return exists(found.correlate(guardians, followers))


def _has_left(
    stage: ColumnElement[Any], entry_year: ColumnElement[Any], today: date
) -> ColumnElement[bool]:
    """Return the condition that a cohort has left its stage by today."""
    year = grades.school_year(today)
    entered = func.coalesce(entry_year, _NEVER)
    long = {name: len(all_) for name, all_ in grades.words().grades.items() if all_}
    return or_(false(), *((stage == s) & (entered <= year - n) for s, n in long.items()))


def _at_stage(audience: Audience, kid: FromClause, today: date) -> ColumnElement[bool]:
    """Return the condition of stages and grades; who enters next September is in none yet."""
    wanted: list[ColumnElement[bool]] = []
    for code in audience.grades:
        stage, year = grades.place(code, today)
        wanted.append((kid.c.stage == stage) & (kid.c.entry_year == year))
    graded = {codes()[code] for code in audience.grades}
    whole = [stage for stage in audience.stages if stage not in graded]
    entered = func.coalesce(kid.c.entry_year, _ALWAYS) <= grades.school_year(today)
    return or_(kid.c.stage.in_(whole) & entered, *wanted)


def _in(path: ColumnElement[str], areas: Iterable[str]) -> ColumnElement[bool]:
    return or_(false(), *(scope.is_below(path, area) for area in areas))


def _scenes(scene: ColumnElement[Any], areas: Iterable[str]) -> ColumnElement[bool]:
    return _in(scene, [word + area for area in areas for word in _WORDS])


def _scene_in(areas: Iterable[str]) -> ColumnElement[bool]:
    return _scenes(func.coalesce(followers.c.scene, ""), areas)


def _did(did: Behaviour, terms: Terms) -> list[ColumnElement[bool]]:
    wanted, today = [], terms.today
    if did.wrote_within_days:
        wanted.append(_wrote_since(_days_ago(today, did.wrote_within_days), terms))
    if did.silent_for_days:
        wanted.append(~_wrote_since(_days_ago(today, did.silent_for_days), terms))
    if did.followed_within_days:
        since = int(_days_ago(today, did.followed_within_days).timestamp())
        wanted.append(followers.c.changed_s >= since)
    if did.clicked:
        wanted.append(_known("clicked", str(did.clicked), terms))
    if did.not_clicked:
        wanted.append(~_known("clicked", str(did.not_clicked), terms))
    return wanted


def _wrote_since(moment: datetime, terms: Terms) -> ColumnElement[bool]:
    """Return the condition that the parent wrote at or after a moment."""
    mine = (reach.c.account == guardians.c.account) & (reach.c.openid == guardians.c.openid)
    return _any(reach, mine & (reach.c.last_at >= moment), terms)


def _days_ago(today: date, days: int) -> datetime:
    """Return the first moment of a day in Guangzhou."""
    return datetime.combine(today - timedelta(days=days), time(), GUANGZHOU)


def _known(name: str, value: str, terms: Terms) -> ColumnElement[bool]:
    if name not in terms.features:
        raise NotAnAudience(f"features.{name}", "no feature knows such parents")
    found = terms.features[name](value).subquery()
    mine = (found.c.account == guardians.c.account) & (found.c.openid == guardians.c.openid)
    return _any(found, mine, terms)
