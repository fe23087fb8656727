"""Where help is found: by street, by district, by the place a parent sends; honest when empty."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from bot.clock import day
from bot.dialogue.turn import Pass, Turn
from bot.directory import card, queries
from bot.directory.geo import rounded
from bot.directory.place import Place
from bot.directory.words import words
from bot.org.tables import units
from bot.wechat import messages

#: What a number picks from, and what a conversation waits for: the parent's part of the city.
OFFER, WHERE = "place", "directory_where"
STATION, EXPERT = "find_station", "find_expert"
_ASKED = {STATION: "station", EXPERT: "expert"}
_MOST, _MINUTES = 3, 30
#: A text no longer than this, given when asked for a place, was meant as one.
_PLACE_CHARS = 8
_CITY = "gz"


def find_station(turn: Turn) -> str:
    """Offer what is near; ask for the district where nothing tells it."""
    return _find(turn, STATION)


def find_expert(turn: Turn) -> str:
    """Offer experts and studios of the parent's district, or of the city."""
    return _find(turn, EXPERT)


def _find(turn: Turn, intent: str) -> str:
    street, area = _told(turn, turn.text)
    area = area or turn.talk.area
    if area or intent == EXPERT:
        return _offer_area(turn, intent, area or _CITY, street)
    return _ask(turn, intent, "where")


def where(turn: Turn) -> str | Pass:
    """Take the answer to `which district`; a question in between goes its own way."""
    pending = turn.talk.pending
    assert pending is not None
    assert turn.understanding is not None
    street, area = _told(turn, turn.text)
    if area:
        turn.talk.wait()
        return _offer_area(turn, pending["asked"], area, street)
    understood = turn.understanding
    is_guess = understood.intent == "ask_question" or understood.rule.startswith("classifier:")
    is_place = is_guess and len(turn.text) <= _PLACE_CHARS
    if is_place and not pending.get("again"):
        return _ask(turn, pending["asked"], "where_again", again=True)
    return Pass.NOT_MINE


def located(turn: Turn) -> str:
    """Offer the nearest to a place the parent sent; its label may name the district."""
    message = turn.message
    assert isinstance(message, messages.Location)
    kinds = words().asked["station"]
    turn.talk.wait()
    near = queries.nearest(turn.read, kinds, message.latitude, message.longitude, _MOST)
    if near:
        lines = [_near_line(turn, n, place, away) for n, (place, away) in enumerate(near, 1)]
        return _list(turn, turn.say(STATION, "near"), [p for p, _ in near], lines)
    street, area = _told(turn, message.label)
    if area:
        return _offer_area(turn, STATION, area, street)
    return _ask(turn, STATION, "away")


def choose(turn: Turn) -> str:
    """Show everything that is known of the place behind a number."""
    assert turn.understanding is not None
    assert turn.talk.choices is not None
    code = turn.talk.choices.pick(int(turn.understanding.slots["choice"]), turn.now)
    place = queries.by_code(turn.read, code) if code else None
    if place is None:
        return turn.say("number_choice", "out_of_range")
    return card.card(turn, place)


def _told(turn: Turn, text: str) -> tuple[str, str]:
    """Return the street and the district's path that a text names; empty where it names none."""
    read = turn.rt.understander.read
    street, district = read("street", text), read("district", text)
    return street or "", f"{_CITY}/{district}" if district else ""


def _ask(turn: Turn, intent: str, name: str, *, again: bool = False) -> str:
    until = turn.in_minutes(_MINUTES).timestamp()
    turn.talk.wait(kind=WHERE, asked=intent, again=again, until=until)
    return turn.say(STATION, name)


def _offer_area(turn: Turn, intent: str, area: str, street: str) -> str:
    found = queries.in_area(turn.read, words().asked[_ASKED[intent]], area, street)
    topic = turn.understanding.slots.get("topic") if turn.understanding else None
    if topic:
        found = [p for p in found if topic in p.topics.split(",")] or found
    place = _name(turn, area)
    if not found:
        return turn.say(intent, "none", place=place)
    offered = found[:_MOST]
    lines = [_line(turn, number, place) for number, place in enumerate(offered, 1)]
    return _list(turn, turn.say(intent, place=place), offered, lines)


def _list(turn: Turn, intro: str, offered: Sequence[Place], lines: Sequence[str]) -> str:
    names = [place.name for place in offered]
    turn.talk.offer(OFFER, [p.code for p in offered], turn.in_minutes(_MINUTES), labels=names)
    return "\n".join([intro, *lines, turn.say(STATION, "hint"), turn.say(STATION, "more")])


def _line(turn: Turn, number: int, place: Place) -> str:
    return turn.say(STATION, "line", number=str(number), title=_named(turn, place))


def _near_line(turn: Turn, number: int, place: Place, away: float) -> str:
    count, is_kilometres = rounded(away)
    distance = turn.say(STATION, "kilometres" if is_kilometres else "metres", count=count)
    values = {"number": str(number), "title": _named(turn, place), "away": distance}
    return turn.say(STATION, "line_near", **values)


def _named(turn: Turn, place: Place) -> str:
    if place.is_sure(day(turn.now)):
        return place.name
    return turn.say(STATION, "unsure", title=place.name)


def _name(turn: Turn, area: str) -> str:
    rows = turn.read(select(units.c.name).where(units.c.path == area))
    return str(rows[0].name) if rows else area
