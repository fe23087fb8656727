"""P1 goes on where it was: the process is killed between two of its questions."""

from bot.clock import SystemClock
from tests.support import places
from tests.support.process import Town


async def test_a_parent_goes_on_where_the_killed_process_had_asked(tmp_path, database_url):
    async with Town.open(tmp_path, database_url) as town:
        (service,) = town.services
        await places.build(town.db, SystemClock().now())
        parent = town.parent()
        assert "1 同意并开始" in await parent.scans(f"class:{places.CLASS}")
        assert "1 妈妈" in await parent.says("1")
        assert "还有别的孩子吗" in await parent.says("妈妈")
        await service.end("kill")
        await service.start()
        assert "哪个学段" in await parent.says("2")
        await service.end("kill")
        await service.start()
        assert "幼儿园大班" in await parent.says("幼儿园大班")
        rows = await town.rows("SELECT stage, source FROM child ORDER BY id")
        assert [(r["stage"], r["source"]) for r in rows] == [
            ("primary", "code"),
            ("kinder", "told"),
        ]
        assert [r["role"] for r in await town.rows("SELECT role FROM guardian")] == ["mother"]
        assert (await town.rows("SELECT count(*) AS n FROM consent"))[0]["n"] == 4


async def test_a_repeat_after_the_kill_adds_no_second_child(tmp_path, database_url):
    once = {"deliveries_max": 1}
    async with Town.open(tmp_path, database_url, sandbox=once) as town:
        (service,) = town.services
        await places.build(town.db, SystemClock().now())
        parent = town.parent()
        await parent.scans(f"class:{places.CLASS}")
        for said in ("1", "妈妈", "2"):
            await parent.says(said)
        at = int(town.platform.clock.now())
        fields = {"MsgType": "text", "Content": "初二", "MsgId": 9_000_001, "CreateTime": at}
        first = await parent.pushes(**fields)
        await service.end("kill")
        await service.start()
        assert await parent.pushes(**fields) == first
        assert (await town.rows("SELECT count(*) AS n FROM child"))[0]["n"] == 2
