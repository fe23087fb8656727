import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat import fields
from bot.wechat.refusals import Malformed


def test_a_missing_text_is_empty():
    assert fields.text({}, "Content") == ""


@pytest.mark.parametrize("value", ["x" * 4097, {"a": "1"}, ["1"]])
def test_a_text_over_its_limit_or_of_another_kind_is_refused(value):
    with pytest.raises(Malformed, match="Content"):
        fields.text({"Content": value}, "Content")


@pytest.mark.parametrize(
    "value", [None, "", "a" * 65, "a b", "a\n", "你好", "a<b", "１２", {"a": "1"}, ["a"], "a'--"]
)
def test_a_name_has_1_to_64_plain_characters(value):
    assert fields.name({"FromUserName": "oPKu7_-A" * 8}, "FromUserName")
    with pytest.raises(Malformed, match="FromUserName"):
        fields.name({"FromUserName": value}, "FromUserName")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "-1",
        "+1",
        " 1",
        "1_7",
        "１７００",
        "1.0",
        "1e3",
        "99999999999",
        "9" * 5000,
        "²",
        ["1"],
    ],
)
def test_seconds_are_1_to_10_ascii_digits(value):
    assert fields.seconds({"CreateTime": "1408090816"}, "CreateTime") == 1408090816
    with pytest.raises(Malformed, match="CreateTime"):
        fields.seconds({"CreateTime": value}, "CreateTime")


@pytest.mark.parametrize("value", [str(2**64), "1" * 21, "9" * 5000, "", "x", "-5", None])
def test_a_message_id_is_an_unsigned_64_bit_number(value):
    assert fields.message_id({"MsgId": str(2**64 - 1)}, "MsgId") == "18446744073709551615"
    with pytest.raises(Malformed, match="MsgId"):
        fields.message_id({"MsgId": value}, "MsgId")


def test_a_missing_or_empty_count_is_zero():
    assert fields.count({}, "n") == fields.count({"n": ""}, "n") == 0
    assert fields.count({"n": "12"}, "n") == 12


@pytest.mark.parametrize(
    "value",
    ["nan", "inf", "-Infinity", "91", "-90.5", "1e99", "1,5", "٣", "", "0x1", "1_0", None, {}],
)
def test_degrees_are_finite_and_in_range(value):
    assert fields.degrees({"Latitude": "-23.137466"}, "Latitude", 90) == -23.137466
    with pytest.raises(Malformed, match="Latitude"):
        fields.degrees({"Latitude": value}, "Latitude", 90)


def test_one_record_may_stand_without_its_list():
    assert fields.trees({"List": {"a": "1"}}, "List") == [{"a": "1"}]
    assert fields.trees({"List": [{"a": "1"}, {"a": "2"}]}, "List") == [{"a": "1"}, {"a": "2"}]
    assert fields.trees({}, "List") == fields.trees({"List": ""}, "List") == []


def test_texts_where_records_belong_are_refused():
    with pytest.raises(Malformed, match="List"):
        fields.trees({"List": ["x"]}, "List")
    with pytest.raises(Malformed, match="Info"):
        fields.subtree({"Info": "x"}, "Info")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Nd", "Ll", "Lu"]), min_size=4))
def test_a_refusal_never_repeats_the_value(value):
    for check in (fields.name, fields.seconds, fields.message_id, fields.decimal):
        with pytest.raises(Malformed) as caught:
            check({"F": f"+{value}"}, "F")
        assert value not in str(caught.value)
