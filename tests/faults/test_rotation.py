"""Keys change while parents write: nobody notices."""

import pytest

from tests.support import world
from tests.support.world import City, settings

NEW_KEY = "ABCDEFGHIJKLMNOPabcdefghijklmnopqrstuvwxyzE"
NEW_TOKEN = "freshTOKEN2026"


@pytest.mark.parametrize("mode", ["compatible", "safe"])
async def test_token_and_key_rotate_without_a_refused_push(tmp_path, mode):
    given = settings(
        tmp_path,
        f"sqlite:///{tmp_path}/bot.db",
        wechat_mode=mode,
        wechat_token=NEW_TOKEN,
        wechat_previous_token=world.TOKEN,
        wechat_aes_key=NEW_KEY,
        wechat_previous_aes_key=world.AES_KEY,
    )
    async with City.open(given) as city:
        parent = city.parent()
        await parent.follows()
        assert "不客气" in await parent.says("谢谢")
        platform = city.platform
        # the platform mixes old and new key for a while after the change in its console
        platform.old_key, platform.old_key_until = world.AES_KEY, platform.clock.now() + 600
        platform.config = platform.config.changed({"aes_key": NEW_KEY, "token": NEW_TOKEN})
        for _ in range(20):
            assert "不客气" in await parent.says("谢谢")
        assert {len(d.attempts) for d in parent.deliveries} == {1}
        assert {d.attempts[0].request.aes_key for d in parent.deliveries} == {
            world.AES_KEY,
            NEW_KEY,
        }
        assert not [f for d in parent.deliveries for f in d.verdict.findings]


async def test_a_token_nobody_knows_any_more_is_refused(tmp_path):
    given = settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", wechat_token=NEW_TOKEN)
    async with City.open(given) as city:
        parent = city.parent()
        await parent.follows()
        assert parent.deliveries[-1].attempts[-1].status == 403
