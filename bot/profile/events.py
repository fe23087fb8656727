"""Follow, leave, scan, tap: what the platform tells about a parent."""

from __future__ import annotations

from bot.db.upsert import upsert
from bot.dialogue.turn import Turn
from bot.people.followers import SCENE_MAX, followers
from bot.profile import replies
from bot.wechat import events

#: Menu keys (bot/wechat/menu.yaml) to the intent whose text answers them; others get the help.
_CLICKS = {
    "HELP": ("help", "main"),
    "PERSON": ("talk_to_person", "main"),
    "PRIVACY": ("privacy", "main"),
}


def subscribed(turn: Turn) -> str:
    """Welcome a new follower."""
    assert isinstance(turn.message, events.Subscribe)
    _follow(turn, follows=True, scene=turn.message.scene[:SCENE_MAX] or None)
    return turn.say("welcome")


def unsubscribed(turn: Turn) -> None:
    """Delete what the platform's rule demands (WECHAT R12); nothing can be shown any more."""
    _follow(turn, follows=False, scene=None)
    replies.forget(turn)


def scanned(turn: Turn) -> str:
    """Greet a follower who scanned one of our codes again."""
    return turn.say("welcome", "returning")


def clicked(turn: Turn) -> str:
    """Answer a tap on a menu item."""
    assert isinstance(turn.message, events.Click)
    intent, name = _CLICKS.get(turn.message.event_key, ("help", "main"))
    return turn.say(intent, name)


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
