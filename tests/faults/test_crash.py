"""A short run of the crash protocol: `scripts/crash` is the long one."""

import pytest

from tests.support import crash


@pytest.mark.parametrize("channel", crash.CHANNELS)
async def test_killed_workers_lose_nobody_and_reach_nobody_twice(channel, database_url, tmp_path):
    store = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    plan = crash.Plan(
        channel,
        store,
        seed=11,
        people=300 if channel != "mass" else 12_000,
        kills=2,
        opt_outs=5,
        workers=1 if store == "sqlite" else 2,
        pause_s=(0.2, 0.6),
    )
    found = await crash.run(plan, database_url, tmp_path)
    assert found.is_clean, found.line()
    assert found.kills
