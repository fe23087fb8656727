"""Numbers of law are the same in all answers, and a rule that is named has its document."""

from dataclasses import replace

import pytest

from knowledge import check, claims, files
from knowledge.errors import FileFault


def test_the_shipped_answers_say_one_number_of_each_fact(entries):
    assert [fault for e in entries for fault in claims.wrong_numbers(e)] == []
    assert [fault for e in entries for fault in claims.uncited(e)] == []


def test_every_fact_is_said_somewhere():
    said = [s for e in files.load() for s in claims.sentences(e.answer)]
    for fact in claims.claims().facts:
        assert any(fact.about.search(s) and fact.says.search(s) for s in said), fact.name


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("国家的参考：小学睡九小时，一般不晚于21:20睡。", "九"),
        ("国家提出小学生每天10小时、初中8小时、高中8小时。", "8"),
        ("三至六年级每天书面作业平均不超过90分钟。", "90分钟"),
        ("未满十岁不能没人看护。", "十"),
        ("网络游戏只在周五、六、日和法定节假日晚8—10点开放。", "8—10"),
        ("一般按月收入的20%至40%算。", "20%至40%"),
    ],
)
def test_another_number_is_named_with_its_document(entries, sentence, wrong):
    told = replace(entries[0], answer=sentence)
    ((line, problem),) = claims.wrong_numbers(told)
    assert line == sentence
    assert problem.startswith(f"`{wrong}`: ")


def test_a_rule_without_a_document_is_a_fault(entries):
    practice = replace(entries[0].sources[0], ref="method")
    told = replace(entries[0], answer="法律规定要这样。", sources=(practice,))
    assert [line for line, _ in claims.uncited(told)] == ["法律规定要这样。"]
    assert list(claims.uncited(replace(told, sources=entries[0].sources))) == []


def test_long_sentences_and_first_lines_are_faults(entries):
    long = "很" * (check.SENTENCE + 1)
    told = replace(entries[0], answer=f"{'长' * (check.FIRST_LINE + 1)}\n{long}。\n{'短' * 80}。")
    assert len(list(check._readable(told))) == 2


def test_policy_without_a_last_day_is_a_fault(entries):
    policy = next(e for e in entries if e.topic.startswith("pol."))
    assert list(check._lasting(policy)) == []
    assert [near for near, _ in check._lasting(replace(policy, valid_until=None))] == [
        "valid_until:"
    ]


@pytest.mark.parametrize("text", ["facts: [", "facts: []", "facts: [{name: a}]", "[]"])
def test_a_broken_file_is_named(tmp_path, text):
    file = tmp_path / "claims.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileFault, match=r"claims\.yaml"):
        claims.claims(file)
