"""Access tokens: two separate spaces, each with its own rule for what dies when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    import random

    from bot.sandbox.config import SandboxConfig

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
LENGTH = 136
RENEW_BEFORE_S = 300.0


@dataclass
class Token:
    """One token; `dies_at` is earlier than `expires_at` when a newer one replaced it."""

    value: str
    expires_at: float
    dies_at: float


@dataclass
class Tokens:
    """Every token handed out, and the forced refreshes of the day."""

    rng: random.Random
    plain: list[Token] = field(default_factory=list)
    stable: list[Token] = field(default_factory=list)
    forced: list[tuple[str, float]] = field(default_factory=list)

    def issue(self, config: SandboxConfig, now: float) -> Token:
        """Return a new token of /cgi-bin/token; older ones live on for the overlap only."""
        for old in self.plain:
            old.dies_at = min(old.dies_at, now + config.token_overlap_s)
        return self._add(self.plain, config, now)

    def keep(self, config: SandboxConfig, now: float) -> Token:
        """Return the present token of /cgi-bin/stable_token, or a new one near its end."""
        alive = [token for token in self.stable if token.dies_at - RENEW_BEFORE_S > now]
        return alive[-1] if alive else self._add(self.stable, config, now)

    def force(self, config: SandboxConfig, now: float, day: str) -> Token:
        """Return a new stable token and kill the old one at once.

        Raises:
            ApiError: 45009 after the day's allowance, 45011 too soon after the last one.

        """
        today = [at for on, at in self.forced if on == day]
        if len(today) >= config.force_refresh_max:
            raise ApiError(45009)
        if today and now - today[-1] < config.force_refresh_gap_s:
            raise ApiError(45011)
        self.forced.append((day, now))
        self.kill(self.stable, now)
        return self._add(self.stable, config, now)

    def check(self, value: str, now: float) -> None:
        """Accept a live token.

        Raises:
            ApiError: 41001 missing, 40014 no token at all, 42001 expired, 40001 replaced.

        """
        if not value:
            raise ApiError(41001)
        for token in self.plain + self.stable:
            if token.value == value and token.expires_at <= now:
                raise ApiError(42001)
            if token.value == value and token.dies_at > now:
                return
        raise ApiError(40001 if len(value) == LENGTH else 40014)

    def kill_all(self, now: float) -> None:
        """End every token this moment, as when the secret is reset in the console."""
        self.kill(self.plain, now)
        self.kill(self.stable, now)

    @staticmethod
    def kill(tokens: list[Token], now: float) -> None:
        """End these tokens."""
        for token in tokens:
            token.dies_at = min(token.dies_at, now)

    def _add(self, space: list[Token], config: SandboxConfig, now: float) -> Token:
        value = "88_" + "".join(self.rng.choices(LETTERS, k=LENGTH - 3))
        token = Token(value, now + config.token_lifetime_s, now + config.token_lifetime_s)
        space.append(token)
        return token
