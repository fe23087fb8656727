"""Short ids: equal for equal parts, not to be guessed, and read as people type them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import codes

KEY = b"k" * 32


def test_equal_parts_give_equal_codes_and_another_key_another_code():
    assert codes.code(KEY, "a", "b") == codes.code(KEY, "a", "b")
    assert codes.code(KEY, "a", "b") != codes.code(b"l" * 32, "a", "b")


def test_parts_do_not_run_into_each_other():
    assert codes.code(KEY, "ab", "c") != codes.code(KEY, "a", "bc")


def test_ten_thousand_codes_of_one_parent_are_different_and_use_the_whole_alphabet():
    made = {codes.code(KEY, "gh_1", "o1", str(n)) for n in range(10_000)}
    assert len(made) == 10_000
    for place in range(codes.LENGTH):
        assert {code[place] for code in made} == set(codes.ALPHABET)


@given(st.text(max_size=40))
def test_a_code_has_eight_characters_without_look_alikes(part):
    code = codes.code(KEY, part)
    assert len(code) == codes.LENGTH
    assert not set(code) & set("ILOU")


@given(st.text(max_size=20), st.booleans())
def test_a_code_is_read_as_a_person_types_it(part, is_lower):
    code = codes.code(KEY, part)
    typed = code.replace("1", "l").replace("0", "O")
    typed = f" {typed[:4]}-{typed[4:]}\n"
    assert codes.read(typed.lower() if is_lower else typed) == code


def test_an_i_is_read_as_a_one():
    assert codes.read("iIlLoO") == "111100"
