"""flows.yaml is read strictly: every fault names its file and line."""

import re
from pathlib import Path

import pytest

from bot import app
from bot.dialogue import flow_file
from bot.dialogue.flow import Kind
from intents.errors import CatalogueError

GOOD = """tea:
  hours: 1
  steps:
    sort:
      kind: choice
      ask: 喝什么茶？
      retry: 请回数字：
      choices:
        - {value: green, label: 绿茶, next: sure}
        - {value: black, label: 红茶, words: [普洱], next: end}
    sure:
      kind: confirm
      next: end
      ask: 现在泡吗？
      retry: 请回数字：
      choices: [{value: "yes", label: 泡}, {value: "no", label: 不泡, next: stop}]
"""


@pytest.fixture
def load(tmp_path):
    def load(text, name="flows.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        flow_file.load.cache_clear()
        return flow_file.load(path)

    return load


def test_a_flow_is_read(load):
    (flow,) = load(GOOD)
    assert (flow.name, flow.hours, flow.starts) == ("tea", 1, ("sort",))
    assert [step.kind for step in flow.steps.values()] == [Kind.CHOICE, Kind.CONFIRM]
    assert flow.steps["sort"].options[1].words == {"红茶", "普洱"}


def test_the_version_is_the_content_not_the_comments(load):
    (flow,) = load(GOOD)
    assert load("# why\n\n" + GOOD)[0].version == flow.version
    assert load(GOOD.replace("绿茶", "乌龙"))[0].version != flow.version


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("next: sure}", "next: gone}", "flows.yaml:5: `sort` leads to the unknown `gone`"),
        ("next: sure}", "next: end}", "flows.yaml:12: no step leads to `sure`"),
        (
            "      retry: 请回数字：\n      choices:\n",
            "      choices:\n",
            ":5: `sort` needs `retry`",
        ),
        ("      next: end\n      ask: 现", "      ask: 现", ":12: `sure` leads nowhere"),
        ("喝什么茶？", "喝什么茶？ " + "好" * 200, ":6: the text is longer than 600 bytes"),
        ("喝什么茶？", '"喝什么？\\n1 绿茶"', ":6: choices are numbered by the engine"),
        ("喝什么茶？", '"{who}喝什么？"', ":6: nothing fills `{who}`"),
        ("[普洱]", "[绿茶]", ":10: `绿茶` stands for two choices"),
        ('{value: "yes", label: 泡}, ', "", ":12: `sure` has 1 choices"),
        ("kind: confirm", "kind: guess", ":12: `guess` is none of"),
        ("hours: 1", "hours: soon", ":2: `soon` is not a number of hours"),
        ("  hours: 1\n", "", ":2: `tea` needs `hours`"),
        ("  hours: 1\n", "  hours: 1\n  start: [milk]\n", "starts with the unknown step `milk`"),
        ("      kind: choice\n", "", ":5: `sort` needs `kind`"),
        ("kind: choice\n", "kind: choice\n      colour: red\n", "unknown key `colour`"),
    ],
)
def test_every_fault_is_one_sentence_with_its_place(load, old, new, fault):
    assert old in GOOD
    with pytest.raises(CatalogueError, match=re.escape(fault)):
        load(GOOD.replace(old, new, 1))


def test_steps_that_only_speak_may_not_go_in_a_circle(load):
    notes = "f:\n  hours: 1\n  steps:\n    a: {kind: note, ask: 好, next: b}\n"
    with pytest.raises(CatalogueError, match="`a` comes back to itself without a question"):
        load(notes + "    b: {kind: note, ask: 好, next: a}\n")


def test_ten_choices_are_too_many(load):
    listed = "".join(f"        - {{value: v{n}, label: 茶{n}, next: sure}}\n" for n in range(9))
    with pytest.raises(CatalogueError, match="`sort` has 11 choices"):
        load(GOOD.replace("        - {value: green", listed + "        - {value: green"))


def test_the_flows_of_the_features_are_sound_and_each_has_its_function():
    flow_file.load.cache_clear()
    current, earlier = flow_file.load_features(feature.name for feature in app.FEATURES)
    assert {flow.name for flow in current} == set(app.engine().flows.ends)
    assert earlier == ()
    assert all(step.next or step.options for flow in current for step in flow.steps.values())


def test_a_text_with_its_choices_fits_a_screen():
    path = Path(app.__file__).parent / "profile" / "flows.yaml"
    for flow in flow_file.load(path):
        for step in flow.steps.values():
            whole = "\n".join([step.ask, *(f"1 {option.label}" for option in step.options)])
            assert len(whole.splitlines()) <= 7, step.name
