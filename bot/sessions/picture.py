"""Codes drawn by us from their addresses, for screens, paper and phones."""

from __future__ import annotations

import io
from typing import Any

import segno

#: So much may be lost of a code (15 per cent), and the white modules around it.
_ERROR, _BORDER = "m", 4
#: Dots of a module in a PNG that a phone shows and long presses.
_SCALE = 10


def inline(address: str) -> str:
    """Return a code as an address that an `img` of the console shows."""
    return str(_made(address).svg_data_uri(scale=4, border=_BORDER))


def png(address: str) -> bytes:
    """Return a code as PNG."""
    out = io.BytesIO()
    _made(address).save(out, kind="png", scale=_SCALE, border=_BORDER)
    return out.getvalue()


def _made(address: str) -> Any:
    return segno.make(address, error=_ERROR, micro=False)
