"""Processes die, end and race: what was acknowledged is kept, and nothing happens twice."""

import asyncio

import pytest

from tests.support.process import Town

QUESTION = "孩子写作业总是拖拉怎么办"
AT_ONCE = 30


class Load:
    """Pushes of many parents, some at a time; remembers what came back for each MsgId."""

    def __init__(self, town, messages):
        self.town = town
        self.numbers = range(1, messages + 1)
        self.parents = [town.parent() for _ in range(50)]
        self.answers = {}
        self.free = asyncio.Semaphore(AT_ONCE)
        self.reached = asyncio.Event()
        self.enough = messages // 3

    def __await__(self):
        return asyncio.gather(*(self.push(n) for n in self.numbers)).__await__()

    async def push(self, number):
        async with self.free:
            parent = self.parents[number % len(self.parents)]
            fields = {"MsgType": "text", "Content": QUESTION, "MsgId": number}
            told = await parent.pushes(**fields, CreateTime=self.time)
            status = parent.deliveries[-1].attempts[-1].status
            self.answers[number] = (status, told)
            if sum(s == 200 for s, _ in self.answers.values()) >= self.enough:
                self.reached.set()

    @property
    def time(self):
        return int(self.town.platform.clock.now())

    def acknowledged(self):
        return {n for n, (status, _) in self.answers.items() if status == 200}


async def kept(town):
    rows = await town.rows("SELECT msg_key FROM inbox WHERE kind = 'Text'")
    keys = [int(r["msg_key"]) for r in rows]
    assert len(keys) == len(set(keys))
    return set(keys)


async def test_a_killed_process_has_every_message_it_acknowledged(tmp_path, database_url):
    once = {"deliveries_max": 1}
    async with Town.open(tmp_path, database_url, sandbox=once) as town:
        (service,) = town.services
        load = Load(town, 450)
        pushing = asyncio.ensure_future(load)
        await load.reached.wait()
        await service.end("kill")
        await pushing
        before = load.acknowledged()
        assert 0 < len(before) < 450
        assert before <= await kept(town)
        assert all("编号" in load.answers[n][1] for n in before)
        first = dict(load.answers)
        await service.start()
        load.answers.clear()
        await load  # the platform's retries: of the answered ones, too
        assert load.acknowledged() == set(load.numbers)
        assert all("编号" in told for _, told in load.answers.values())
        assert {n: load.answers[n] for n in before} == {n: first[n] for n in before}
        assert await kept(town) == set(load.numbers)
        told = await town.rows("SELECT count(*) AS n, count(DISTINCT code) AS c FROM decision")
        assert (told[0]["n"], told[0]["c"]) == (450, 450)


async def test_two_processes_give_one_message_one_effect_and_one_answer(tmp_path, postgres):
    async with Town.open(tmp_path, postgres(), 2) as town:
        parents = [town.parent() for _ in range(20)]
        at = int(town.platform.clock.now())

        async def three_times(number, parent):
            fields = {"MsgType": "text", "Content": QUESTION, "MsgId": number, "CreateTime": at}
            return await asyncio.gather(*(parent.pushes(**fields) for _ in range(3)))

        answers = await asyncio.gather(*(three_times(n, p) for n, p in enumerate(parents, 1)))
        assert all(len(set(a)) == 1 and "编号" in a[0] for a in answers)
        assert len({a[0] for a in answers}) == len(parents)
        assert await kept(town) == set(range(1, 21))
        told = await town.rows("SELECT count(*) AS n FROM decision")
        assert told[0]["n"] == 20
        ports = {d.attempts[-1].webhook_url for p in parents for d in p.deliveries}
        assert len(ports) == 2


async def test_an_asked_end_finishes_what_has_arrived(tmp_path, database_url):
    once = {"deliveries_max": 1}
    async with Town.open(tmp_path, database_url, sandbox=once) as town:
        (service,) = town.services
        load = Load(town, 300)
        pushing = asyncio.ensure_future(load)
        await load.reached.wait()
        assert await service.end() == 0
        await pushing
        assert load.acknowledged() == await kept(town)
        assert all("编号" in load.answers[n][1] for n in load.acknowledged())
        assert service.logged("stopping")
        assert not [line for line in service.lines if '"level": "error"' in line]


@pytest.mark.parametrize("times", [2])
async def test_services_start_at_once_on_an_empty_schema(tmp_path, database_url, times):
    async with Town.open(tmp_path, database_url, times) as town:
        parent = town.parent()
        await parent.follows()
        assert "编号" in await parent.says(QUESTION)
