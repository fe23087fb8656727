"""Where the parent of a turn belongs, as far as it is known: read for few questions only."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, select, union_all

from bot.dialogue.turn import Turn
from bot.people.audience_rows import scene_path
from bot.people.families import children, guardians
from bot.people.followers import followers

#: The wish not to be answered by what is known of the family.
_off = exists().where(
    guardians.c.account == bindparam("account"),
    guardians.c.openid == bindparam("openid"),
    guardians.c.personal_off_at.is_not(None),
)
_classes = select(children.c.unit).where(
    children.c.account == bindparam("account"),
    children.c.openid == bindparam("openid"),
    children.c.unit != "",
    ~_off,
)
_scene = select(scene_path).where(
    followers.c.account == bindparam("account"), followers.c.openid == bindparam("openid")
)
_both = union_all(
    _classes.add_columns(bindparam("class", "class").label("kind")),
    _scene.add_columns(bindparam("scene", "scene").label("kind")),
)


def places(turn: Turn) -> tuple[str, ...]:
    """Return the places of the parent, by the firmest of what is known; empty: none is.

    The classes of the children, unless the parent wishes not to be answered by them; else the
    district whose code was scanned last (`Talk.area`); else that of the code by which the account
    was followed. It reads: ask for few turns only.
    """
    message = turn.message
    wanted = select(_both.subquery()).params(account=message.account, openid=message.openid)
    rows = [(path, kind) for path, kind in turn.read(wanted) if path]
    classes = tuple(sorted({path for path, kind in rows if kind == "class"}))
    if classes or turn.talk.area:
        return classes or (turn.talk.area,)
    return tuple(path for path, _ in rows)
