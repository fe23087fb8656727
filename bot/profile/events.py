"""Follow, leave, scan, tap: what the platform tells about a parent."""

from __future__ import annotations

from datetime import timedelta

from bot.db.upsert import upsert
from bot.dialogue.turn import Turn
from bot.logs import log
from bot.people.followers import SCENE_MAX, followers
from bot.profile import classes, erasing, family, my_data, onboarding, places
from bot.profile.places import Place
from bot.wechat import events
from bot.wechat.replies import Reply

#: Menu keys (bot/wechat/menu.yaml) to what answers them; others get the help.
_CLICKS = {"PRIVACY": my_data.privacy}
#: How long after an offer to begin no other one is made.
_OFFER_AGAIN = timedelta(days=7)


def subscribed(turn: Turn) -> Reply | str | None:
    """Welcome a new follower; one with a code of ours is told where it is from."""
    assert isinstance(turn.message, events.Subscribe)
    scene = turn.message.scene
    _follow(turn, follows=True, scene=scene[:SCENE_MAX] or None)
    return _met(turn, scene, "main")


def unsubscribed(turn: Turn) -> None:
    """Delete what the platform's rule demands (WECHAT R12); nothing can be shown any more."""
    _follow(turn, follows=False, scene=None)
    erasing.forget(turn, erasing.Via.UNFOLLOW)


def scanned(turn: Turn) -> Reply | str | None:
    """Greet a follower who scanned one of our codes again."""
    assert isinstance(turn.message, events.Scan)
    return _met(turn, turn.message.scene, "returning")


def clicked(turn: Turn) -> str:
    """Answer a tap on a menu item."""
    assert isinstance(turn.message, events.Click)
    answer = _CLICKS.get(turn.message.event_key)
    return turn.say("help") if answer is None else answer(turn)


def _met(turn: Turn, scene: str, welcome: str) -> Reply | str | None:
    word, _, value = scene.partition(":")
    if value and word in turn.rt.scenes:  # a feature's own code: the beginning is asked for later
        answer: Reply | str | None = turn.rt.scenes[word](turn, value)
        return answer
    place = _come_from(turn, scene)
    has_agreed = family.has_agreed(turn)
    if place is not None and has_agreed and place.is_class:
        return classes.scanned(turn, place)
    if place is not None and not has_agreed:
        return onboarding.begin(turn, place)
    told = turn.say("welcome", welcome)
    return told if has_agreed else _offered(turn, told)


def _come_from(turn: Turn, scene: str) -> Place | None:
    if not scene:
        return None
    place = places.of_scene(turn, scene)
    if place is not None:
        turn.talk.come_from(place.area)
    elif places.kind(scene) != places.EVENT:  # an event is no place, and its code ends in 30 days
        log.warning("scene_unknown", kind=places.kind(scene))
    return place


def _offered(turn: Turn, told: str) -> str:
    """Add the offer to begin, once a week at most; a flow that is open is left alone."""
    last, now = turn.talk.offered, turn.now.timestamp()
    if turn.talk.flow is not None or now < last + _OFFER_AGAIN.total_seconds():
        return told
    turn.talk.offered = now
    offer = turn.begin(onboarding.FLOW, at="offer")
    assert isinstance(offer, str)
    return f"{told}\n{offer}"


def _follow(turn: Turn, *, follows: bool, scene: str | None) -> None:
    # the platform's time decides: an old subscribe never undoes a newer unsubscribe
    save = upsert(
        followers,
        ("account", "openid"),
        ("follows", "changed_s", "scene"),
        is_sqlite=turn.rt.db.is_sqlite,
        not_before="changed_s",
    )
    turn.write(
        save,
        {
            "account": turn.message.account,
            "openid": turn.message.openid,
            "follows": follows,
            "changed_s": turn.message.created_at,
            "scene": scene,
        },
    )
