"""`bot ask`, `bot explain`, `bot evaluate`: the stable interface, key by key."""

import json
import re
import sqlite3

import pytest

from tests.support import world
from tests.support.desk import Desk
from tests.support.process import bot

ASKED = "孩子写作业总是拖拉怎么办"
KEYS = {
    "id": str,
    "text": str,
    "band": str,
    "intent": str,
    "slots": dict,
    "crisis": (dict, type(None)),
    "hits": list,
    "reply": str,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data folder with the published base; asking stores nothing in it."""
    made = tmp_path_factory.mktemp("asking")
    assert bot(made, "init").returncode == 0
    return made


def lines(done):
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def test_a_question_as_json_has_the_promised_keys_and_types(folder):
    (told,) = lines(bot(folder, "ask", "--json", ASKED))
    assert list(told) == list(KEYS)
    assert {k: isinstance(told[k], kind) for k, kind in KEYS.items()} == dict.fromkeys(KEYS, True)
    assert (told["band"], told["crisis"], told["text"]) == ("answer", None, ASKED)
    assert told["hits"][0]["entry"] == "study.procrastinate.slow-homework"
    assert 1 <= len(told["hits"]) <= 10
    for hit in told["hits"]:
        assert [type(hit[k]) for k in ("entry", "topic", "score")] == [str, str, float]
    scores = [hit["score"] for hit in told["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_a_crisis_and_a_task_have_no_hits(folder, tmp_path):
    file = tmp_path / "q.jsonl"
    rows = [{"id": "a", "text": "孩子说不想活了，刚吃了药"}, {"id": "b", "text": "菜单"}]
    file.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    crisis, task = lines(bot(folder, "ask", "--json", "--batch", str(file)))
    assert (crisis["band"], crisis["hits"]) == ("crisis", [])
    assert set(crisis["crisis"]) == {"category", "severity"}
    assert isinstance(crisis["crisis"]["severity"], int)
    assert (task["band"], task["intent"], task["hits"]) == ("task", "help", [])


def test_courses_are_listed_as_a_parent_would_see_them_with_a_database_and_without(
    folder, tmp_path
):
    for where in (folder, tmp_path):
        (told,) = lines(bot(where, "ask", "--json", "三年级有什么课可以学"))
        assert (told["band"], told["intent"]) == ("task", "find_course")
        assert told["reply"].count("《") == 3


def test_a_batch_is_answered_in_its_order_with_its_ids(folder, tmp_path):
    texts = [ASKED, "你好", "第一行\u2028第二行 孩子不爱阅读", "孩子沉迷游戏怎么办"]
    file = tmp_path / "q.jsonl"
    rows = [{"id": f"q{9 - n}", "text": t} for n, t in enumerate(texts)]
    file.write_text("\n\n".join(json.dumps(r, ensure_ascii=False) for r in rows), "utf-8")
    told = lines(bot(folder, "ask", "--json", "--batch", str(file)))
    assert [(t["id"], t["text"]) for t in told] == [(r["id"], r["text"]) for r in rows]


def test_the_same_question_gives_the_same_line(folder):
    first, second = (bot(folder, "ask", "--json", ASKED).stdout for _ in range(2))
    assert first == second


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"id": "a"}', '{"text": "t"}', "7"])
def test_a_bad_line_of_a_batch_is_named(folder, tmp_path, line):
    file = tmp_path / "q.jsonl"
    file.write_text('{"id": "a", "text": "你好"}\n' + line + "\n", encoding="utf-8")
    done = bot(folder, "ask", "--json", "--batch", str(file))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"bot: {file}:2: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_question_and_a_batch_together_or_neither_is_a_usage_error(folder, tmp_path):
    file = tmp_path / "q.jsonl"
    file.write_text("")
    assert bot(folder, "ask").returncode == 2
    assert bot(folder, "ask", ASKED, "--batch", str(file)).returncode == 2
    assert bot(folder, "ask", "--batch", str(tmp_path / "none")).returncode == 2


def test_a_person_reads_the_answer_first(folder):
    done = bot(folder, "ask", ASKED)
    assert "依据：" in done.stdout
    assert "band=answer intent=ask_question" in done.stdout
    explained = bot(folder, "ask", "--explain", ASKED)
    assert '"feature"' in explained.stdout


def test_asking_stores_nothing(folder):
    bot(folder, "ask", "孩子说不想活了")
    bot(folder, "ask", ASKED)
    with sqlite3.connect(folder / "bot.db") as db:
        for table in ("inbox", "decision", "conversation", "alert"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    db.close()


async def test_an_answer_just_given_is_explained(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", data=tmp_path)
    async with Desk.open(given) as desk:
        code = re.search("编号 ([0-9A-Z]{8})", await desk.says(ASKED))[1]
    (told,) = lines(bot(tmp_path, "explain", "--json", code.lower()))
    assert (told["code"], told["text"], told["band"]) == (code, ASKED, "answer")
    assert told["entry"] == told["hits"][0]["entry"]
    assert told["answer"]
    assert told["hits"][0]["words"]
    unknown = bot(tmp_path, "explain", "ZZZZZZZZ")
    assert unknown.returncode == 2
    assert unknown.stderr.startswith("bot: no answer has the id ZZZZZZZZ")


def test_evaluation_of_files(folder, tmp_path):
    entries, queries = tmp_path / "e.jsonl", tmp_path / "q.jsonl"
    base = [("a", "孩子写作业拖拉"), ("b", "孩子不爱吃饭"), ("c", "孩子晚上怕黑")]
    rows = [
        {"id": i, "topic": f"t.{i}", "question": q, "similar": [], "answer": q} for i, q in base
    ]
    entries.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    asked = [{"id": "1", "text": "写作业好拖拉", "expected": ["a"]}]
    queries.write_text("\n".join(json.dumps(r) for r in asked), encoding="utf-8")
    done = bot(folder, "evaluate", "--entries", str(entries), "--queries", str(queries), "--json")
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout)
    assert all(isinstance(v, int | float | type(None)) for v in scores.values())
    alone = bot(folder, "evaluate", "--entries", str(entries))
    assert alone.returncode == 2
