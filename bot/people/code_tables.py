"""QR codes the platform made: a place's is for ever, its scene names the place's path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.base import Instant, metadata
from bot.org.tables import PATH_MAX
from bot.org.tree import Unit
from bot.people.followers import SCENE_MAX

#: A code the platform made for us; we draw `url` ourselves.
codes = Table(
    "qr_code",
    metadata,
    Column("scene", String(SCENE_MAX), primary_key=True),
    Column("ticket", String(200), nullable=False),
    Column("url", String(200), nullable=False),
    Column("permanent", Boolean, nullable=False),
    Column("area", String(PATH_MAX), nullable=False),  # the node it belongs to
    Column("name", String(80), nullable=False),  # of an event; nodes are named by the tree
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=True),
    Column("made_by", BigInteger, nullable=False),
    Index("ix_qr_code_area", "area"),
)


@dataclass(frozen=True, slots=True)
class Code:
    """A code the platform made; `name` is an event's, places are named by the tree."""

    scene: str
    url: str
    permanent: bool
    area: str
    name: str
    made_at: datetime
    expires_at: datetime | None


SHOWN = [codes.c[name] for name in Code.__dataclass_fields__]


def scene(unit: Unit) -> str:
    """Return the scene of a place's code, as `bot/profile/places.py` reads it."""
    return f"{'class' if unit.kind == 'class' else 'unit'}:{unit.path}"


async def by_scene(tx: AsyncConnection, scenes: Sequence[str]) -> dict[str, Code]:
    """Return the codes of these scenes that are kept."""
    rows = await tx.execute(select(*SHOWN).where(codes.c.scene.in_(scenes)))
    return {row.scene: Code(*row) for row in rows}
