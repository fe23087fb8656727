"""What is opened once and handed to everyone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.clock import Clock
from bot.db.engine import Database
from bot.logs import Pseudonyms
from bot.settings import Settings
from bot.tally import Tally
from intents.understand import Understander, Understanding
from knowledge import hotlines

if TYPE_CHECKING:
    from bot.wechat.gateway import Gateway


#: How many different texts are kept understood, and found, in memory.
REMEMBERED = 2048
#: What decided where the base answered what had been weakly guessed to be danger.
ANSWERED = "answered"


@dataclass(slots=True)
class Runtime:
    """The opened things. `shelf` holds what a feature keeps in memory for its own replies.

    `code_key` makes the short ids of answers; `connect` gives the
    gateway, which is opened on first use.
    """

    settings: Settings
    clock: Clock
    db: Database
    pseudonyms: Pseudonyms
    code_key: bytes
    understander: Understander
    gateway: Gateway | None = None
    connect: Callable[[], Awaitable[Gateway]] | None = None
    shelf: dict[str, Any] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    #: Whether the base plainly answers a text that somebody guessed to be danger
    #: (`library.weigh`); nothing does before a base is loaded.
    is_answered: Callable[[str], bool] = lambda _text: False
    _meant: Callable[[str], Understanding] = field(init=False)
    #: The account in force (`gh_…`); empty before one is set.
    account_id: Callable[[], str] = field(init=False)
    #: Verified hotline numbers as `hotline_110` -> `110`, for the texts of intents/zh.
    hotlines: Mapping[str, str] = field(default_factory=hotlines.shown)
    #: What each feature deletes of a parent who leaves or asks for it; takes the turn.
    erasers: tuple[Callable[[Any], None], ...] = ()
    #: What each feature reads of a parent for that parent (`Feature.export`), in the same order.
    exporters: tuple[Callable[[Any, Any, Any], Awaitable[tuple[Any, ...]]], ...] = ()
    #: What features know of parents, by name (`Feature.audiences`): a value to a Select of account
    #: and openid.
    audiences: Mapping[str, Callable[[str], Any]] = field(default_factory=dict)
    #: Who need not be sent an order any more, by the first word of what it is about
    #: (`Feature.unwanted`, bot/delivery/unwanted.py).
    unwanted: Mapping[str, Callable[[Any, Any, Any, Any, Any], Any]] = field(default_factory=dict)
    #: What answers a scanned code of a feature's own, by the word its scene begins with.
    scenes: Mapping[str, Callable[[Any, str], Any]] = field(default_factory=dict)
    #: What each feature has of messages for parents (`h5.mine.Mailbox`), and of to-dos (`Todos`).
    mailboxes: tuple[Any, ...] = ()
    todos: tuple[Callable[[Any, Any, Any], Awaitable[Any]], ...] = ()
    #: What makes a campaign of another feature's draft (`Feature.draft_campaign`); None: nothing.
    draft_campaign: Callable[[Any, Any, Any, Any], Awaitable[str]] | None = None
    #: What a parent would be told (`dialogue.trial.ask`), for the staff who try a text.
    trial: Callable[[str], dict[str, Any]] | None = None

    def __post_init__(self) -> None:
        self.account_id = lambda: self.settings.wechat_account_id
        # pure, so what was asked before need not be worked out again: after a broadcast many
        # parents send the same words, and every tap on a menu item is the same text
        self._meant = lru_cache(maxsize=REMEMBERED)(self.understander.understand)

    def understand(self, text: str) -> Understanding:
        """Return what a text means; a weak guess of danger yields to a plain answer of the base."""
        found = self._meant(text)
        if found.crisis is not None and found.crisis.is_weak and self.is_answered(text):
            return replace(found, crisis=None, rule=ANSWERED)
        return found

    def say(self, intent: str, name: str = "main", **values: str) -> str:
        """Return a text of intents/zh, its placeholders and hotline numbers filled."""
        return self.understander.reply(intent, name, **self.hotlines, **values)
