"""Short talk that needs no knowledge, and what this feature deletes of a parent."""

from __future__ import annotations

from sqlalchemy import ColumnElement, bindparam, case, delete, literal_column, update

from bot.db.base import Instant
from bot.dialogue.engine import INTENT
from bot.dialogue.tables import conversation, inbox
from bot.dialogue.turn import ReplyFunction, Turn
from bot.h5 import links, sessions
from bot.people import consents, holding
from bot.profile import family

#: Intents answered by one text of intents/zh.
PLAIN = ("greeting", "thanks", "help", "abuse", "out_of_scope")

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
    return turn.say("elder_mode")


def normal_mode(turn: Turn) -> str:
    """Speak as to anybody from now on."""
    family.set_elder(turn, is_elder=False)
    return turn.say("normal_mode")


def erase(turn: Turn) -> None:
    """Note the deletion of the talk, the family, links, and the words and answers of messages."""
    person = (turn.message.account, turn.message.openid)
    mine = {"a": person[0], "o": person[1]}
    turn.talk.erase()
    turn.talk.changed = False  # the row goes; it must not be written again
    turn.write(_forget_talk, mine)
    turn.write(_forget_words, mine | {"k": turn.message.key, "at": turn.now})
    consents.forget(turn.write, person)
    links.forget(turn.write, person)
    sessions.forget(turn.write, person)
    family.erase(turn)
