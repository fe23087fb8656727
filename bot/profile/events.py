"""Follow, leave, scan, tap: what the platform tells about a parent."""

from __future__ import annotations

import re

from bot.db.upsert import upsert
from bot.dialogue.turn import Turn
from bot.people.followers import SCENE_MAX, followers
from bot.profile import erasing, my_data
from bot.wechat import events

#: Menu keys (bot/wechat/menu.yaml) to what answers them; others get the help.
_CLICKS = {"PRIVACY": my_data.privacy}
#: The scene of a code that belongs to a node of the organisation: `unit:` and its path.
_UNIT = re.compile(r"unit:([a-z0-9-]+(?:/[a-z0-9-]+)*)")
#: City and district: where a parent comes from is never kept finer.
_STEPS = 2


def subscribed(turn: Turn) -> str:
    """Welcome a new follower."""
    assert isinstance(turn.message, events.Subscribe)
    _follow(turn, follows=True, scene=turn.message.scene[:SCENE_MAX] or None)
    _come_from(turn, turn.message.scene)
    return turn.say("welcome")


def unsubscribed(turn: Turn) -> None:
    """Delete what the platform's rule demands (WECHAT R12); nothing can be shown any more."""
    _follow(turn, follows=False, scene=None)
    erasing.forget(turn, erasing.Via.UNFOLLOW)


def scanned(turn: Turn) -> str:
    """Greet a follower who scanned one of our codes again."""
    assert isinstance(turn.message, events.Scan)
    _come_from(turn, turn.message.scene)
    return turn.say("welcome", "returning")


def clicked(turn: Turn) -> str:
    """Answer a tap on a menu item."""
    assert isinstance(turn.message, events.Click)
    answer = _CLICKS.get(turn.message.event_key)
    return turn.say("help") if answer is None else answer(turn)


def _come_from(turn: Turn, scene: str) -> None:
    found = _UNIT.fullmatch(scene)
    if found is not None:
        turn.talk.come_from("/".join(found[1].split("/")[:_STEPS]))


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
