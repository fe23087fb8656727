import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import lexicons, text

#: jieba 0.42.1 has invalid escapes; Python says so whenever it compiles them anew.
old_escapes = pytest.mark.filterwarnings("ignore:.*invalid escape sequence")


@given(st.text())
def test_a_normalised_text_holds_words_and_single_spaces_only(anything):
    assert re.fullmatch(
        r"(?:[0-9a-z\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+(?: (?!$))?)*",
        text.normalise(anything),
    )


@given(st.text())
def test_features_of_any_text_are_words_without_a_space(anything):
    assert not any(" " in f or not f for f in text.features(anything))


def test_one_character_is_simplified_wherever_it_stands():
    assert text.simplify("學校開學") == "学校开学"


@pytest.mark.parametrize(
    ("spoken", "kept"),
    [
        ("我想问一下那个孩子", "一下 孩子"),
        ("就是说嗯孩子哭", "孩子哭"),
        ("请问一下报名", "报名"),
        ("有人呃人嗯", "有人呃人"),
        ("呃我不知道", "我不知道"),
        ("嗯", "嗯"),
        ("那个", "那个"),
        ("孩子哭", "孩子哭"),
        ("老师您好！孩子哭，谢谢！", "孩子哭"),
        ("嗯您好，请教一下孩子哭", "孩子哭"),
        ("求助！孩子哭。在线等", "孩子哭"),
        ("孩子哭，在吗，还打人", "孩子哭 还打人"),
        ("教孩子说谢谢", "教孩子说谢谢"),
        ("孩子不会说“谢谢”", "孩子不会说 谢谢"),
        ("求助热线是多少", "求助热线是多少"),
        ("大家好像都补课", "大家好像都补课"),
        ("急！孩子着急", "急 孩子着急"),
        ("你好，在吗", "你好 在吗"),
    ],
)
def test_fillers_go_unless_nothing_would_be_left(spoken, kept):
    assert re.sub(" +", " ", text.without_fillers(text.normalise(spoken))) == kept


def test_padding_can_be_found_and_goes_to_a_known_place():
    places = lexicons.read_pairs(lexicons.LEXICON / "padding.tsv")
    assert [word for word in places if text.normalise(word) != word] == []
    assert set(places.values()) == {"alone", "first", "kept"}
    assert [word for word, place in places.items() if place == "kept" and len(word) > 1] == []


def test_a_filler_that_normalising_would_change_could_never_be_found():
    fillers = lexicons.read_words(lexicons.LEXICON / "fillers.txt")
    assert [f for f in fillers if text.normalise(f) != f] == []


def test_word_and_characters_and_pairs_are_features():
    assert text.features("写作业") == {"写", "作", "业", "写作", "作业", "写作业"} & text.features(
        "写作业"
    )
    assert text.features("写作业") >= {"写", "作", "业", "写作", "作业"}


def test_pairs_do_not_reach_across_a_space():
    assert "子作" not in text.features("孩子，作业")


@pytest.mark.parametrize(
    ("cantonese", "mandarin"),
    [("佢唔肯返學", {"不肯", "上学"}), ("冇", {"没有"}), ("唔好", {"不要"}), ("點樣", {"怎么样"})],
)
def test_cantonese_gets_mandarin_beside_it_and_keeps_its_own_words(cantonese, mandarin):
    features = text.features(cantonese)
    assert features >= mandarin
    assert features >= set(text.normalise(cantonese))


@pytest.mark.parametrize("negation", ["唔", "冇", "未", "咪"])
def test_a_negation_survives(negation):
    normalised = text.normalise(f"佢{negation}去")
    assert negation in text.without_fillers(normalised)
    assert negation in text.features(f"佢{negation}去")


@pytest.mark.parametrize("name", ["typos", "synonyms", "yue"])
def test_every_row_of_the_lexicon_adds_its_word_and_removes_nothing(name):
    for variant, word in lexicons.read_pairs(lexicons.LEXICON / f"{name}.tsv").items():
        assert lexicons.lexicon(name).apply(variant) == word
        assert text.features(variant) >= set(variant), variant


@pytest.mark.parametrize("name", ["typos", "synonyms", "yue"])
def test_every_row_can_be_met_in_a_normalised_text(name):
    pairs = lexicons.read_pairs(lexicons.LEXICON / f"{name}.tsv")
    assert [v for v in pairs if text.normalise(v) != v] == []
    assert [v for v, word in pairs.items() if v == word] == []


@pytest.mark.parametrize(
    ("given", "about"),
    [("孩子发烧", True), ("老師說他走神", True), ("初中怎么报名", True), ("今天股市如何", False)],
)
def test_a_text_about_children_school_or_family_is_told_apart(given, about):
    assert text.is_about_children(text.normalise(given)) is about


@pytest.mark.parametrize(
    ("given", "elsewhere"),
    [
        ("上海小學入學怎么報名", True),
        ("小学入学怎么报名", False),
        ("广州小学入学怎么报名", False),
        ("户口在上海，想在天河读书", False),
    ],
)
def test_a_text_about_another_city_alone_is_told_apart(given, elsewhere):
    assert text.is_about_elsewhere(text.normalise(given)) is elsewhere


@old_escapes
def test_both_segmenters_cut_our_own_wordings_alike(entries):
    """But for one in 400: between equal paths, and at 嗰 simplified, they may choose otherwise."""
    wordings = [text.normalise(a) for e in entries for a in e.askings()][::5]
    assert len(wordings) >= 1600
    rust, python = text.segmenter(), text.jieba_segmenter()
    assert len([w for w in wordings if list(rust(w)) != python(w)]) <= len(wordings) / 400


def test_user_words_stay_whole():
    for word in lexicons.read_words(lexicons.LEXICON / "userdict.txt"):
        assert word in text.words(f"孩子{word}怎么办"), word


@old_escapes
def test_without_rjieba_jieba_cuts(monkeypatch):
    monkeypatch.setitem(sys.modules, "rjieba", None)
    text._cutter.cache_clear()
    try:
        assert text.segmenter() is text.jieba_segmenter()
        assert text.words("孩子唔肯返学") == ["孩子", "唔肯", "返学"]
    finally:
        text._cutter.cache_clear()


def test_threads_that_want_the_segmenter_first_get_the_same():
    """A worker once died of it: one thread added words while another one cut."""
    text._cutter.cache_clear()
    barrier = threading.Barrier(8)

    def cut(_):
        barrier.wait()
        return [text.segmenter()("孩子写作业拖拉怎么办") for _ in range(200)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(cut, range(8)))
    assert all(words == found[0][0] for several in found for words in several)
