"""The gate: what it stops, what it lets pass, and what it shows."""

import random
from dataclasses import replace

import pytest

from knowledge import fit, gate, golden, misplaced, outcomes
from knowledge.entry import Asking
from knowledge.forms import Document
from knowledge.judge import Band, load_judge
from knowledge.misplaced import Why
from knowledge.outcomes import Check, Kind, Outcome
from knowledge.search import Found, Hit

LOVE, BULLIED = "teen.love.breakup-boundary", "peer.bullied.first-steps"


def check(*expected, kind=Kind.GOLDEN, text="不看书", topic="t"):
    return Check("1", text, frozenset(expected), kind, topic)


def found(band, *names):
    return Found(tuple(Hit(n, "t", 0.5) for n in names), 0.5, band)


@pytest.mark.parametrize(
    ("band", "hits", "expected"),
    [
        (Band.ANSWER, "ab", Outcome.RIGHT),
        (Band.ANSWER, "ba", Outcome.WRONG),
        (Band.CANDIDATES, "bca", Outcome.OFFERED),
        (Band.CANDIDATES, "bcda", Outcome.OFFERED_WITHOUT),
        (Band.DECLINE, "a", Outcome.UNANSWERED),
        (Band.DECLINE, "", Outcome.UNANSWERED),
    ],
)
def test_what_becomes_of_a_question_that_has_an_answer(band, hits, expected):
    assert outcomes.outcome(check("a"), found(band, *hits)) is expected


@pytest.mark.parametrize(
    ("band", "expected"),
    [
        (Band.ANSWER, Outcome.ANSWERED),
        (Band.CANDIDATES, Outcome.OFFERED),
        (Band.DECLINE, Outcome.DECLINED),
    ],
)
def test_what_becomes_of_a_question_that_has_none(band, expected):
    assert outcomes.outcome(check(kind=Kind.OUTSIDE), found(band, "a")) is expected


def test_outcomes_are_ordered_and_two_that_help_nobody_are_equal():
    good = {outcome.name: outcome.goodness for outcome in Outcome}
    assert good["WRONG"] < good["OFFERED_WITHOUT"] < good["OFFERED"] < good["RIGHT"]
    assert good["UNANSWERED"] == good["OFFERED_WITHOUT"]
    assert good["ANSWERED"] < good["OFFERED"] < good["DECLINED"]
    assert good["SILENT"] < good["ALARM"]


def test_an_entry_with_another_s_answer_is_no_right_one():
    assert outcomes.outcome(check("a"), found(Band.ANSWER, "a"), {"a"}) is Outcome.WRONG
    offered = found(Band.CANDIDATES, "b", "a")
    assert outcomes.outcome(check("a"), offered, {"a"}) is Outcome.OFFERED_WITHOUT


def result(outcome, *hits, sure=0.5, score=0.5):
    return outcomes.Result(outcome, Band.ANSWER, sure, tuple(Hit(h, "t", score) for h in hits))


def compared(one, old, new, **told):
    return gate.compare([one], [old], [new], **told)


def test_a_question_that_becomes_worse_blocks_and_is_shown_with_both_hits():
    report = compared(check("a"), result(Outcome.RIGHT, "a"), result(Outcome.WRONG, "b"))
    [worse] = report.worse
    assert report.blocked
    assert (worse.before_hit.entry, worse.after_hit.entry) == ("a", "b")
    assert report.by_kind == {"golden": (1, 0)}
    assert report.by_topic == {"t": (1, 0)}


def test_a_question_that_is_only_offered_now_is_worse_and_not_lost():
    report = compared(check("a"), result(Outcome.RIGHT, "a"), result(Outcome.OFFERED, "b"))
    assert (len(report.worse), len(report.lost), report.blocked) == (1, 0, True)


@pytest.mark.parametrize(
    ("sure", "score", "slack", "worse"),
    [(0.48, 0.49, 0.03, 0), (0.46, 0.5, 0.03, 1), (0.5, 0.46, 0.03, 1), (0.5, 0.5, 0, 1)],
)
def test_a_slip_over_a_border_without_a_move_is_shaken(sure, score, slack, worse):
    new = result(Outcome.OFFERED, "a", sure=sure, score=score)
    report = compared(check("a"), result(Outcome.RIGHT, "a"), new, slack=slack)
    assert (len(report.worse), len(report.shaken), report.blocked) == (worse, 1 - worse, worse > 0)


def test_a_wrong_answer_is_never_a_slip():
    report = compared(check("a"), result(Outcome.RIGHT, "a"), result(Outcome.WRONG, "b", "a"))
    assert (len(report.worse), report.shaken) == (1, ())


def test_a_question_that_becomes_better_or_stays_passes():
    old, new = result(Outcome.OFFERED, "a"), result(Outcome.RIGHT, "a")
    report = compared(check("a"), old, new)
    assert not report.blocked
    assert [b.after for b in report.better] == [new]
    assert not compared(check("a"), result(Outcome.WRONG), result(Outcome.WRONG)).blocked


def test_danger_that_alarms_nobody_blocks_even_if_it_never_did():
    danger = check(kind=Kind.DANGER)
    report = compared(danger, result(Outcome.SILENT), result(Outcome.SILENT))
    assert (report.blocked, report.silent, report.worse) == (True, (danger,), ())


def test_danger_is_asked_of_the_screen_it_is_given(index):
    danger = [check(kind=Kind.DANGER, text=t) for t in ("不想活了", "不看书")]
    results = outcomes.run(index, load_judge(), danger, is_alarm=lambda t: "不想活" in t)
    assert [r.outcome for r in results] == [Outcome.ALARM, Outcome.SILENT]
    [silent] = outcomes.run(index, load_judge(), danger[:1])
    assert silent.outcome is Outcome.SILENT


def test_a_check_whose_entries_are_all_gone_is_an_orphan_and_blocks():
    old, new = result(Outcome.RIGHT, "a"), result(Outcome.UNANSWERED)
    report = compared(check("a"), old, new, entries={"b"})
    assert (len(report.orphaned), report.worse, report.blocked) == (1, (), True)
    half = compared(check("a", "b"), result(Outcome.RIGHT, "a"), new, entries={"b"})
    assert (half.orphaned, len(half.worse)) == ((), 1)


@pytest.mark.parametrize(("risk", "hit", "stops"), [(2, "c", 1), (1, "c", 0), (2, "b", 0)])
def test_where_it_may_do_harm_one_wrong_answer_is_not_exchanged_for_another(risk, hit, stops):
    old, new = result(Outcome.WRONG, "b"), result(Outcome.WRONG, hit)
    report = compared(check("a"), old, new, risks={"t": risk})
    assert (len(report.risky), report.blocked) == (stops, bool(stops))


@pytest.fixture(scope="module")
def checks(entries):
    return outcomes.checks_of(golden.read(), {e.id: e.topic for e in entries})


@pytest.fixture(scope="module")
def published(index, checks):
    return outcomes.run(index, load_judge(), checks)


@pytest.fixture(scope="module")
def named(entries):
    return {e.id: e for e in entries}


@pytest.fixture
def gated(index, checks, published):
    """Return a run of the whole gate on changed entries and removed ids."""

    def run(changed, removed=()):
        after = fit.update(index, [Document.of(e) for e in changed], removed)
        results = outcomes.run(after, load_judge(), checks)
        return gate.judge_change(checks, (published, results), (index, after))

    return run


def swapped(named, *fields):
    a, b = named[LOVE], named[BULLIED]
    return [
        replace(x, **{f: getattr(y, f) for f in fields}) for x, y in ((a, b), (b, a))
    ]  # fmt: skip


def test_the_answer_of_another_entry_pasted_in_is_stopped(named, gated):
    report = gated([replace(named[BULLIED], answer=named[LOVE].answer)])
    [wrong] = report.misplaced
    assert (wrong.entry, wrong.nearer, wrong.why) == (BULLIED, LOVE, Why.COPIED)
    assert report.worse
    assert all(r.is_misplaced and BULLIED in r.check.expected for r in report.worse)


def test_two_swapped_answers_are_stopped(named, gated):
    report = gated(swapped(named, "answer"))
    assert report.blocked
    assert {m.entry for m in report.misplaced} == {LOVE, BULLIED}


def test_the_wordings_of_two_entries_swapped_are_stopped(named, gated):
    report = gated(swapped(named, "question", "similar"))
    assert report.misplaced
    assert report.worse


def test_a_retired_entry_that_is_asked_for_is_stopped(gated, checks):
    report = gated([], {BULLIED})
    assert {c.id for c in report.orphaned} == {c.id for c in checks if c.expected == {BULLIED}}
    assert report.blocked


@pytest.mark.parametrize(
    "name", [LOVE, BULLIED, "comm.autonomy.boarding", "early.habit.suck-thumb"]
)
def test_a_rephrased_sentence_passes(named, gated, name):
    entry = named[name]
    report = gated([replace(entry, answer=entry.answer.replace("孩子", "娃娃") + "慢慢来。")])
    assert not report.blocked


def test_a_new_wording_and_a_new_entry_pass(named, gated):
    entry = named["comm.autonomy.boarding"]
    wording = replace(entry, similar=(*entry.similar, Asking("要不要申请内宿", "plain")))
    fresh = replace(
        entry,
        id="early.habit.haircut",
        topic="early.habit",
        question="孩子一剪头发就哭怎么办？",
        similar=(),
        answer="先让孩子看爸爸剪头发，再让他摸一摸推子。",
    )
    assert not gated([wording]).blocked
    assert not gated([fresh]).blocked


def test_no_entry_of_the_shipped_base_is_misplaced(index):
    assert misplaced.find(fit.fit([]), index) == ()


def test_nothing_changed_is_nothing_misplaced(index):
    assert misplaced.find(index, index) == ()


def test_random_swaps_of_answers_are_caught_by_the_words_alone(entries, index, monkeypatch):
    monkeypatch.setattr(misplaced, "COPIED", 2.0)
    dice, caught = random.Random(4), 0
    for _ in range(20):
        a, b = dice.sample(entries, 2)
        pair = [replace(a, answer=b.answer), replace(b, answer=a.answer)]
        found = misplaced.find(index, fit.update(index, [Document.of(e) for e in pair]))
        assert all(m.why is Why.ELSEWHERE for m in found)
        caught += bool(found)
    assert caught >= 18


def test_putting_swapped_answers_back_passes(named, index):
    wrong = fit.update(index, [Document.of(e) for e in swapped(named, "answer")])
    assert misplaced.find(wrong, index) == ()


def test_an_answer_may_move_from_an_entry_that_goes(named, index):
    renamed = replace(named[LOVE], id="teen.love.renamed")
    after = fit.update(index, [Document.of(renamed)], {LOVE})
    assert misplaced.find(index, after) == ()


def test_a_small_base_is_judged_by_copies_alone(make):
    texts = "先约好时间，到点就停。", "先听孩子说，再一起想办法。", "今晚读一页书给孩子听。"
    listed = [make(f"t.e{n}", f"问法{n}", answer=a) for n, a in enumerate(texts)]
    before = fit.fit(listed)
    pasted = fit.update(before, [Document.of(replace(listed[0], answer=texts[1]))])
    assert [m.why for m in misplaced.find(before, pasted)] == [Why.COPIED]
    other = fit.update(before, [Document.of(replace(listed[0], answer="问法2"))])
    assert misplaced.find(before, other) == ()


def test_an_entry_without_an_answer_is_no_copy_of_another_without(make):
    listed = [make(f"t.e{n}", f"问法{n}", answer="") for n in range(2)]
    assert misplaced.find(fit.fit([]), fit.fit(listed)) == ()
