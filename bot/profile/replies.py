"""Short talk that needs no knowledge: greetings, the menu, reminders off, privacy, deletion."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, update

from bot.dialogue.tables import conversation, inbox
from bot.dialogue.turn import ReplyFunction, Turn
from bot.profile.tables import followers

#: Intents answered by one text of intents/zh.
PLAIN = ("greeting", "thanks", "help", "privacy", "my_data", "abuse")

_mine = (followers.c.account == bindparam("a"), followers.c.openid == bindparam("o"))
_reminders_off = update(followers).where(*_mine).values(reminders_off_at=bindparam("off_at"))
_forget_talk = delete(conversation).where(
    conversation.c.account == bindparam("a"), conversation.c.openid == bindparam("o")
)
_forget_words = (
    update(inbox)
    .where(inbox.c.account == bindparam("a"), inbox.c.openid == bindparam("o"))
    .values(content="")
)


def plain(intent: str) -> ReplyFunction:
    """Return the reply function that says the intent's one text."""

    def reply(turn: Turn) -> str:
        return turn.say(intent, "text")

    return reply


def go_on(turn: Turn) -> str:
    """Show the rest of a long answer."""
    if turn.talk.rest:
        return turn.talk.rest
    return turn.say("continue", "nothing")


def unsubscribe(turn: Turn) -> str:
    """Keep the wish that no reminders come."""
    turn.write(_reminders_off, _me(turn) | {"off_at": turn.now})
    return turn.say("unsubscribe", "text")


def delete_me(turn: Turn) -> str:
    """Delete what is kept of this parent's talk, at once."""
    forget(turn)
    return turn.say("delete_me", "text")


def forget(turn: Turn) -> None:
    """Note the deletion of the conversation and of the words of earlier messages."""
    turn.talk.forget()
    turn.write(_forget_talk, _me(turn))
    turn.write(_forget_words, _me(turn))


def voice_without_words(turn: Turn) -> str:
    """Ask for the words: the platform no longer recognises speech (WECHAT R11)."""
    return turn.say("unsupported_media", "voice")


def location(turn: Turn) -> str:
    """Be honest that stations cannot be found by place yet."""
    return turn.say("unsupported_media", "location")


def _me(turn: Turn) -> dict[str, object]:
    return {"a": turn.message.account, "o": turn.message.openid}
