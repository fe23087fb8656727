"""JSON log lines with pseudonyms: never an openid, a message text, a token or a query string."""

from __future__ import annotations

import hashlib
import logging
import secrets
import sys
import traceback
from pathlib import Path

import structlog

from bot.errors import StartRefused

_KEY_LEAST = 32
log = structlog.get_logger()


def configure(*, level: str = "info", form: str = "json") -> None:
    """Set up logging once for the process; lines go to standard error."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)


def frames(error: BaseException) -> str:
    """Return type and code places of an error, innermost last, without its message.

    Messages of database errors hold parameters and keys: openids and parents' words.
    """
    places = [
        f"{Path(f.filename).name}:{f.lineno} {f.name}"
        for f in traceback.extract_tb(error.__traceback__)
    ]
    return f"{type(error).__name__}: {' > '.join(places[-8:])}"


class Pseudonyms:
    """Openids to short names: keyed BLAKE2b with this installation's key, 12 hex digits.

    Source: personal-data rules in RELIABILITY 5 (logs hold no openid; one key an installation).
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def name(self, openid: str) -> str:
        """Return the pseudonym of an openid; equal inputs, equal names."""
        return hashlib.blake2b(openid.encode(), digest_size=6, key=self._key).hexdigest()


def installation_key(given: str, folder: Path) -> bytes:
    """Return the configured key, or the one made once in the data folder (mode 0600).

    Raises:
        StartRefused: the file holds less than a key: anybody could make its seals.
    """
    if given:
        return hashlib.sha256(given.encode()).digest()
    path = folder / "privacy.key"
    try:
        return _read_key(path)
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(f".{secrets.token_hex(4)}")
        scratch.touch(mode=0o600)
        scratch.write_bytes(secrets.token_hex(32).encode())
        try:
            path.hardlink_to(scratch)  # the first process wins, the others read its key
        except FileExistsError:
            log.debug("privacy_key_exists")
        scratch.unlink()
        return _read_key(path)


def _read_key(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) < _KEY_LEAST:
        raise StartRefused(f"{path} is damaged: put it back from the backup of the keys")
    return key
