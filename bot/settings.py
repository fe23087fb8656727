"""Environment to frozen settings; every field is described in docs/operations.md (tested)."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from bot.errors import StartRefused
from bot.secret_forms import aes_key_fault, token_fault
from bot.sending_settings import SendingSettings

_KEY_LEAST = 16
#: Without TLS only on this machine.
_SAFE_ORIGIN = r"https:|http://(127(\.\d+){3}|localhost)(:|/|$)"
Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(SendingSettings):
    """What an operator may set. `BOT_NAME` in the environment sets `name`."""

    model_config = SettingsConfigDict(env_prefix="BOT_", frozen=True, extra="forbid")

    data: Path = Field(Path("data"), description="folder for database, index, keys and spill")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the data folder")
    database_pool: int = Field(10, ge=1, le=200, description="PostgreSQL connections a process")
    migrate_at_start: bool = Field(default=True, description="bring the schema up to date")

    host: str = Field("127.0.0.1", description="address `bot serve` listens on")
    port: Port = Field(8080, description="port `bot serve` listens on")
    reuse_port: bool = Field(default=False, description="let several processes share the port")
    webhook_path: str = Field("/wechat", description="path of the callback URL")

    serves: Literal["all", "webhook", "console"] = Field(
        "all", description="what `bot serve` opens: webhook and console, or one of them"
    )
    console_host: str = Field("127.0.0.1", description="address the console listens on")
    console_port: Port = Field(8082, description="port the console listens on")
    console_origin: str = Field(
        "", description="how browsers reach the console, https://…; empty: this machine alone"
    )
    public_url: str = Field(
        "", description="how parents' phones reach the pages, https://…; empty: no links are given"
    )
    proxy_hops: int = Field(0, ge=0, le=5, description="proxies in front whose word is taken")

    wechat_account_id: str = Field("", description="the account's own id, gh_…")
    wechat_app_id: str = Field("", description="AppID")
    wechat_app_secret: SecretStr = Field(SecretStr(""), description="AppSecret")
    wechat_token: SecretStr = Field(SecretStr(""), description="Token of the message push")
    wechat_previous_token: SecretStr = Field(SecretStr(""), description="old Token, in rotation")
    wechat_mode: Literal["plain", "compatible", "safe"] = Field(
        "safe", description="encryption mode chosen in the platform's console"
    )
    wechat_aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey, 43 characters")
    wechat_previous_aes_key: SecretStr = Field(SecretStr(""), description="old key, in rotation")
    wechat_window_s: int = Field(300, ge=30, le=3600, description="accepted age of a push, seconds")
    wechat_api: str = Field("https://api.weixin.qq.com", description="base URL of the platform")
    wechat_open: str = Field(
        "https://open.weixin.qq.com", description="where parents' phones log in; empty: nowhere"
    )
    wechat_timeout_s: float = Field(8.0, gt=0, le=60, description="time limit of one API call")

    answer_deadline_s: float = Field(
        4.5, gt=0, lt=5, description="then `success`, and the answer as a customer message"
    )
    body_limit_bytes: int = Field(65536, ge=1024, le=1048576, description="largest push")
    slow_client_s: float = Field(8.0, gt=0, le=60, description="time for headers and body to come")
    choice_minutes: int = Field(10, ge=1, le=1440, description="how long a number choice works")
    inbox_hours: int = Field(48, ge=24, le=720, description="how long messages are kept")
    decision_days: int = Field(90, ge=1, le=730, description="how long answer records are kept")
    ticket_days: int = Field(
        90, ge=1, le=730, description="how long the words of closed tickets are kept"
    )

    parent_answers: int = Field(
        20, ge=0, le=1000, description="answers a parent gets a minute; 0: no limit at all"
    )
    parent_questions: int = Field(
        60, ge=1, le=10000, description="different questions a parent may ask an hour"
    )

    certificate_issuer: str = Field(
        "", max_length=30, description="who stands as issuer on certificates; empty: the service"
    )
    duty_url: SecretStr = Field(
        SecretStr(""), description="address that is told of every crisis alarm (POST, JSON)"
    )

    metrics: Literal["local", "all", "off"] = Field(
        "local", description="who may read /metrics: this machine, everybody, nobody"
    )
    backup_keep: int = Field(7, ge=1, le=365, description="backups kept in the data folder")
    pg_bin: str = Field("", description="folder of pg_dump and pg_restore; empty: search path")

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least level"
    )
    log_format: Literal["json", "text"] = Field(
        "json", description="one JSON object a line, or text"
    )
    privacy_key: SecretStr = Field(
        SecretStr(""), description="key of the openid hash; empty: made once in the data folder"
    )

    sandbox_host: str = Field("127.0.0.1", description="address `bot sandbox` listens on")
    sandbox_port: Port = Field(8081, description="port `bot sandbox` listens on")
    sandbox_webhook: str = Field(
        "http://127.0.0.1:8080/wechat", description="where the sandbox pushes to"
    )
    sandbox_format: Literal["xml", "json"] = Field("xml", description="data format of its pushes")
    sandbox_seed: int = Field(1, description="number that decides every id the sandbox makes")

    @field_validator("webhook_path")
    @classmethod
    def _path(cls, value: str) -> str:
        if not re.fullmatch(r"(/[A-Za-z0-9._-]+)+", value):
            raise ValueError("must look like /wechat")
        return value

    @field_validator("console_origin")
    @classmethod
    def _origin(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/?", value):
            raise ValueError("must look like https://console.example.cn")
        if not re.match(_SAFE_ORIGIN, value or "https:"):
            raise ValueError("must begin with https:// unless it names this machine")
        return value

    @field_validator("public_url", "wechat_open")
    @classmethod
    def _public(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/?", value):
            raise ValueError("must look like https://bot.example.cn")
        if not re.match(_SAFE_ORIGIN, value or "https:"):
            raise ValueError("must begin with https:// unless it names this machine")
        return value

    @field_validator("privacy_key")
    @classmethod
    def _key(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < _KEY_LEAST:
            raise ValueError(f"must be at least {_KEY_LEAST} characters long")
        return value

    @field_validator("wechat_token", "wechat_previous_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        sentences = {
            "form": "must be 3-32 letters or digits",
            "example": "is an example value everybody knows; choose a random one",
        }
        fault = token_fault(value.get_secret_value())
        if fault:
            raise ValueError(sentences[fault])
        return value

    @field_validator("wechat_aes_key", "wechat_previous_aes_key")
    @classmethod
    def _aes_key(cls, value: SecretStr) -> SecretStr:
        if aes_key_fault(value.get_secret_value()):
            raise ValueError("must be 43 letters or digits")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:", "sqlite+aiosqlite:", "postgresql")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @model_validator(mode="after")
    def _encrypted(self) -> Settings:
        has_key = bool(self.wechat_aes_key.get_secret_value())
        if self.wechat_token.get_secret_value() and self.wechat_mode != "plain" and not has_key:
            raise ValueError(
                f"BOT_WECHAT_MODE is {self.wechat_mode}, so BOT_WECHAT_AES_KEY must be set"
            )
        return self

    @model_validator(mode="after")
    def _console_reachable(self) -> Settings:
        """Refuse a console for the network that browsers would reach without TLS (fail closed)."""
        is_local = self.console_host in ("127.0.0.1", "::1", "localhost")
        if not is_local and not self.console_origin.startswith("https://"):
            raise ValueError(
                f"BOT_CONSOLE_HOST is {self.console_host}, so BOT_CONSOLE_ORIGIN must be set "
                "to the https:// address of the proxy in front"
            )
        return self

    @property
    def url(self) -> str:
        """The database URL with its async driver named."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.data / 'bot.db'}"
        for given, driver in (
            ("sqlite:", "sqlite+aiosqlite:"),
            ("postgresql:", "postgresql+psycopg:"),
        ):
            if self.database_url.startswith(given):
                return driver + self.database_url.removeprefix(given)
        return self.database_url

    @property
    def index_path(self) -> Path:
        """Where the fitted index is kept between starts."""
        return self.data / "index.npz"


def load() -> Settings:
    """Read the environment.

    Raises:
        StartRefused: a value is not valid, or a BOT_… name is none of ours; named each.
    """
    unknown = [name for name in os.environ if name.startswith("BOT_") and not _is_known(name)]
    if unknown:
        raise StartRefused("; ".join(_misspelt(name) for name in sorted(unknown)))
    try:
        return Settings()
    except ValidationError as error:
        raise StartRefused("; ".join(_sentences(error))) from None


def _is_known(name: str) -> bool:
    return name.startswith("BOT_TEST_") or name[4:].lower() in Settings.model_fields


def _misspelt(name: str) -> str:
    near = difflib.get_close_matches(name[4:].lower(), Settings.model_fields, 1)
    hint = f"; did you mean BOT_{near[0].upper()}?" if near else ""
    return f"{name} is not a setting{hint}"


def _sentences(error: ValidationError) -> list[str]:
    found = []
    for problem in error.errors(include_input=False, include_url=False):
        name = "_".join(str(part) for part in problem["loc"]).upper()
        message = problem["msg"].removeprefix("Value error, ")
        found.append(f"BOT_{name} {message}" if name else message)
    return found
