"""Live talks and stories in the chat: a number books or takes back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, literal_column, select, update

from bot import clock, week_dates
from bot.clock import GUANGZHOU
from bot.dialogue.turn import Turn
from bot.h5 import links
from bot.week import leaving, plans, talks, wall
from bot.week.tables import bookings
from bot.week.tables import talks as rows
from bot.week.wall_tables import photos, posts

#: Kinds of the numbered offers below, and of the intents that make them.
TALK, STORY = "live_talk", "heirloom"
_MOST, _MINUTES = 5, 30

_let_go = (
    update(photos)
    .where(photos.c.post == bindparam("which"))
    .values(post=literal_column("0"))
    .execution_options(last=True)
)
_remove = delete(posts).where(
    posts.c.id == bindparam("number"),
    posts.c.account == bindparam("owner"),
    posts.c.openid == bindparam("parent"),
)


def live_talk(turn: Turn) -> str:
    """List the talks to come, to be booked by their number."""
    coming = turn.read(talks.coming(turn.now, most=_MOST))
    if not coming:
        return turn.say(TALK)
    booked = _booked(turn, [talk.id for talk in coming])
    mark = turn.say(TALK, "is_booked")
    lines = [
        turn.say(TALK, "line", number=str(n), when=when(talk), title=talk.title,
                 mark=mark if talk.id in booked else "")
        for n, talk in enumerate(coming, 1)
    ]  # fmt: skip
    turn.talk.offer(TALK, [str(talk.id) for talk in coming], turn.in_minutes(_MINUTES))
    listed = turn.say(TALK, "listed", lines="\n".join(lines))
    return f"{listed}\n{turn.say(TALK, 'paid')}"


def choose_talk(turn: Turn) -> str:
    """Book the talk behind a number, or take the booking back."""
    value = _picked(turn)
    found = turn.read(select(rows).where(rows.c.id == int(value))) if value else ()
    if not found or found[0].state != talks.OPEN:
        return turn.say("number_choice", "out_of_range")
    talk = found[0]
    link = links.page(turn.rt, f"week/talks/{talk.id}") or talk.url
    if talk.starts_at <= turn.now:
        return turn.say(TALK, "begun", title=talk.title, link=talk.url)
    account, openid = turn.message.account, turn.message.openid
    if talk.id in _booked(turn, [talk.id]):
        turn.write(talks.unbook, {"which": talk.id, "owner": account, "parent": openid})
        return turn.say(TALK, "unbooked", title=talk.title)
    row = {"talk": talk.id, "account": account, "openid": openid, "at": turn.now}
    turn.write(talks.book(is_sqlite=turn.rt.db.is_sqlite), row)
    return turn.say(
        TALK, "booked", when=when(talk), title=talk.title, platform=talk.platform, link=link
    )


def _booked(turn: Turn, numbers: list[int]) -> set[int]:
    """Return which of these talks the parent booked."""
    mine = (bookings.c.account == turn.message.account) & (bookings.c.openid == turn.message.openid)
    found = turn.read(select(bookings.c.talk).where(mine, bookings.c.talk.in_(numbers)))
    return {row.talk for row in found}


def heirloom(turn: Turn) -> str:
    """Say where a story is sent; one's own are taken back by their number."""
    year = week_dates.nearest(clock.day(turn.now)).year
    found, _ = plans.read_public(turn.read, year)
    link = links.page(turn.rt, "week/story/new")
    person = (turn.message.account, turn.message.openid)
    own = turn.read(select(posts).where(wall.of(person)).order_by(posts.c.id.desc()).limit(_MOST))
    told = [turn.say(STORY, "open", link=link)] if found and link else []
    if own:
        lines = [_line(turn, n, post) for n, post in enumerate(own, 1)]
        turn.talk.offer(STORY, [post.code for post in own], turn.in_minutes(_MINUTES))
        told.append(turn.say(STORY, "mine", lines="\n".join(lines)))
    return "\n".join(told) if told else turn.say(STORY)


def _line(turn: Turn, n: int, post: Any) -> str:
    state = wall.WAITING if post.state == wall.SEEN else post.state
    return turn.say(STORY, "line", number=str(n), title=post.title, state=turn.say(STORY, state))


def choose_story(turn: Turn) -> str:
    """Take the story behind a number back: it is off the wall with this answer."""
    code, person = _picked(turn), (turn.message.account, turn.message.openid)
    found = turn.read(select(posts).where(wall.of(person), posts.c.code == code)) if code else ()
    if not found:
        return turn.say(STORY, "gone")
    post = found[0]
    leaving.recall(turn, post.id)
    turn.write(_let_go, {"which": post.id})
    turn.write(_remove, {"number": post.id, "owner": person[0], "parent": person[1]})
    return turn.say(STORY, "withdrawn", title=post.title)


def _picked(turn: Turn) -> str | None:
    assert turn.understanding is not None
    choices = turn.talk.choices
    return choices.pick(int(turn.understanding.slots["choice"]), turn.now) if choices else None


def when(talk: Any) -> str:
    """Return day and time of a talk in Guangzhou."""
    at = talk.starts_at.astimezone(GUANGZHOU)
    return f"{at.month}.{at.day} {at:%H:%M}"
