"""While a person talks with a parent: the words go to the ticket, and the bot is silent."""

from __future__ import annotations

from bot.dialogue.engine import Person
from bot.dialogue.turn import Pass, Turn
from bot.handoff import wishes
from bot.handoff.tables import Side
from bot.wechat import messages
from knowledge.judge import Band

#: What the bot answers all the same while a person talks.
ALWAYS = frozenset(
    {
        "help",
        "unsubscribe",
        "end_talk",
        "talk_to_person",
        "delete_me",
        "export_data",
        "my_data",
        "personal_off",
        "privacy",
        "research_off",
        "who_saw_me",
    }
)
_QUESTION = "ask_question"


def heard(turn: Turn) -> None:
    """Note that the parent has written, and a message nobody can read as words."""
    at, message = turn.talk.desk, turn.message
    assert at is not None
    if not wishes.opens_window(turn):
        return
    wishes.heard(turn, at.ticket)
    if at.is_open and not _has_words(message):
        wishes.line(turn, at.ticket, Side.SYSTEM, "media")


def listen(turn: Turn) -> str | Pass | None:
    """Take the words where a person listens; else only the one line about the matter."""
    at, understood = turn.talk.desk, turn.understanding
    assert at is not None
    assert understood is not None
    if at.is_open:
        if understood.intent in ALWAYS:
            return Pass.NOT_MINE
        wishes.line(turn, at.ticket, Side.PARENT, text=turn.text)
        return None
    if at.matter_until <= turn.now.timestamp() or understood.intent != _QUESTION:
        return Pass.NOT_MINE
    return _matter(turn)


def _matter(turn: Turn) -> str | Pass:
    at = turn.talk.desk
    assert at is not None
    at.matter_until = turn.now.timestamp()  # past, but asked
    turn.talk.sit(at)
    wishes.line(turn, at.ticket, Side.PARENT, text=turn.text)
    noted = turn.say("talk_to_person", "noted")
    if wishes.about(turn, at.ticket) is Band.DECLINE:
        return noted
    turn.lead = noted
    return Pass.NOT_MINE


def held(turn: Turn) -> str:
    """Return what was left for the parent, who is from now on in a talk with whoever left it."""
    talk, at = turn.talk, turn.talk.desk
    due = [one for one in talk.held if not one.until or one.until > turn.now.timestamp()]
    for one in due:
        wishes.shown(turn, one.number)
    talk.held, talk.changed = [], True
    is_person = any(one.kind == "person" for one in due)
    if is_person and at is not None and not at.is_open:
        wishes.answered(turn, at.ticket)
        at.is_open = True
    return "\n\n".join(one.words for one in due)


def _has_words(message: object) -> bool:
    return isinstance(message, messages.Text) or (
        isinstance(message, messages.Voice) and bool(message.recognition)
    )


PERSON = Person(heard, listen, held)
