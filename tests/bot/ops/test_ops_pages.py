"""The pages of running the service: health, fence, backups, jobs, settings, the account."""

import pytest

from bot.delivery import fence, incidents
from bot.ops import account
from tests.support import world
from tests.support.office import Office

ADMIN = ("admin", "", "")


@pytest.fixture
async def ops(settings):
    async with Office.open(settings, base=True) as office:
        yield office, await office.staff("chen", ADMIN)


async def test_health_says_what_is_well_and_what_went_wrong(ops):
    office, chen = ops
    async with office.rt.db.write() as tx:
        await incidents.report(tx, "disk.low", office.clock.now(), free_mb=3, folder="data")
    page = await chen.get("/health")
    assert page.status == 200
    assert "数据库正常" in page.text
    assert "磁盘只剩 3 MB" in page.text
    assert "未恢复" in page.text
    assert "磁盘" not in (await (await office.staff("li.na", ("editor", "", ""))).get("/")).text


async def test_the_fence_is_shown_and_lowered_by_hand(ops):
    office, chen = ops
    async with office.rt.db.write() as tx:
        await fence.raise_(tx, office.clock.now(), "restored")
    assert "发送闸已升起" in (await chen.get("/health")).text
    assert (await chen.post("/health/fence")).status == 303
    async with office.rt.db.read() as tx:
        assert await fence.is_up(tx) is None
    (noted,) = await office.rows("SELECT action FROM audit WHERE action = 'fence.lifted'")
    assert noted


async def test_a_backup_is_made_listed_and_downloaded(ops):
    office, chen = ops
    if not office.rt.db.is_sqlite and not office.rt.settings.pg_bin:
        pytest.skip("pg_dump is not here")
    assert (await chen.post("/backups")).status == 303
    page = await chen.get("/backups")
    path = page.text.partition('href="/console/backups/')[2].partition('"')[0]
    file = await chen.get(f"/backups/{path}")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert len(file.body) > 1000
    assert (await chen.get("/backups/000000000000")).status == 404
    noted = await office.rows("SELECT action FROM audit WHERE action LIKE 'backup.%'")
    assert [row["action"] for row in noted] == ["backup.made", "backup.downloaded"]


async def test_the_settings_are_shown_without_their_secrets(ops):
    office, chen = ops
    page = await chen.get("/settings")
    assert "BOT_CONSOLE_PORT" in page.text
    assert world.TOKEN not in page.text
    assert office.rt.settings.wechat_app_secret.get_secret_value() not in page.text


async def test_jobs_are_listed_once_a_worker_ran(ops):
    _, chen = ops
    assert "还没有任务运行过" in (await chen.get("/jobs")).text


@pytest.fixture
async def bare(settings):
    """An office whose environment names no account."""
    names = ("account_id", "app_id", "app_secret", "token", "aes_key")
    given = settings.model_dump(include=settings.model_fields_set)
    given |= {f"wechat_{name}": "" for name in names}
    given.pop("wechat_mode")
    async with Office.open(type(settings)(**given), base=True) as office:
        yield office, await office.staff("chen", ADMIN)


async def test_a_wrong_field_is_named_and_nothing_is_kept(bare):
    office, chen = bare
    page = await chen.post(
        "/account", app_id="wxcity0000000001", token="!!", mode="safe", then="save"
    )
    assert page.status == 422
    assert 'aria-invalid="true"' in page.text
    assert 'value="wxcity0000000001"' in page.text
    assert await office.rows("SELECT * FROM account_setting") == []


async def test_an_account_is_kept_sealed_and_shown_no_more(bare):
    office, chen = bare
    fields = {
        "app_id": "wxcity0000000001", "account_id": world.ACCOUNT, "app_secret": "s" * 32,
        "token": world.TOKEN, "aes_key": world.AES_KEY, "mode": "safe",
    }  # fmt: skip
    assert (await chen.post("/account", then="save", **fields)).status == 303
    page = await chen.get("/account")
    assert "设置完整" in page.text
    for secret in ("s" * 32, world.TOKEN, world.AES_KEY):
        assert secret not in page.text
    assert account.now(office.rt)["token"] == world.TOKEN
    (noted,) = await office.rows("SELECT detail FROM audit WHERE action = 'account.changed'")
    assert world.TOKEN not in noted["detail"]


async def test_a_token_that_was_made_here_is_shown_once_and_saved(bare):
    office, chen = bare
    page = await chen.post("/account", then="new_token", mode="safe", app_id="")
    made = page.text.partition('type="hidden" name="token" value="')[2].partition('"')[0]
    assert len(made) == 32
    kept = await chen.post(
        "/account", then="save", mode="plain", app_id="", account_id="", token=["", made]
    )
    assert kept.status == 303
    assert account.now(office.rt)["token"] == made
