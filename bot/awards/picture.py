"""Pictures of certificates: drawn from the snapshot and its template alone, kept nowhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.awards import proving, template_1
from bot.drawing import canvas
from bot.runtime import Runtime

#: Every template there ever was, by its number: old certificates are drawn by theirs.
TEMPLATES: dict[int, Callable[[Mapping[str, Any], str], bytes]] = {1: template_1.paint}
_SHELF = "awards.picture"


def paint(snapshot: str, signature: str) -> bytes:
    """Return the PNG of a certificate."""
    content = json.loads(snapshot)
    return TEMPLATES[content["template"]](content, proving.packed(snapshot, signature))


async def drawn(rt: Runtime, row: Any) -> bytes:
    """Return the PNG of a row; one at a time in this process, beside the loop."""
    async with _gate(rt):
        return await asyncio.to_thread(paint, row.snapshot, row.signature)


async def printed(rt: Runtime, row: Any) -> bytes:
    """Return the PDF of a row, A4."""
    async with _gate(rt):
        return await asyncio.to_thread(lambda: canvas.on_a4(paint(row.snapshot, row.signature)))


def _gate(rt: Runtime) -> asyncio.Semaphore:
    gate: asyncio.Semaphore = rt.shelf.setdefault(_SHELF, asyncio.Semaphore(1))
    return gate
