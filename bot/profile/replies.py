"""Short talk that needs no knowledge: greetings, the menu, reminders off, privacy, deletion."""

from __future__ import annotations

from sqlalchemy import ColumnElement, bindparam, case, delete, literal_column, update

from bot.dialogue.engine import INTENT
from bot.dialogue.tables import conversation, inbox
from bot.dialogue.turn import Pass, ReplyFunction, Turn
from bot.people.followers import followers
from bot.profile import family
from knowledge.text import normalise

#: Intents answered by one text of intents/zh.
PLAIN = ("greeting", "thanks", "help", "privacy", "my_data", "abuse", "out_of_scope")
#: The same for words that answer a question of ours, where none is open.
COMMANDS = ("yes", "no", "back", "skip", "cancel", "repeat")
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
#: for it stays, for the platform's repeats.
_forget_words = (
    update(inbox)
    .where(inbox.c.account == bindparam("a"), inbox.c.openid == bindparam("o"))
    .values(
        content=_nothing,
        reply=case((inbox.c.msg_key == bindparam("k"), inbox.c.reply), else_=_nothing),
    )
)


def plain(intent: str) -> ReplyFunction:
    """Return the reply function that says the intent's one text."""

    def reply(turn: Turn) -> str:
        return turn.say(intent)

    return reply


def unreadable(name: str) -> ReplyFunction:
    """Return the reply function for a kind of message that carries no words."""
    elder = f"elder_{name}" if name in ("image", "voice") else "elder_other"

    def reply(turn: Turn) -> str:
        if not turn.talk.is_elder:
            return turn.say("unsupported_media", name)
        if name == "voice":
            until = turn.in_minutes(turn.rt.settings.choice_minutes)
            turn.talk.offer(INTENT, ["talk_to_person"], until)
        return turn.say("family", elder)

    return reply


def go_on(turn: Turn) -> str:
    """Show the rest of a long answer."""
    if turn.talk.rest:
        return turn.talk.rest
    return turn.say("continue", "nothing_open")


def elder_mode(turn: Turn) -> str:
    """Speak in short lines from now on."""
    family.set_elder(turn, is_elder=True)
    return turn.say("family", "elder_on")


def normal_mode(turn: Turn) -> str:
    """Speak as to anybody from now on."""
    family.set_elder(turn, is_elder=False)
    return turn.say("family", "elder_off")


def said(name: str) -> ReplyFunction:
    """Return the reply function that says one text about children and classes."""

    def reply(turn: Turn) -> str:
        return turn.say("family", name)

    return reply


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
    """Note the deletion of the conversation, the family, and the words of earlier messages."""
    turn.talk.erase()
    turn.talk.changed = False  # the row goes; it must not be written again
    turn.write(_forget_talk, _me(turn))
    turn.write(_forget_words, _me(turn) | {"k": turn.message.key})
    family.erase(turn)


def _me(turn: Turn) -> dict[str, object]:
    return {"a": turn.message.account, "o": turn.message.openid}
