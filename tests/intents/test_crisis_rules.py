from __future__ import annotations

import re
import shutil

import pytest

from intents import crisis, crisis_rules, folding
from intents.crisis import FOLDER
from intents.errors import CatalogueError

RULE = "fresh:\n  severity: 2\n  any: [跳楼]\n"


@pytest.fixture
def folder(tmp_path):
    """The real lists and settings, with one small file of rules a category."""
    copy = tmp_path / "crisis"
    shutil.copytree(FOLDER, copy)
    for category in crisis_rules.CATEGORIES:
        (copy / "rules" / f"{category}.yaml").write_text("none:\n  severity: 1\n  any: [囧囧]\n")
    return copy


def load(folder, rule):
    (folder / "rules" / "self_harm.yaml").write_text(rule, encoding="utf-8")
    fold = folding.load(folder / "fold.yaml")
    return crisis.Screen(fold, crisis_rules.load(folder, fold))  # the rules alone


def test_a_rule_alone_raises_its_alarm(folder):
    found = load(folder, RULE).screen("他要跳楼")
    assert (found.category, found.severity, found.rule) == ("self_harm", 2, "self_harm.fresh")


def test_company_must_stand_within_the_window(folder):
    screen = load(folder, RULE + "  with: [今晚]\n  window: 4\n")
    assert screen.screen("今晚要跳楼") is not None
    assert screen.screen("今晚我们一家人看完电影他要跳楼") is None
    assert screen.screen("他要跳楼") is None


def test_what_stands_beside_can_silence_a_match(folder):
    screen = load(folder, RULE + "  not: [价]\n")
    assert screen.screen("跳楼价") is None
    assert screen.screen("跳楼价的衣服 他真的想要从这里一跃而下跳楼") is not None


def test_a_harmless_setting_silences_only_nearby(folder):
    screen = load(folder, RULE + "  unless: [news]\n")
    assert screen.screen("新闻说有人跳楼") is None
    far = "新闻" + "啦" * 40
    assert screen.screen(far + "他要跳楼") is not None


def test_urgent_words_raise_the_severity(folder):
    screen = load(folder, RULE + "  urgent: [现在]\n")
    assert screen.screen("他现在要跳楼").severity == 3


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("a:\n  any: [跳楼]\n", "self_harm.yaml:2: rule `a` needs `any` and `severity`"),
        (RULE.replace("2", "4"), "self_harm.yaml:2: `severity` must be 1..3"),
        (RULE + "  when: [x]\n", "self_harm.yaml:4: unknown key `when`"),
        (RULE + "  unless: [nowhere]\n", "self_harm.yaml:4: no setting is called `nowhere`"),
        (RULE.replace("跳楼", '"{nobody}跳楼"'), "self_harm.yaml:3: `{nobody}跳楼`"),
        (RULE.replace("跳楼", '"{child}~4"'), "self_harm.yaml:3: `{child}~4` has no telling word"),
        (RULE.replace("跳楼", "打篮球"), "self_harm.yaml:3: `打篮球` contains a word folded away"),
        (RULE + "  check: perhaps\n", "self_harm.yaml:4: `perhaps` is none of false, true"),
    ],
)
def test_every_fault_is_one_sentence_with_its_place(folder, rule, fault):
    with pytest.raises(CatalogueError, match=re.escape(fault)):
        load(folder, rule)


def test_every_expression_of_the_real_rules_compiles():
    book = crisis_rules.load(FOLDER, folding.load(FOLDER / "fold.yaml"))
    for anchor in book.anchors:
        assert anchor.severity_in("x") == 0
        rule = anchor.rule
        for source in (rule.with_, rule.also, rule.beside, rule.settings, rule.urgent):
            re.compile(source)


def test_every_category_has_rules_of_each_kind():
    book = crisis_rules.load(FOLDER, folding.load(FOLDER / "fold.yaml"))
    for category in crisis_rules.CATEGORIES:
        reached = {a.rule.highest for a in book.anchors if a.rule.category == category}
        assert 3 in reached, category
