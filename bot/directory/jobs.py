"""What time does to the directory: facts past their date, and files nobody took in."""

from __future__ import annotations

from bot.directory import importing
from bot.logs import log
from bot.runtime import Runtime


async def forget_old(rt: Runtime) -> int:
    """Forget files that were tried out a week ago; returns how many."""
    gone = await importing.forget(rt)
    log.info("directory_files_forgotten", rows=gone)
    return gone
