import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat import texts

FAMILY, FLAG, THUMB, KEYCAP = "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽", "1️⃣"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


def test_characters_that_xml_forbids_are_taken_out():
    dirty = "a\x00b\x08c\x0bd\x1fe\ud800f\ufffeg\uffffh"
    assert texts.clean(dirty) == "abcdefgh"


def test_tabs_lines_and_emoji_stay():
    assert texts.clean(f"a\tb\nc{FAMILY}\u3000。") == f"a\tb\nc{FAMILY}\u3000。"


def test_line_ends_become_line_feeds():
    assert texts.clean("a\r\nb\rc\n") == "a\nb\nc\n"


@given(st.text(st.characters()))
def test_a_clean_text_is_utf_8_and_stays_clean(text):
    cleaned = texts.clean(text)
    cleaned.encode()
    assert texts.clean(cleaned) == cleaned


def test_a_text_that_fits_is_left_alone():
    text = "好" * 682 + "ab"
    assert len(text.encode()) == 2048
    assert texts.cut(text, tail="…") == (text, "")


def test_one_byte_more_is_cut_at_a_character():
    head, rest = texts.cut("好" * 683)
    assert (head, rest) == ("好" * 682, "好")


def test_the_tail_stands_behind_the_head_and_counts():
    head, rest = texts.cut("好" * 700, 100, "\n回复“继续”")
    assert head.endswith("\n回复“继续”")
    assert len(head.encode()) <= 100
    assert head.removesuffix("\n回复“继续”") + rest == "好" * 700


def test_a_line_end_in_the_last_third_is_preferred():
    assert texts.cut("好" * 25 + "\n" + "坏。" * 10, 100) == ("好" * 25 + "\n", "坏。" * 10)


def test_a_sentence_end_in_the_last_third_comes_second():
    head, rest = texts.cut("好" * 25 + "。”" + "坏" * 50, 100)
    assert (head, rest) == ("好" * 25 + "。”", "坏" * 50)


def test_an_early_sentence_end_is_not_worth_it():
    head, _ = texts.cut("好。" + "坏" * 50, 100)
    assert len(head) == 33


@pytest.mark.parametrize("whole", [FAMILY, FLAG, THUMB, KEYCAP, ENGLAND, "é́", "한"])
@pytest.mark.parametrize("shift", range(8))
def test_a_character_of_several_code_points_is_not_broken(whole, shift):
    text = "a" * shift + whole * 20
    rest, parts = text, []
    while rest:
        head, rest = texts.cut(rest, len(whole.encode()) + 9)
        parts.append(head)
    assert "".join(parts) == text
    assert all(part.lstrip("a") == whole * part.count(whole) for part in parts)


def test_a_link_is_not_broken():
    link = '<a href="https://example.com/a/very/long/address">课程</a>'
    head, rest = texts.cut("好" * 20 + link + "坏" * 20, 100)
    assert (head, rest) == ("好" * 20, link + "坏" * 20)


def test_something_longer_than_the_limit_is_cut_all_the_same():
    accents = "a" + "\u0301" * 1000
    link = f'<a href="https://example.com/{"x" * 500}">课程</a>'
    for endless in (accents, link, FLAG[0] + "\ufe0f" * 300):
        head, rest = texts.cut(endless, 100)
        assert 0 < len(head.encode()) <= 100
        assert head + rest == endless


def test_a_limit_without_room_is_a_mistake():
    with pytest.raises(ValueError, match="room"):
        texts.cut("好" * 100, 10, "回复“继续”")


@given(
    st.text(st.sampled_from("a好。\n" + FAMILY + FLAG + THUMB + "<a> /="), max_size=300),
    st.integers(20, 400),
    st.sampled_from(["", "…", "\n回复继续"]),
)
def test_cutting_loses_nothing_fits_and_ends(text, limit, tail):
    rest, parts = text, []
    while True:
        head, rest = texts.cut(rest, limit, tail)
        assert len(head.encode()) <= limit
        parts.append(head.removesuffix(tail) if rest else head)
        if not rest:
            break
        assert parts[-1]
    assert "".join(parts) == text
