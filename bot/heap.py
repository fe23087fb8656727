"""The process's heap: one arena for all threads, and start-up's leftovers given back."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys

#: glibc's number of the option, from malloc.h.
_M_ARENA_MAX = -8


def share() -> None:
    """Let all threads share one malloc arena: they take turns anyway, and it saves about 4 MB."""
    _glibc("mallopt", _M_ARENA_MAX, 1)


def settle() -> None:
    """Call once everything is loaded: what is loaded stays out of every later collection.

    A full collection over it would hold up every parent for 50 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    _glibc("malloc_trim", 0)


def _glibc(name: str, *numbers: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            getattr(ctypes.CDLL(None), name)(*numbers)
