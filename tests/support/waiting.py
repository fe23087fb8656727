"""Waiting for a fact, not for a time."""

import asyncio
import inspect


async def until(claim, *, seconds=20.0):
    """Wait until a claim, plain or async, holds; a claim that never holds is a TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            holds = claim()
            if await holds if inspect.isawaitable(holds) else holds:
                return
            await asyncio.sleep(0.02)
