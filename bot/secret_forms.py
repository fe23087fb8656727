"""What a Token and an EncodingAESKey must look like, wherever they are entered."""

from __future__ import annotations

import re

_EXAMPLE_TOKENS = frozenset({"token", "your_token", "yourtoken", "test", "123456", "changeme"})
_TOKEN_FORM = re.compile(r"[A-Za-z0-9]{3,32}").fullmatch
_AES_KEY_FORM = re.compile(r"[A-Za-z0-9]{43}").fullmatch


def token_fault(text: str) -> str:
    """Return what is wrong with a Token, `form` or `example`; nothing with an empty one."""
    if text and not _TOKEN_FORM(text):
        return "form"
    return "example" if text.lower() in _EXAMPLE_TOKENS else ""


def aes_key_fault(text: str) -> str:
    """Return `form` for what is no EncodingAESKey; an empty one is not given."""
    return "form" if text and not _AES_KEY_FORM(text) else ""
