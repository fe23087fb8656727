from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from intents import crisis
from intents.crisis_rules import CATEGORIES

HERE = Path(__file__).parent / "crisis"
#: Gates over the development sets; lowering one is a reviewed edit.
RECALL, SEVERE_ENOUGH, RIGHT_CATEGORY, FALSE_ALARMS = 0.98, 0.97, 0.85, 0.01


def danger():
    """Yield (category, least severity, text) of every set of danger."""
    for path in sorted(HERE.glob("danger*.yaml")):
        for category, by_severity in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for severity, texts in by_severity.items():
                yield from ((category, int(severity), text) for text in texts)


def ordinary():
    groups = yaml.safe_load((HERE / "ordinary.yaml").read_text(encoding="utf-8"))
    return [text for texts in groups.values() for text in texts]


def share(results):
    results = list(results)
    return sum(results) / len(results)


def test_the_sets_are_large_and_cover_every_category():
    assert len(list(danger())) >= 250
    assert len(ordinary()) >= 400
    assert {category for category, _, _ in danger()} == set(CATEGORIES)


def test_danger_is_recognised():
    missed = [text for _, _, text in danger() if crisis.screen(text) is None]
    assert len(missed) <= len(list(danger())) * (1 - RECALL), missed


def test_danger_is_taken_seriously_enough_and_for_what_it_is():
    found = [(c, s, crisis.screen(text)) for c, s, text in danger()]
    assert share(f is not None and f.severity >= s for _, s, f in found) >= SEVERE_ENOUGH
    assert share(f is not None and f.category == c for c, _, f in found) >= RIGHT_CATEGORY


def test_ordinary_messages_rarely_raise_an_alarm():
    alarms = [text for text in ordinary() if crisis.screen(text) is not None]
    assert len(alarms) <= len(ordinary()) * FALSE_ALARMS, alarms


@pytest.mark.parametrize(
    ("text", "category", "severity"),
    [
        ("女儿话唔想活了", "self_harm", 2),
        ("他把窗户打开坐在外面不肯下来", "self_harm", 3),
        ("娃把奶奶的药一瓶都倒嘴里了", "medical", 3),
        ("她九点出的门到现在电话关机", "runaway", 3),
        ("孩子说作业多得想死", "self_harm", 1),
    ],
)
def test_the_named_cases(text, category, severity):
    found = crisis.screen(text)
    assert (found.category, found.severity) == (category, severity)


@pytest.mark.parametrize(
    "text",
    [
        "孩子被同学起外号怎么办",
        "怎样预防校园欺凌",
        "家庭暴力的法律规定",
        "电视剧里有人自杀孩子害怕",
        "防溺水知识",
        "",
        "？？？",
        "[微笑]",
    ],
)
def test_ordinary_questions_stay_ordinary(text):
    assert crisis.screen(text) is None


def test_spacing_punctuation_script_and_voice_change_nothing():
    texts = ("我不想活了", "我 不 想 活 了", "我…不想…活了！！！", "我唔想活喇", "嗯那个我不想活了")
    assert {crisis.screen(text).category for text in texts} == {"self_harm"}


def test_the_writers_own_words_are_told_from_a_report():
    assert crisis.screen("我不想活了").speaker == "self"
    assert crisis.screen("孩子说他不想活了").speaker == "other"


def test_an_alarm_names_its_rule():
    assert crisis.screen("孩子离家出走了").rule == "runaway.run_away"


def test_a_very_long_message_is_still_screened():
    story = "孩子今年三年级，写作业总是很慢，老师也说过几次。" * 40
    assert crisis.screen(story) is None
    assert crisis.screen(story + "昨晚他说不想活了").category == "self_harm"
