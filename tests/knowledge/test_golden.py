import json
import subprocess

import pytest
import yaml

from knowledge import golden, text
from knowledge.errors import FileFault
from knowledge.evaluate import Question
from knowledge.judge import Band, load_judge
from knowledge.search import Found, Hit, search

BASELINE = golden.FOLDER.parent / "baseline.yaml"
TOLERANCE = 0.0005


@pytest.fixture(scope="module")
def questions():
    return golden.read()


def figures(baseline):
    return {
        (part, figure): value
        for part, scores in baseline.items()
        if part != "lowered"
        for figure, value in scores.items()
    }


def test_scores_do_not_fall_below_the_baseline(index):
    judge = load_judge()
    scores = {n: json.loads(s.to_json()) for n, s in golden.evaluate(index, judge).items()}
    scores["outcomes"] = golden.outcomes(index, judge)
    least = yaml.safe_load(BASELINE.read_text(encoding="utf-8"))
    assert least.keys() - {"lowered"} == scores.keys()
    fallen = [
        f"{part} {figure}: {scores[part][figure]:.4f}, was {value:.4f}"
        for (part, figure), value in figures(least).items()
        if scores[part][figure] < value - TOLERANCE
    ]
    assert not fallen, (
        f"{'; '.join(fallen)}. Look at the questions with `bot evaluate` and `bot ask --explain`; "
        f"if the loss is meant, write the new numbers into knowledge/eval/{BASELINE.name} "
        "and what was gained for it under `lowered`."
    )


def committed(revision):
    """Return the baseline of a commit; None outside a repository and before its first one."""
    name = f"{revision}:./knowledge/eval/{BASELINE.name}"
    root = BASELINE.parent.parent.parent
    told = subprocess.run(["git", "show", name], cwd=root, capture_output=True, check=False)
    return yaml.safe_load(told.stdout) if told.returncode == 0 else None


def unexplained(before, now):
    reasons = {(r["slice"], r["figure"], r["now"]) for r in now.get("lowered", []) if r["why"]}
    old, new = figures(before), figures(now)
    return [
        f"{part} {figure}: {new.get((part, figure))}, was {value}"
        for (part, figure), value in old.items()
        if new.get((part, figure), -1) < value - TOLERANCE
        and (part, figure, new.get((part, figure))) not in reasons
    ]


@pytest.mark.parametrize("revision", ["HEAD", "HEAD~1"])
def test_a_line_of_the_baseline_is_lowered_with_a_reason_only(revision):
    before = committed(revision)
    if before is None:
        pytest.skip(f"no baseline in {revision}: not a repository, or too shallow a clone")
    assert unexplained(before, yaml.safe_load(BASELINE.read_text(encoding="utf-8"))) == []


def test_a_lowered_line_without_a_reason_is_seen():
    before = {"yue": {"R@1": 0.7, "R@3": 0.8}}
    lowered = {"slice": "yue", "figure": "R@1", "was": 0.7, "now": 0.6, "why": "…"}
    assert unexplained(before, {"yue": {"R@1": 0.6, "R@3": 0.8}}) == ["yue R@1: 0.6, was 0.7"]
    assert unexplained(before, {"yue": {"R@3": 0.8}, "lowered": [lowered]}) != []
    assert unexplained(before, {"yue": {"R@1": 0.6, "R@3": 0.9}, "lowered": [lowered]}) == []


def test_each_style_and_the_out_of_scope_questions_are_many_enough(questions):
    assert set(questions) == {*golden.STYLES, golden.OUT}
    assert all(len(qs) >= 50 for qs in questions.values())
    assert len(questions[golden.OUT]) >= 200


def test_every_expected_entry_exists(questions, entries):
    known = {e.id for e in entries}
    wrong = [q.id for qs in questions.values() for q in qs if not q.expected <= known]
    assert wrong == []


def test_every_entry_is_asked_for(questions, entries):
    asked = set().union(*(q.expected for qs in questions.values() for q in qs))
    assert [e.id for e in entries if e.id not in asked] == []


def test_the_questions_are_held_out_no_entry_holds_one_word_for_word(questions, entries):
    known = {text.normalise(a) for e in entries for a in e.askings()}
    seen = [q.text for qs in questions.values() for q in qs if text.normalise(q.text) in known]
    assert seen == []


def test_no_question_is_asked_twice(questions):
    texts = [q.text for qs in questions.values() for q in qs]
    assert len(set(texts)) == len(texts)


def test_every_outcome_is_counted_once():
    def found(band, *names):
        return Found(tuple(Hit(n, "t", 0.5) for n in names), 0.5, band)

    asked = Question("q", "…", frozenset("a"))
    outcomes = {
        "right": found(Band.ANSWER, "a"),
        "wrong": found(Band.ANSWER, "b", "a"),
        "offered": found(Band.CANDIDATES, "b", "c", "a"),
        "offered_without": found(Band.CANDIDATES, "b", "c", "d", "a"),
        "declined": found(Band.DECLINE, "a"),
    }
    for name, result in outcomes.items():
        assert golden.bands([asked], [result]) == dict.fromkeys(outcomes, 0) | {name: 1}


def test_what_became_of_the_questions_adds_up(questions, index):
    for asked in questions.values():
        found = [search(index, q.text, load_judge()) for q in asked]
        assert sum(golden.bands(asked, found).values()) == len(asked)


def test_out_of_scope_questions_are_hardly_ever_answered_outright(questions, index):
    found = [search(index, q.text, load_judge()) for q in questions[golden.OUT]]
    answered = sum(f.band is Band.ANSWER for f in found) / len(found)
    assert answered < 0.2


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("comm", "- {text: 甲, style: odd, expect: [a]}", r"question 1 needs a text and a known"),
        ("comm", "- {style: plain, expect: [a]}", r"question 1 needs a text and a known style"),
        ("comm", "- {text: 甲, style: plain}", r"question 1: `expect` is missing or too much"),
        ("out_of_scope", "- {text: 甲, expect: [a]}", r"`expect` is missing or too much"),
        ("comm", "- {text: 甲", r":\d+: is not YAML"),
        ("comm", "text: 甲", r"must be a list of questions"),
        ("comm", "- 甲", r"must be a list of questions"),
    ],
)
def test_a_broken_file_is_named(tmp_path, name, content, problem):
    (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(FileFault, match=rf"{name}\.yaml.*{problem}"):
        golden.read(tmp_path)
