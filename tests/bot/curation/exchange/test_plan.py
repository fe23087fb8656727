"""A dry run says of every row what it would do, and does nothing."""

from dataclasses import replace
from datetime import date

import pytest

from bot.curation.exchange import columns, plan, reading, sheets
from bot.curation.exchange.plan import Outcome
from knowledge.entry import Status

NEW, CHANGED, SAME, BROKEN = Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.BROKEN


@pytest.fixture
def dry(sheet, shipped):
    """Return the steps of a sheet whose rows are changes of one shipped entry."""

    def run(*changes, without=(), current=shipped):
        return plan.plan(reading.read("a.csv", sheet(*changes, without=without)), current)

    return run


def new(**cells):
    return {"id": "", "question": "游戏皮肤能不能退", "similar": ""} | cells


def test_each_row_has_one_outcome_and_the_counts_are_all_rows(dry):
    found = dry({}, new(), new(question="又一句", risk="9"), new(question="再一句"))
    assert [s.outcome for s in found.steps] == [SAME, NEW, BROKEN, NEW]
    assert found.counts() == {NEW: 2, CHANGED: 0, SAME: 1, BROKEN: 1}


def test_a_change_names_its_fields_in_the_order_of_a_sheet(dry, one):
    (step,) = dry({"answer": "另一个回答", "summary": "另一行"}).steps
    assert (step.outcome, step.fields) == (CHANGED, ("summary", "answer"))
    assert step.entry == replace(one, answer="另一个回答", summary="另一行", status=Status.DRAFT)


def test_what_review_sets_is_no_change(dry):
    (step,) = dry({"status": "retired", "reviewed_on": "2020-01-01", "review_due": ""}).steps
    assert step.outcome is SAME
    assert step.entry.reviewed_on == date(2020, 1, 1)


def test_what_has_no_column_stays_as_it_is(dry, one):
    (step,) = dry({"answer": "另一个回答"}, without=("ages", "similar", "related", "risk")).steps
    assert step.fields == ("answer",)
    assert step.entry.similar == one.similar


def test_what_has_a_column_and_no_text_is_emptied(dry):
    (step,) = dry({"similar": ""}).steps
    assert step.fields == ("similar",)


def test_the_same_question_without_id_is_new_once(dry, shipped):
    (step,) = dry(new()).steps
    (again,) = dry(new(), current={**shipped, step.entry.id: step.entry}).steps
    assert (step.outcome, again.outcome) == (NEW, SAME)


def test_a_wording_of_another_entry_is_a_fault(dry, shipped):
    other = (
        shipped["emo.low.wont-talk"]
        if "emo.low.wont-talk" in shipped
        else next(e for i, e in sorted(shipped.items()) if i != "media.recharge.refund")
    )
    (step,) = dry(new(similar=f"plain|{other.question}")).steps
    assert step.outcome is BROKEN
    (fault,) = step.faults
    assert (fault.row, fault.column) == (2, "相似问法")
    assert fault.problem.endswith(f"已经是条目 {other.id} 的问法，留一处。")


def test_a_wording_may_move_from_one_entry_to_another_in_one_file(dry, one):
    moved = one.similar[0].text
    kept = columns.row(replace(one, similar=one.similar[1:]))
    found = dry(kept, new(similar=f"plain|{moved}"))
    assert [s.outcome for s in found.steps] == [CHANGED, NEW]


def test_an_unknown_relative_is_a_fault(dry):
    (step,) = dry(new(related="media.recharge.nothing")).steps
    assert [(f.column, f.problem) for f in step.faults] == [
        ("延伸条目", "没有条目“media.recharge.nothing”。")
    ]


def test_an_unknown_successor_is_a_fault(dry):
    (step,) = dry(new(successor="media.recharge.nothing")).steps
    assert [(f.column, f.problem) for f in step.faults] == [
        ("接替条目", "没有条目“media.recharge.nothing”。")
    ]


def test_a_relative_may_come_in_the_same_file(dry):
    a, b = "media.recharge.a", "media.recharge.b"
    found = dry(new(id=a, related=b), new(id=b, question="又一句", related=a))
    assert [s.outcome for s in found.steps] == [NEW, NEW]


def test_a_broken_row_takes_those_with_it_that_lead_to_it(dry):
    a, b, c = (f"media.recharge.{name}" for name in "abc")
    found = dry(
        new(id=a, related=b),
        new(id=b, question="又一句", related=c),
        new(id=c, question="再一句", risk="9"),
        new(question="第四句"),
    )
    assert [s.outcome for s in found.steps] == [BROKEN, BROKEN, BROKEN, NEW]
    assert "也在这个文件里，但它那一行有错" in found.steps[0].faults[0].problem


def test_faults_of_the_row_and_of_the_base_are_told_together(dry):
    (step,) = dry(new(risk="9", related="media.recharge.nothing")).steps
    assert [f.column for f in step.faults] == ["风险等级", "延伸条目"]


def test_the_base_is_left_alone(dry, shipped):
    before = dict(shipped)
    dry({"answer": "另一个回答"}, new())
    assert shipped == before


def test_a_file_of_markdown_is_planned_as_a_sheet_is(shipped, one):
    data = sheets.to_zip([replace(one, owner="别人")])
    (step,) = plan.plan(reading.read("a.zip", data), shipped).steps
    assert step.fields == ("owner",)


def test_a_relative_that_leads_nowhere_already_may_stay(one, sheet):
    lost = replace(one, related=("media.recharge.gone",))
    given = reading.read("a.csv", sheet({"related": "media.recharge.gone"}))
    found = plan.plan(given, {one.id: lost})
    assert [step.outcome for step in found.steps] == [Outcome.SAME]
