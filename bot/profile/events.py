"""Follow, leave, scan, tap: what the platform tells about a parent."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Executable, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from bot.dialogue.turn import Turn
from bot.profile import replies
from bot.profile.tables import followers
from bot.wechat import events

#: Menu keys (bot/wechat/menu.yaml) to the intent whose text answers them.
_CLICKS = {
    "HELP": ("help", "main"),
    "PERSON": ("talk_to_person", "main"),
    "PRIVACY": ("privacy", "main"),
    "COURSES": ("help", "courses"),
}


def _upsert(dialect: Any) -> Executable:
    given = ("account", "openid", "follows", "changed_s", "scene")
    row = dialect.insert(followers).values({name: bindparam(name) for name in given})
    made: Executable = row.on_conflict_do_update(
        index_elements=[followers.c.account, followers.c.openid],
        set_={c: row.excluded[c] for c in ("follows", "changed_s", "scene")},
        # the platform's time decides: an old subscribe never undoes a newer unsubscribe
        where=followers.c.changed_s <= row.excluded.changed_s,
    )
    return made


_save = {True: _upsert(sqlite), False: _upsert(postgresql)}


def subscribed(turn: Turn) -> str:
    """Welcome a new follower."""
    assert isinstance(turn.message, events.Subscribe)
    _follow(turn, follows=True, scene=turn.message.scene or None)
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
    turn.write(
        _save[turn.rt.db.is_sqlite],
        {
            "account": turn.message.account,
            "openid": turn.message.openid,
            "follows": follows,
            "changed_s": turn.message.created_at,
            "scene": scene,
        },
    )
