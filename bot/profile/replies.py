"""Short talk that needs no knowledge: greetings, the menu, reminders off, privacy, deletion."""

from __future__ import annotations

from sqlalchemy import ColumnElement, bindparam, case, delete, literal_column, update

from bot.db.base import Instant
from bot.dialogue.tables import conversation, inbox
from bot.dialogue.turn import Pass, ReplyFunction, Turn
from bot.people import holding
from bot.people.followers import followers
from knowledge.text import normalise

#: Intents answered by one text of intents/zh.
PLAIN = ("greeting", "thanks", "help", "privacy", "my_data", "abuse", "out_of_scope")
#: What a conversation waits for between `delete me` and its confirmation.
DELETE = "delete_me"
_CONFIRM_MINUTES = 10

_mine = (followers.c.account == bindparam("a"), followers.c.openid == bindparam("o"))
_reminders_off = update(followers).where(*_mine).values(reminders_off_at=bindparam("off_at"))
_forget_talk = delete(conversation).where(
    conversation.c.account == bindparam("a"), conversation.c.openid == bindparam("o")
)
_nothing: ColumnElement[str] = literal_column("''")
#: The answers tell what was asked, so they go with the words; the answer to the message that asks
#: for it stays, for the platform's repeats, and so does a message under a legal hold.
_forget_words = (
    update(inbox)
    .where(
        inbox.c.account == bindparam("a"),
        inbox.c.openid == bindparam("o"),
        ~holding.is_held_message(inbox, bindparam("at", type_=Instant())),
    )
    .values(
        content=_nothing,
        reply=case((inbox.c.msg_key == bindparam("k"), inbox.c.reply), else_=_nothing),
    )
    .execution_options(last=True)  # a hold of the same batch must be there
)


def plain(intent: str) -> ReplyFunction:
    """Return the reply function that says the intent's one text."""

    def reply(turn: Turn) -> str:
        return turn.say(intent)

    return reply


def unreadable(name: str) -> ReplyFunction:
    """Return the reply function for a kind of message that carries no words."""

    def reply(turn: Turn) -> str:
        return turn.say("unsupported_media", name)

    return reply


def go_on(turn: Turn) -> str:
    """Show the rest of a long answer."""
    if turn.talk.rest:
        return turn.talk.rest
    return turn.say("continue", "nothing_open")


def unsubscribe(turn: Turn) -> str:
    """Keep the wish that no reminders come."""
    turn.write(_reminders_off, _me(turn) | {"off_at": turn.now})
    return turn.say("unsubscribe")


def delete_me(turn: Turn) -> str:
    """Ask once more before everything is deleted."""
    turn.talk.wait(kind=DELETE, until=turn.in_minutes(_CONFIRM_MINUTES).timestamp())
    return turn.say("delete_me")


def confirm_deletion(turn: Turn) -> str | Pass:
    """Delete everything at once if the parent says so; any other message goes its own way."""
    if normalise(turn.text) != normalise(turn.say("delete_me", "confirm")):
        return Pass.NOT_MINE
    forget(turn)
    return turn.say("delete_me", "done")


def forget(turn: Turn) -> None:
    """Note the deletion of everything the features keep of this parent."""
    for erase in turn.rt.erasers:
        erase(turn)


def erase(turn: Turn) -> None:
    """Note the deletion of the conversation, and of the words and answers of earlier messages."""
    turn.talk.erase()
    turn.talk.changed = False  # the row goes; it must not be written again
    turn.write(_forget_talk, _me(turn))
    turn.write(_forget_words, _me(turn) | {"k": turn.message.key, "at": turn.now})


def _me(turn: Turn) -> dict[str, object]:
    return {"a": turn.message.account, "o": turn.message.openid}
