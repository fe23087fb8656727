"""Homophones have one number; what is no Mandarin syllable sounds as itself."""

import numpy as np
import pytest

from knowledge.lexicons import LEXICON, read_pairs
from knowledge.sounds import sounds

SYLLABLES = read_pairs(LEXICON / "syllables.txt")


def heard(text):
    return sounds(np.array([ord(c) for c in text], np.int64)).tolist()


@pytest.mark.parametrize("pair", ["在再", "做作", "他她", "妈马", "班般"])
def test_homophones_sound_alike_whatever_their_tone(pair):
    one, other = heard(pair)
    assert one == other


@pytest.mark.parametrize("pair", ["在做", "妈班", "书哭"])
def test_other_syllables_do_not(pair):
    one, other = heard(pair)
    assert one != other


def test_what_is_no_chinese_character_sounds_as_itself():
    assert heard("a1 z") == [ord(c) for c in "a1 z"]


def test_characters_beyond_the_table_share_one_sound():
    assert len(set(heard("\uf900\U00020000\U0003ffff"))) == 1


def test_every_character_of_the_table_has_one_syllable():
    chars = "".join(SYLLABLES.values())
    assert len(set(chars)) == len(chars)
    assert len(set(heard(chars))) == len(SYLLABLES)


def test_a_syllable_is_no_code_point_and_fits_in_half_a_pair():
    numbers = heard("".join(SYLLABLES.values()))
    assert min(numbers) >= 0x110000
    assert max(numbers) < 1 << 21


def test_no_text_has_no_sounds():
    assert heard("") == []
