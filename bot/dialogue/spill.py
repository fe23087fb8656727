"""A file of this process's own, for what the database does not have yet; locked while it lives."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from pathlib import Path


class Spill:
    """Lines on disk; another process may take them up once this one is gone."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.{secrets.token_hex(6)}.jsonl"
        self._file: int | None = None

    def _append(self, line: str) -> None:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
        data, size = line.encode() + b"\n", os.fstat(self._file).st_size
        if os.write(self._file, data) != len(data):  # a full disk takes a part without an error
            os.ftruncate(self._file, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(self._file)

    def _clear(self) -> None:
        if self._file is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None

    def _let_go(self) -> None:
        """Leave the file to another process."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
