"""The slow path gives the fast path's texts, and every character of them knows where it was."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge import text, trace

#: Han, full width, traditional, faces, digits, marks, jamo, an Indic vowel sign, surrogates, NUL.
MIXED = st.text(
    st.sampled_from(
        "孩子好不唔肯系佢幾時報３ＡａK3年岁初高级個我哋嗯呃谢那个拖啦老师您 ，！[]/:微笑"
        "\u0301\u0308\u3099\uff9eがカｶﾞΣİßﬁ①㌀"
        "\u1100\u1161\u11a8\uffa1\uffc2가\u09c7\u09be"
        "😀\u200d\ufe0f\U0001f468\ud800\udfff\x00\u0344\u1e9b\u0323"
    )
)
#: Any code point, lone surrogates too, which st.text() leaves out.
POINTS = st.text(st.integers(0, 0x10FFFF).map(chr))
ANYTHING = st.one_of(MIXED, POINTS, st.text())


def holds(made, raw):
    assert made.raw == raw
    assert len(made.spans) == len(made.text)
    assert all(0 <= start < end <= len(raw) for start, end in made.spans)
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(made.spans))


@given(ANYTHING)
@example("ΑΣ/:Σ")
@example("\ud800孩\udfff子")
def test_any_text_is_traced_as_it_is_normalised(raw):
    made = trace.trace(raw)
    assert made.text == text.normalise(raw)
    holds(made, raw)


@given(ANYTHING)
def test_the_readings_of_any_text_are_traced(raw):
    plain, mapped = trace.trace_readings(raw)
    assert (plain.text, mapped.text) == text.readings(text.normalise(raw))
    holds(plain, raw)
    holds(mapped, raw)


@given(MIXED)
def test_every_feature_has_a_place_in_the_parents_text(raw):
    for feature in text.features(raw):
        places = trace.own_words(raw, feature)
        assert places
        assert places == sorted(set(places))


def test_every_wording_of_the_base_is_traced(entries):
    for entry in entries:
        for asking in entry.askings():
            plain, mapped = trace.trace_readings(asking)
            assert (plain.text, mapped.text) == text.readings(text.normalise(asking))


@pytest.mark.parametrize(
    ("raw", "part", "own"),
    [
        ("ＡＢＣ", "b", "Ｂ"),
        ("㌀孩子", "孩子", "孩子"),
        ("好好好好难", "好难", "好好好好难"),
        ("孩子😀！！哭", " ", "😀！！"),
        ("[微笑]孩子", "孩", "孩"),
        ("幾時報名", "几时", "幾時"),
        ("cafe\u0301咖啡", "咖", "咖"),
        ("嗰個", "\U00020bb6", "嗰"),
    ],
)
def test_a_part_of_the_text_is_given_back_as_it_was_written(raw, part, own):
    made = trace.trace(raw)
    at = made.text.index(part)
    assert made.original(at, at + len(part)) == own


def test_nothing_is_given_back_for_no_characters():
    assert trace.trace("孩子").original(1, 1) == ""
    assert trace.trace("").spans == ()
    assert trace.own_words("孩子", "") == []


@pytest.mark.parametrize(
    ("raw", "feature", "own"),
    [
        ("佢唔肯返學", "不肯", ["唔肯"]),
        ("佢唔肯返學", "上学", ["返學"]),
        ("佢唔肯返學", "唔", ["唔"]),
        ("老师您好，3年級，上學", "三年级", ["3年級"]),
        ("我哋，我", "我", ["我", "我"]),
        ("我哋", "我们", ["我哋"]),
        ("不肯，唔肯", "不肯", ["不肯", "唔肯"]),
        ("厌厌雪，嗯，厌雪", "厌学", ["厌雪", "厌雪"]),
        ("孩子哭", "笑", []),
    ],
)
def test_a_feature_is_shown_in_the_parents_own_words(raw, feature, own):
    assert [raw[start:end] for start, end in trace.own_words(raw, feature)] == own


def test_a_long_text_is_traced():
    raw = "Ｚ" + "\u0301" * 5000 + "孩子唔肯返學！" * 200
    assert trace.trace_readings(raw)[0].text == text.normalise(raw)
