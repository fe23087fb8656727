"""A QR code drawn by us from the address the platform gave: no picture is fetched from afar."""

from __future__ import annotations

import io
from typing import Any

import segno

#: So much may be lost of a printed code: 15 per cent.
_ERROR = "m"
#: White modules around a code, as the standard asks.
_BORDER = 4
#: Dots of a module in a PNG: some 500 dots a code, sharp at 5 cm and 300 dots an inch.
_SCALE = 14


def png(address: str) -> bytes:
    """Return a code as PNG."""
    out = io.BytesIO()
    _made(address).save(out, kind="png", scale=_SCALE, border=_BORDER)
    return out.getvalue()


def svg(address: str) -> bytes:
    """Return a code as SVG, to be printed in any size."""
    out = io.BytesIO()
    _made(address).save(out, kind="svg", scale=_SCALE, border=_BORDER)
    return out.getvalue()


def inline(address: str) -> str:
    """Return a code as an address that an `img` shows."""
    return str(_made(address).svg_data_uri(scale=4, border=_BORDER))


def _made(address: str) -> Any:
    return segno.make(address, error=_ERROR, micro=False)
