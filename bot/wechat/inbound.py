"""The gate for pushes: every check in order, from the query string to the message.

The webhook calls `check_query` before it reads the body, then `read`. A `Refusal` carries the
status of the answer. The order is that of RELIABILITY.md 1.4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from bot.errors import StartRefused
from bot.wechat import decode, envelope, signature, texts
from bot.wechat.context import ReplyContext, Seal
from bot.wechat.refusals import Forged, TooLarge
from bot.wechat.replay import Replays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.clock import Clock
    from bot.wechat.cipher import Cipher
    from bot.wechat.messages import Inbound

BODY_MAX_BYTES = 64 * 1024  # far above any real push
WINDOW_S = 300.0
_TIMESTAMP_DIGITS = 12
_NONCE_MAX = 128
_ECHO_MAX = 1024
_TOKEN_FORM = re.compile(r"[A-Za-z0-9]{3,32}").fullmatch


class Mode(StrEnum):
    """How the platform's console is set; compatible sends plain fields and a ciphertext."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


@dataclass(slots=True)
class Stats:
    """Counts since the start. `stale`: signed rightly and refused for the timestamp alone.

    When more than 1 % of pushes in five minutes are stale, this machine's clock is wrong, or old
    requests are replayed: raise an alarm.
    """

    accepted: int = 0
    forged: int = 0
    stale: int = 0


class Signed(NamedTuple):
    """A query that passed. `proven` in plain mode; in the others the body must prove it."""

    timestamp: str
    nonce: str
    signature: str
    proven: bool


class Received(NamedTuple):
    """A message or event, and what a reply to it needs."""

    message: Inbound
    context: ReplyContext


class Closed:
    """The gate while no account is set up: nothing can be proven, so nothing gets in."""

    def __init__(self) -> None:
        self.stats = Stats()

    def verify_url(self, query: Mapping[str, str]) -> NoReturn:
        """Refuse."""
        del query
        self._refuse()

    def check_query(self, query: Mapping[str, str]) -> NoReturn:
        """Refuse."""
        del query
        self._refuse()

    def read(self, signed: Signed, body: bytes) -> NoReturn:
        """Refuse: the gate was closed while the body came."""
        del signed, body
        self._refuse()

    def _refuse(self) -> NoReturn:
        self.stats.forged += 1
        raise Forged("No account is set up.")


class Gate:
    """Lets the platform's pushes in and nothing else.

    Args:
        tokens: the Token of the console, the current one first, a previous one behind it.
        cipher: opens ciphertexts; required unless the mode is plain.
        mode: in safe and compatible mode a plaintext body is refused, whatever it says.
        clock: judges timestamps.
        window_s: how far a timestamp may be away, before or after.

    Raises:
        StartRefused: no token, one not of 3 to 32 letters and digits, or no cipher for the mode.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        cipher: Cipher | None,
        mode: Mode,
        clock: Clock,
        *,
        window_s: float = WINDOW_S,
    ) -> None:
        if not tokens or not all(_TOKEN_FORM(token) for token in tokens):
            raise StartRefused("The WeChat token must be 3 to 32 letters and digits.")
        if mode is not Mode.PLAIN and cipher is None:
            raise StartRefused(f"The {mode} mode needs an EncodingAESKey.")
        self.stats = Stats()
        self._tokens = tuple(tokens)
        self._cipher = None if mode is Mode.PLAIN else cipher
        self._clock = clock
        self._window_s = window_s
        self._replays = Replays(window_s)

    def verify_url(self, query: Mapping[str, str]) -> str:
        """Return the `echostr` that the console expects back, exactly, when the URL is saved.

        It is plain in every mode, unlike WeCom's.

        Raises:
            Forged: the signature, the timestamp or the form of the query is wrong.
        """
        fields = self._fields(query)
        self._check_plain(fields)
        echo = fields.get("echostr", "")
        if not 0 < len(echo) <= _ECHO_MAX:
            raise self._forged("`echostr` is missing or too long.")
        return echo

    def check_query(self, query: Mapping[str, str]) -> Signed:
        """Judge a query string before the body is read; `query` may be a MultiDict.

        Raises:
            Forged: a parameter is repeated or missing, the timestamp is outside the window, the
                signature has not the form, or in plain mode is wrong; or the push is not encrypted
                although the mode asks for it.
        """
        fields = self._fields(query)
        if self._cipher is None:
            return self._check_plain(fields)
        if fields.get("encrypt_type") != "aes":
            raise self._forged("The push is not encrypted.")
        given = fields.get("msg_signature", "")
        if not signature.has_form(given):
            raise self._forged("`msg_signature` is not 40 hexadecimal digits.")
        timestamp, nonce = fields["timestamp"], fields["nonce"]
        if not self._is_fresh(timestamp):
            if self._token(fields.get("signature", ""), timestamp, nonce):
                self.stats.stale += 1
            raise self._forged("The timestamp is outside the window.")
        return Signed(timestamp, nonce, given, proven=False)

    def read(self, signed: Signed, body: bytes) -> Received:
        """Return the message in a body whose query passed.

        Raises:
            TooLarge: the body is over 64 KiB.
            Forged: the ciphertext is not signed, there is none, or a known signature carries
                another push.
            Undecodable: the ciphertext does not open.
            Malformed: the body, or the text in it, is not a push.
        """
        if len(body) > BODY_MAX_BYTES:
            raise TooLarge
        if signed.proven:
            received = self._read_plain(signed, body)
        else:
            received = self._read_sealed(signed, body)
        self.stats.accepted += 1
        return received

    def _read_plain(self, signed: Signed, body: bytes) -> Received:
        known, now_s = self._replays.is_first_or_same, self._clock.monotonic()
        if not known(signed.signature, signed.timestamp, body, now_s):
            raise self._forged("This signature has carried another push.")
        form, tree = envelope.parse(body)
        message = decode.message(tree)
        return Received(message, ReplyContext(message, form, self._clock, None))

    def _read_sealed(self, signed: Signed, body: bytes) -> Received:
        assert self._cipher is not None, "a query without token passed only with a cipher"
        form, outer = envelope.parse(body)
        encrypt = outer.get("Encrypt")
        if not isinstance(encrypt, str) or not encrypt:
            raise self._forged("The push is not encrypted.")
        token = self._token(signed.signature, signed.timestamp, signed.nonce, encrypt)
        if token is None:
            raise self._forged("`msg_signature` is wrong.")
        opened = self._cipher.decrypt(encrypt)
        _, tree = envelope.parse(opened.content)
        message = decode.message(tree)
        seal = Seal(self._cipher, opened.key, token, texts.clean(signed.nonce))
        return Received(message, ReplyContext(message, form, self._clock, seal))

    def _fields(self, query: Mapping[str, str]) -> dict[str, str]:
        """Return the parameters, one value each, with a timestamp and a nonce of the right form."""
        fields = dict(query.items())
        if len(fields) != len(query):
            raise self._forged("A parameter is repeated.")
        timestamp, nonce = fields.get("timestamp", ""), fields.get("nonce", "")
        digits = timestamp.isascii() and timestamp.isdigit()  # isdigit alone takes full-width ones
        if not digits or len(timestamp) > _TIMESTAMP_DIGITS:
            raise self._forged("The timestamp is not 1 to 12 digits.")
        if not 0 < len(nonce) <= _NONCE_MAX:
            raise self._forged("The nonce is missing or too long.")
        return fields

    def _check_plain(self, fields: Mapping[str, str]) -> Signed:
        given, timestamp, nonce = fields.get("signature", ""), fields["timestamp"], fields["nonce"]
        if not signature.has_form(given):
            raise self._forged("`signature` is not 40 hexadecimal digits.")
        if self._token(given, timestamp, nonce) is None:
            raise self._forged("`signature` is wrong.")
        if not self._is_fresh(timestamp):
            self.stats.stale += 1
            raise self._forged("The timestamp is outside the window.")
        return Signed(timestamp, nonce, given, proven=True)

    def _token(self, given: str, *parts: str) -> str | None:
        """Return the token that signed the parts, None when none did."""
        for token in self._tokens:
            if signature.matches(given, token, *parts):
                return token
        return None

    def _is_fresh(self, timestamp: str) -> bool:
        return abs(self._clock.timestamp() - int(timestamp)) <= self._window_s

    def _forged(self, why: str) -> Forged:
        self.stats.forged += 1
        return Forged(why)
