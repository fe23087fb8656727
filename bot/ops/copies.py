"""Backups as files: a manifest beside each says what is in it; here they are listed and pruned."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.db import revisions
from bot.errors import InvalidInput

FOLDER = "backups"
#: Rows that grant access now: worth nothing after a restore, and dangerous in a backup.
TRANSIENT = ("access_token", "staff_session")


@dataclass(frozen=True, slots=True)
class Look:
    """What a copy holds."""

    revision: str
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Restored:
    """What is in place now; `before` is where the old database was put, if there was one."""

    rows: Mapping[str, int]
    revision: str
    before: str


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup; `rows` counts each table of the file, `revision` is its schema."""

    path: Path
    size_bytes: int
    sha256: str
    at: datetime
    revision: str
    rows: Mapping[str, int]

    @property
    def is_there(self) -> bool:
        """Whether the file can be seen from here."""
        return self.path.is_file()


def name(at: datetime, suffix: str) -> str:
    """Return the usual name of a backup made now."""
    return f"bot-{at:%Y%m%dT%H%M%SZ}{suffix}"


def note(data: Path, made: Backup) -> None:
    """Keep the manifest in the data folder, wherever the file itself is."""
    fields = {
        "path": str(made.path.resolve()),
        "size_bytes": made.size_bytes,
        "sha256": made.sha256,
        "at": made.at.isoformat(),
        "revision": made.revision,
        "rows": dict(made.rows),
    }
    manifest = data / FOLDER / f"{name(made.at, '')}-{made.sha256[:8]}.json"
    manifest.touch(mode=0o600)
    manifest.write_text(json.dumps(fields, indent=1))


def listed(data: Path) -> list[Backup]:
    """Return the known backups, newest first; a manifest that cannot be read is left out."""
    found = []
    for manifest in (data / FOLDER).glob("bot-*.json"):
        try:
            fields = json.loads(manifest.read_text())
            at = datetime.fromisoformat(fields.pop("at"))
            found.append(Backup(path=Path(fields.pop("path")), at=at, **fields))
        except (ValueError, KeyError, TypeError, OSError):
            continue
    return sorted(found, key=lambda b: b.at, reverse=True)


def prune(data: Path, keep: int) -> int:
    """Delete all but the newest backups in the data folder; files elsewhere are not ours."""
    folder = (data / FOLDER).resolve()
    mine = [b for b in listed(data) if b.path.parent == folder]
    for old in mine[keep:]:
        old.path.unlink(missing_ok=True)
    for manifest, path in _manifests(folder):
        if path.parent == folder and not path.exists():
            manifest.unlink(missing_ok=True)
    return max(0, len(mine) - keep)


def _manifests(folder: Path) -> list[tuple[Path, Path]]:
    found = []
    for manifest in folder.glob("bot-*.json"):
        try:
            found.append((manifest, Path(json.loads(manifest.read_text())["path"])))
        except (ValueError, KeyError, TypeError, OSError):
            continue
    return found


def sha256(path: Path) -> str:
    """Return the file's hash in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_revision(file: Path, revision: str) -> None:
    """Refuse what a newer version of this service made.

    Raises:
        InvalidInput: the schema is not known here.
    """
    if revision not in revisions.known():
        raise InvalidInput(
            f"{file} has the schema {revision or '(none)'}, which this version does not know"
        )
