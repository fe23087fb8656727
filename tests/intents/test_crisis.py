from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from intents import crisis, crisis_rules, folding
from intents.crisis_rules import CATEGORIES
from knowledge import text as words

HERE = Path(__file__).parent / "crisis"
EXAMPLES = crisis.FOLDER / "examples"
#: Gates over the sentences the rules were tuned on: the rules alone, and the whole screen.
RULES_ALONE, RECALL, SEVERE_ENOUGH, RIGHT_CATEGORY, FALSE_ALARMS = 0.97, 0.98, 0.95, 0.85, 0.02


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def danger(path=EXAMPLES / "danger_rules.yaml"):
    """Yield (category, least severity, text)."""
    for category, by_severity in read(path).items():
        for severity, texts in by_severity.items():
            yield from ((category, int(severity), text) for text in texts)


def ordinary(path=EXAMPLES / "ordinary_rules.yaml"):
    return [text for texts in read(path).values() for text in texts]


def share(results):
    results = list(results)
    return sum(results) / len(results)


@pytest.fixture(scope="module")
def rules():
    fold = folding.load(crisis.FOLDER / "fold.yaml")
    return crisis.Screen(fold, crisis_rules.load(crisis.FOLDER, fold))


def test_the_sets_are_large_and_cover_every_category():
    assert len(list(danger())) >= 250
    assert len(ordinary()) >= 380
    assert {category for category, _, _ in danger()} == set(CATEGORIES)


def test_the_rules_alone_know_what_they_were_tuned_on(rules):
    assert share(rules.screen(words.normalise(t)) is not None for *_, t in danger()) >= RULES_ALONE


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
    assert found.category == category
    assert found.severity >= severity


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


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("我不想活了", "self"),
        ("孩子说他不想活了", "other"),
        ("女儿初二，说她不想活了", "other"),
        ("我初二，我不想活了", "child"),
        ("我爸在打我妈，我躲在床底", "child"),
        ("爸爸要打死我，我不敢回家", "child"),
        ("老公打我，孩子在旁边哭", "other"),
        ("我儿子十二岁，他不想活了", "other"),
    ],
)
def test_who_writes_is_told_apart(text, speaker):
    assert crisis.screen(text).speaker == speaker


def test_an_alarm_names_its_rule():
    assert crisis.screen("孩子离家出走了").rule == "runaway.run_away"


def test_danger_in_the_middle_of_a_long_story_is_found():
    story = "孩子今年三年级，写作业总是很慢，老师也说过几次。" * 20
    assert crisis.screen(story) is None
    found = crisis.screen(story + "昨晚他从楼上跳下去了，头上都是血。" + story)
    assert found.severity == 3


def test_self_harm_at_hand_is_never_argued_away():
    assert crisis.screen("哈哈电影里那样，他现在站在天台栏杆外面要往下跳").severity == 3


def test_the_held_out_sets_are_large_and_in_no_example():
    held = [t for path in HERE.glob("held_danger*.yaml") for *_, t in danger(path)]
    harmless = [t for path in HERE.glob("held_ordinary*.yaml") for t in ordinary(path)]
    assert len(held) >= 200
    assert len(harmless) >= 400
    fitted = {t for path in EXAMPLES.glob("danger*.yaml") for *_, t in danger(path)}
    fitted |= {t for path in EXAMPLES.glob("ordinary*.yaml") for t in ordinary(path)}
    assert fitted.isdisjoint(held + harmless)


def test_held_out_sentences_fail_where_they_are_known_to():
    """What no longer fails leaves held_known.yaml; a new failure joins it."""
    known = read(HERE / "held_known.yaml")
    held = [t for path in HERE.glob("held_danger*.yaml") for *_, t in danger(path)]
    harmless = [t for path in HERE.glob("held_ordinary*.yaml") for t in ordinary(path)]
    missed = {t for t in held if crisis.screen(t) is None}
    alarms = {t for t in harmless if crisis.screen(t) is not None}
    assert missed == set(known["missed"])
    assert alarms == set(known["alarms"])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("孩子割腕抢救回来出院了，在家怎么看着", "self_harm."),
        ("现实太冷，只想一觉睡着不醒来", "self_harm.endless_sleep"),
        ("只想深深地睡去什么都不用面对", "self_harm.endless_sleep"),
        ("洗胃出院第三天，她不肯跟我说话", "self_harm.tried_before"),
        ("同學話唔想生", "self_harm."),
        ("教练让孩子亲他一下，孩子回来不说话", "sexual."),
        ("前妻把孩子接走了，不知道她带他去了哪里", "runaway."),
    ],
)
def test_what_a_firm_rule_finds_stands_when_a_graver_finding_is_doubted(text, rule):
    found = crisis.screen(text)
    assert found is not None
    assert found.severity >= 2
    assert found.rule.startswith(rule) or found.category == rule.rstrip(".")


def test_a_firm_finding_falls_only_where_a_short_message_is_plainly_harmless():
    parrot = "鹦鹉飞到阳台栏杆上，唱歌唱得真好听"
    screen = crisis.load()
    assert screen.firm(words.normalise(parrot)).rule == "self_harm.means_at_hand"
    assert screen.screen(words.normalise(parrot)) is None
    long = f"{parrot}，" + "孩子今年三年级，写作业总是很慢，" * 3
    assert screen.screen(words.normalise(long)).rule == "self_harm.means_at_hand"


@pytest.mark.parametrize(
    "text",
    ["老师让他摸一下小兔子", "天冷手放进衣服口袋里取暖", "周末不知带孩子到哪里玩，老公也没主意"],
)
def test_words_that_look_like_it_raise_nothing(text):
    assert crisis.screen(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "关于学生在校走失的反映：学生某某于上月五日离校，至今下落不明，学校与镇里互相推诿",
        "通告：初三男生失联已有六天，家长盼各位帮忙",
        "请求协查，吾女离家之后音讯全无，登记过的地方都问遍",
    ],
)
def test_a_notice_of_a_missing_child_is_found_by_a_firm_rule(text):
    firm = crisis.load().firm(words.normalise(text))
    assert firm is not None
    assert (firm.rule, firm.severity) == ("runaway.notice", 3)
    assert crisis.screen(text).severity == 3


@pytest.mark.parametrize(
    "text",
    [
        "寻猫启事：小区橘猫走失已三天，女儿天天问",
        "培训机构老板失联已一周，学生的课时费怎么退",
        "学生走失两小时后已平安找到，感谢车站的师傅",
        "投诉孩子学位一事，至今杳无音讯",
    ],
)
def test_a_notice_of_something_else_is_not(text):
    firm = crisis.load().firm(words.normalise(text))
    assert firm is None or firm.rule != "runaway.notice"
