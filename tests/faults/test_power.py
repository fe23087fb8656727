"""The plug is pulled: whatever is left of SQLite's log, the file is whole and a prefix is kept."""

import random
import shutil
import sqlite3

from tests.support.world import City, settings

QUESTION = "孩子写作业总是拖拉怎么办"
CUTS = 100


def opened(folder, cut, log):
    """Return the messages that a copy with this much of its log still knows."""
    (folder / "cut.db-wal").write_bytes(log[:cut])
    (folder / "cut.db-shm").unlink(missing_ok=True)
    shutil.copy(folder / "base.db", folder / "cut.db")
    db = sqlite3.connect(folder / "cut.db")
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = db.execute("SELECT id, msg_key FROM inbox ORDER BY id").fetchall()
        told = db.execute("SELECT count(*) FROM decision").fetchone()[0]
        assert told == sum(key.isdigit() for _, key in rows)  # receipt and effect are one
        return [key for _, key in rows]
    finally:
        db.close()


async def test_a_torn_log_never_breaks_the_file_and_keeps_a_prefix(tmp_path):
    async with City.open(settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")) as city:
        parent = city.parent()
        await parent.follows()
        for _ in range(60):
            await parent.says(QUESTION)
        shutil.copy(tmp_path / "bot.db", tmp_path / "base.db")
        log = (tmp_path / "bot.db-wal").read_bytes()
    whole = opened(tmp_path, len(log), log)
    assert len(whole) == 61
    draw = random.Random(7)
    counts = set()
    for _ in range(CUTS):
        kept = opened(tmp_path, draw.randrange(len(log)), log)
        assert kept == whole[: len(kept)]
        counts.add(len(kept))
    assert len(counts) > 20
