"""A form to an audience, and back: every fault stands beside its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audiences import places
from bot.console.forms import Form
from bot.org import grades
from bot.people import audience_saved
from bot.people.actor import Actor
from bot.people.audience import Audience, Behaviour, Features
from bot.people.audience_json import DAYS_MAX, EXCLUDING_MAX
from bot.people.audience_saved import EDIT, Saved
from bot.people.audience_shape import CITY, ROLES, STAGES, codes, widest
from bot.people.consents import Kind

NAME_MAX = 60
#: The city as a box to tick: a form has no empty value.
EVERYWHERE = "*"
KINDS = ("", Kind.LESSONS.value, Kind.EVENTS.value)
_DAYS = {
    "wrote": "wrote_within_days",
    "silent": "silent_for_days",
    "followed": "followed_within_days",
}
_LISTS = ("stages", "grades", "roles")
#: The name of a feature's audiences whose value the form asks for beside what parents did.
CLICKED = "clicked"
_CLICKS = ("clicked", "not_clicked")
_NUMBER_MAX = 99_999_999


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form asks for; `excluded` are the numbers of saved audiences taken out."""

    name: str
    audience: Audience
    excluded: tuple[int, ...] = ()
    kind: Kind | None = None


def grade_names() -> list[tuple[str, str]]:
    """Return the codes of grades with the names people know."""
    named = grades.words().grades
    return [(code, named[stage][int(code[1:]) - 1]) for code, stage in codes().items()]


@dataclass(slots=True)
class Choices:
    """What the form offers to this person."""

    areas: list[tuple[str, str]]
    saved: list[Saved]
    features: tuple[str, ...]
    has_clicks: bool
    grades: list[tuple[str, str]] = field(default_factory=grade_names)


async def choices(
    tx: AsyncConnection, actor: Actor, features: Features, city: str, but: int | None = None
) -> Choices:
    """Return what one person may choose from; `but` is the audience at hand."""
    own = audience_saved.own(actor)
    areas = [(EVERYWHERE, city)] if CITY in own else []
    areas += [
        (u.path, u.name) for u in await places.offered(tx, own) if u.parent or CITY not in own
    ]
    saved = [s for s in await audience_saved.listed(tx, actor) if s.id != but]
    known = tuple(sorted(set(features) - {CLICKED}))
    return Choices(areas, saved, known, CLICKED in features)


async def read(
    tx: AsyncConnection, actor: Actor, form: Form, offered: Choices, *, needs_name: bool
) -> Wanted | None:
    """Return what a form asks for; None where something is wrong with it."""
    name = form.text("name", most=NAME_MAX, needed=needs_name)
    audience = Audience(
        areas=await _areas(tx, actor, form, offered),
        stages=form.some_of("stages", STAGES),
        grades=form.some_of("grades", codes()),
        roles=form.some_of("roles", ROLES),
        behaviours=_behaviours(form, offered),
        features=_features(form, offered),
    )
    ids = form.some_of("excluded", [str(s.id) for s in offered.saved])
    if len(ids) > EXCLUDING_MAX:
        form.wrong("excluded", "audiences.excluded_most", most=EXCLUDING_MAX)
    kind = form.one_of("kind", KINDS) if form.values.get("kind") else ""
    if not form:
        return None
    taken_out = [s for s in offered.saved if str(s.id) in ids]
    plain = tuple(_flat(s.audience) for s in taken_out)
    whole = Audience(**{n: getattr(audience, n) for n in _PLAIN}, excluding=plain)
    return Wanted(name, whole, tuple(s.id for s in taken_out), Kind(kind) if kind else None)


_PLAIN = ("areas", "stages", "grades", "roles", "behaviours", "features")


def _flat(audience: Audience) -> Audience:
    """Return an audience without what it excludes: more is taken out, never less."""
    return Audience(**{name: getattr(audience, name) for name in _PLAIN})


async def _areas(
    tx: AsyncConnection, actor: Actor, form: Form, offered: Choices
) -> tuple[str, ...]:
    ticked = form.some_of("areas", [value for value, _ in offered.areas])
    lines = [line.strip() for line in form.values.get("named", "").splitlines() if line.strip()]
    if len(lines) > places.LINES_MAX:
        form.wrong("named", "audiences.places_most", most=places.LINES_MAX)
        return ()
    try:
        found = await places.named(tx, audience_saved.own(actor, EDIT), lines)
    except places.NotOnePlace as refused:
        form.wrong("named", str(refused), place=refused.line)
        return ()
    areas = [CITY if value == EVERYWHERE else value for value in ticked]
    if not areas and not found:
        form.wrong("areas", "audiences.no_place")
    return widest([*areas, *found])


def _behaviours(form: Form, offered: Choices) -> Behaviour:
    names = dict.fromkeys(_CLICKS, _NUMBER_MAX) if offered.has_clicks else {}
    given = {to: _whole(form, name, DAYS_MAX) for name, to in _DAYS.items()}
    given |= {name: _whole(form, name, most) for name, most in names.items()}
    return Behaviour(**given)


def _whole(form: Form, name: str, most: int) -> int | None:
    return form.whole(name, 1, most) if form.values.get(name, "").strip() else None


def _features(form: Form, offered: Choices) -> Mapping[str, str]:
    given = {n: form.text(f"feature-{n}", most=64, needed=False) for n in offered.features}
    return {name: value for name, value in given.items() if value}


def values(
    saved: Saved, offered: Sequence[tuple[str, str]]
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return what a form shows of a saved audience: ticked boxes, and texts."""
    audience, boxes = saved.audience, {value for value, _ in offered}
    ticked = {name: list(getattr(audience, name)) for name in _LISTS}
    areas = [area or EVERYWHERE for area in audience.areas]
    ticked["areas"] = [area for area in areas if area in boxes]
    ticked["excluded"] = [str(number) for number in saved.excluded]
    texts = {"name": saved.name, "named": "\n".join(a for a in areas if a not in boxes)}
    did = audience.behaviours
    numbers = {n: getattr(did, to) for n, to in _DAYS.items()}
    numbers |= {n: getattr(did, n) for n in _CLICKS}
    texts |= {n: str(value) for n, value in numbers.items() if value is not None}
    return ticked, texts | {f"feature-{n}": value for n, value in audience.features.items()}
