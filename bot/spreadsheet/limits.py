"""What an uploaded file may be at most."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, counts and seconds; the figures fit a service of 2 GB."""

    size: int = 10 * MEGABYTE
    rows: int = 50_000
    #: Bytes of everything in an archive or a workbook, and of the cells' text.
    unpacked: int = 100 * MEGABYTE
    members: int = 60_000
    #: Characters of one cell; a workbook could hold 32,767.
    cell: int = 20_000
    #: What the process that takes a workbook apart may use.
    memory: int = 1024 * MEGABYTE
    seconds: int = 60
