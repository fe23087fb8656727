"""Marked parents, words and numbers go through good and bad paths: none of them is in a log."""

import resource

import pytest

from bot.sandbox import hostile
from tests.support import wire, world
from tests.support.process import Town, limit_files
from tests.support.waiting import until

SEND = "/cgi-bin/message/custom/send"
MARKS = ("MARKopenid", "小明标记", "13912345678", "440106199001011234", "MARKscene")
SECRETS = (world.TOKEN, world.AES_KEY, "s" * 32, "k" * 32)
WORDS = (
    "孩子写作业总是拖拉怎么办，他叫小明标记，电话13912345678",
    "小明标记说不想活了，刚才吃了一瓶药",
    "我的身份证440106199001011234",
    "小明标记" * 2000,
    "继续",
    "1",
    "没用",
    "转人工",
    "删除我的资料",
    "确认删除",
)

pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="prlimit is Linux's own")


async def good_and_bad(town, parents):
    for parent in parents:
        await parent.follows(scene="MARKscene")
        for words in WORDS:
            await parent.says(words)
        await parent.sends("voice", recognition="小明标记不听话")
        await parent.leaves()
        await parent.follows()


async def strange(town, phone):
    for case in hostile.available(town.platform):
        await hostile.fire(town.platform, phone, case["name"])
    push = wire.sealed(town.platform, phone, "小明标记")
    raw = wire.posted(push)
    broken = [
        b"POST /wechat?openid=MARKopenid HTTP/9.9\r\n\r\n",
        raw.replace(b"Host:", b"Ho\x00st 13912345678:", 1),
        raw.replace(b"Content-Length", b"Content-Length: MARKopenid\r\nX", 1),
        raw.replace(b"&nonce=", b"&nonce=%ff%fe&nonce=", 1),
    ]
    for one in broken:
        answer = await wire.exchange(town.services[0].port, one)
        assert answer.status in {400, 403}
        assert b"MARK" not in answer.body


async def without_a_disk(town, parents):
    limit_files(town.services[0], 0)
    for parent in parents:
        for words in WORDS[:4]:
            await parent.says(words)
    limit_files(town.services[0], None)


async def test_no_mark_is_in_the_log_of_a_busy_day(tmp_path):
    url = f"sqlite:///{tmp_path}/bot.db"
    async with Town.open(tmp_path, url, log_level="debug") as town:
        (service,) = town.services
        parents = [town.parent(f"oMARKopenid{n:017}") for n in range(22)]
        await good_and_bad(town, parents)
        await strange(town, parents[0].phone)
        await without_a_disk(town, parents[:5])
        assert sum(len(p.deliveries) for p in parents) > 300
        assert await service.end() == 0
        logged = "".join(service.lines)
    for event in ("push_refused", "crisis", "store_away", "crisis_without_store", "request_broken"):
        assert f'"event": "{event}"' in logged, event
    assert [mark for mark in MARKS if mark in logged] == []
    assert [secret for secret in SECRETS if secret in logged] == []
    assert "signature=" not in logged
    assert "Traceback" not in logged


async def test_no_mark_is_in_the_log_of_late_answers(tmp_path, postgres):
    given = {"log_level": "debug", "answer_deadline_s": "0.3"}
    async with Town.open(tmp_path, postgres(), **given) as town:
        (service,) = town.services
        parents = [town.parent(f"oMARKopenid{n:017}") for n in range(4)]
        for parent in parents:
            await parent.follows()
        town.platform.faults.add({"kind": "error", "path": SEND, "code": 45015, "times": 2})
        town.platform.faults.add({"kind": "drop", "path": SEND, "times": 1})
        async with town.db.write() as tx:
            await tx.exec_driver_sql("LOCK TABLE inbox IN EXCLUSIVE MODE")
            for parent in parents:
                assert await parent.says(WORDS[0]) == ""
        await until(lambda: settled(town))
        assert await service.end() == 0
        logged = "".join(service.lines)
    for event in ("answer_late", "late_sent", "late_refused"):
        assert f'"event": "{event}"' in logged, event
    assert [mark for mark in MARKS if mark in logged] == []
    assert [secret for secret in SECRETS if secret in logged] == []


async def settled(town):
    rows = await town.rows(
        "SELECT count(*) AS n FROM inbox WHERE delivery IN ('sent', 'unknown', 'refused')"
    )
    return rows[0]["n"] == 4
