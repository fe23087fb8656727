"""Is the schema at head? Asked at every start without Alembic, which would cost 13 MB and 0.3 s."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


def newest() -> str:
    """Return the newest revision this program knows; revisions are numbered in their file names."""
    return max(known())


def known() -> frozenset[str]:
    """Return every revision this program knows."""
    return frozenset(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*_*.py"))


def is_newest(url: str) -> bool:
    """Say whether the database stands at the newest revision; any doubt is a no."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if not Path(parsed.database or "").exists():
            return False
        parsed = parsed.set(drivername="sqlite")
    engine = create_engine(parsed)
    try:
        with engine.connect() as connection:
            stands = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return bool(stands == newest())
    except DBAPIError:
        return False  # no table yet, or not reachable: the migration says it in a sentence
    finally:
        engine.dispose()
