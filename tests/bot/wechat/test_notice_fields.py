import re
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat import notice_fields, texts
from bot.wechat.notice_fields import Fault, faults, fit

RULES = yaml.safe_load(Path(notice_fields.__file__).with_name("fields_rules.yaml").read_text())
KINDS = list(RULES["kinds"])
CUT_KINDS = [kind for kind, rule in RULES["kinds"].items() if rule.get("cut")]
SANDBOX = yaml.safe_load(
    (Path(__file__).parents[3] / "bot/sandbox/field_rules.yaml").read_text("utf-8")
)
FAMILY, FLAG, THUMB = "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽"
PIECES = ["家长", "a", "7", " ", "\n", "\r\n", "\u2028", "\x00", "\u202e", "。", "…", "：", "~"]
VALUES = st.lists(
    st.sampled_from([*PIECES, FAMILY, FLAG, THUMB, "e\u0301", "\ud800"]), max_size=40
).map("".join)


@pytest.mark.parametrize(
    ("key", "value", "fitted"),
    [
        ("thing1", "家长课堂", "家长课堂"),
        ("thing1", "家" * 20, "家" * 20),
        ("thing1", "家" * 21, "家" * 19 + "…"),
        ("thing12", " 第一行\r\n第二行\u2028 三 ", "第一行 第二行 三"),
        ("thing1", FAMILY * 3, FAMILY + "…"),
        ("phrase2", "已经报名成功了", "已经报名成"),
        ("phrase2", "报名：成功!", "报名成功"),
        ("name1", "陈小明", "陈小明"),
        ("name1", "Lily妈妈", "妈妈"),
        ("name1", "Li Lei, teacher of grade three", "Li Lei, teacher of g"),
        ("number3", "1,200", "1200"),
        ("number3", "１２", "12"),
        ("number3", "9" * 40, "9" * 40),
        ("time4", "2026年11月30日 １９：３０", "2026年11月30日 19:30"),
        ("date5", "2026年11月30日", "2026年11月30日"),
        ("amount6", "￥1,200.50 元", "¥1200.50元"),
        ("letter7", "abc1文", "abc"),
        ("symbol8", "好!!??；；", "!!??；"),
        ("character_string9", "NO. 2026-11", "NO.2026-11"),
        ("new_kind1", "家" * 30, "家" * 19 + "…"),
    ],
)
def test_a_value_is_made_to_fit(key, value, fitted):
    assert fit(key, value) == fitted


@pytest.mark.parametrize("kind", KINDS)
@given(value=VALUES)
def test_fitting_leaves_one_clean_line_and_once_is_enough(kind, value):
    fitted = fit(f"{kind}1", value)
    assert fit(f"{kind}1", fitted) == fitted
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", fitted)
    assert fitted == fitted.strip()
    fitted.encode()


@pytest.mark.parametrize("kind", CUT_KINDS)
@given(value=VALUES)
def test_a_cut_value_is_refused_for_nothing_but_being_empty(kind, value):
    fitted = fit(f"{kind}1", value)
    found = faults({f"{kind}1": fitted}, [f"{kind}1"])
    assert found == ([] if fitted else [Fault(f"{kind}1", "empty")])
    assert texts.units(fitted) <= 32


@given(value=st.text(st.characters(), max_size=60))
def test_any_text_fits_a_thing(value):
    fitted = fit("thing1", value)
    assert texts.units(fitted) <= 20
    if not fitted:
        assert not [sign for sign in value if unicodedata.category(sign)[0] in "LNPS"]


@given(st.lists(st.sampled_from([FAMILY, FLAG, THUMB, "好", "e\u0301"]), max_size=20))
def test_no_character_of_several_code_points_is_split(characters):
    fitted = fit("thing1", "".join(characters))
    kept = fitted.removesuffix("…")
    heads = ["".join(characters[:count]) for count in range(len(characters) + 1)]
    assert kept in heads


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", "家长课堂（第三讲）"),
        ("number1", "12.5"),
        ("letter1", "abc"),
        ("symbol1", "!?"),
        ("character_string1", "KT-2026/11"),
        ("time1", "15:01"),
        ("time1", "2026年11月30日 19:30~20:30"),
        ("date1", "2026-11-30"),
        ("date1", "2026年11月30日 19:30"),
        ("amount1", "¥12.50元"),
        ("phone_number1", "+86-020-12345678"),
        ("car_number1", "粤A8Z888挂"),
        ("name1", "陈小明"),
        ("name1", "Li Lei"),
        ("phrase1", "报名成功"),
        ("enum1", "已确认"),
    ],
)
def test_good_values_have_no_fault_here_nor_at_the_sandbox(key, value):
    assert faults({key: value}, [key]) == []
    assert fit(key, value) == value
    assert re.fullmatch(SANDBOX[key.rstrip("1")], value)


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("thing1", "", "empty"),
        ("thing1", "  ", "empty"),
        ("thing1", "家" * 21, "long"),
        ("thing1", "上\n下", "form"),
        ("number1", "9" * 33, "long"),
        ("number1", "十二", "form"),
        ("time1", "25:00", "form"),
        ("time1", "下午三点", "form"),
        ("date1", "11月30日", "form"),
        ("phrase1", "报名ok", "form"),
        ("name1", "Lily妈妈", "form"),
        ("phone_number1", "1" * 18, "long"),
    ],
)
def test_a_fault_names_the_key_and_why(key, value, why):
    assert faults({key: value}, [key]) == [Fault(key, why)]


def test_missing_and_unknown_keys_and_other_choices_are_named_in_order():
    data = {"thing9": "x", "enum2": "取消", "time3": "15:01"}
    found = faults(data, ["thing1", "enum2", "time3"], {"enum2": ["确认", "改期"]})
    assert found == [
        Fault("thing1", "missing"),
        Fault("enum2", "choice"),
        Fault("thing9", "unknown"),
    ]


def test_every_kind_of_the_sandbox_has_a_rule():
    assert set(KINDS) == set(SANDBOX)
