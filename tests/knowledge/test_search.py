"""From a parent's text to hits, a probability and a band: never an exception, never too much."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache

import opencc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import fit, text
from knowledge.forms import Document
from knowledge.judge import Band, load_judge
from knowledge.lexicons import LEXICON, read_pairs
from knowledge.scope import Scope
from knowledge.search import ESSAY, FEW, is_one_word, search

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
MIXED = st.text(
    st.sampled_from(
        "孩子写作业玩手机唔肯系怎么办老师您好谢谢嗯呃那个12３ＡaK年级 ，！？[]/:\x00\n"
        "สวัсдمرحب\u1100\u1161\u11a8カ゛がe\u0301\u0308ßİ😀\u200d\ud800\udfff\U00020000\U0010ffff"
    ),
    max_size=60,
)
ANYTHING = st.one_of(
    st.text(), st.text(HAN, max_size=40), MIXED, st.text(st.integers(0, 0x10FFFF).map(chr))
)
#: What is meant to break a search: nothing to read, too much of it, or of another kind.
BAD = {
    "nothing": "",
    "spaces": " \t\n\u3000\u200b",
    "marks": "！？……，。",
    "faces": "😀[微笑]/:8-)👨\u200d👩\u200d👧",
    "NUL": "\x00",
    "NUL within": "孩\x00子写作业\x00",
    "lone surrogates": "\ud800孩子\udfff写作业\ud83d",
    "one character 10,000 times": "哭" * 10_000,
    "one digit 10,000 times": "9" * 10_000,
    "one letter 10,000 times": "a" * 10_000,
    "one mark 10,000 times": "。" * 10_000,
    "10,000 characters": ("孩子写作业总是拖拉怎么办，" * 1_000)[:10_000],
    "10,000 characters of a few": "一二三四" * 2_500,
    "10,000 characters, all others": "".join(map(chr, range(0x4E00, 0x4E00 + 10_000))),
    "10,000 numbers of years": "3年级" * 3_333,
    "10,000 padding words": "老师您好，谢谢，" * 1_250,
    "only stop words": "的了吗呢吧啊嗯呃那个就是然后",
    "only padding": "老师您好，请问，谢谢老师",
    "Thai": "สวัสดีครับ ลูกไม่ยอมทำการบ้าน",
    "Arabic": "ابني لا يريد الذهاب إلى المدرسة",
    "Hangul jamo": "\u1100\u1161\u11a8\u1112\u1161\u1102",
    "Hangul": "아이가 숙제를 하지 않아요",
    "Japanese": "子供が宿題をしません。どうすればいいですか",
    "half-width kana": "ｶﾞｷﾞｸﾞ",
    "combining marks": "e\u0301\u0323\u0308" * 50,
    "marks alone": "\u0301\u0323\u0308",
    "a mark after a Chinese character": "孩\u0301子\u0323写作业",
    "Vietnamese": "Con tôi không chịu làm bài tập",
    "mixed scripts": "孩子does not写作业ไม่ยอม не хочет ３年級",
    "beyond the first plane": "\U00020000\U0002a6df\U0003ffff\U0010ffff",
    "right to left": "\u202e孩子写作业\u202c",
    "a path": "../../etc/passwd'; DROP TABLE entry; --",
    "an address": "https://example.org/?q=%E5%AD%A9%E5%AD%90",
}
AREAS = {"all": "", "gz": "gz", "tianhe": "gz/tianhe", "yuexiu": "gz/yuexiu"}


@pytest.fixture
def small(make):
    return fit.fit(
        [
            make("s.r.homework", "作业拖拉怎么办", "写作业磨蹭"),
            make("s.r.phone", "玩手机停不下来怎么办", "手机收不回来"),
            make("s.r.school", "不想去上学怎么办", risk=3),
        ]
    )


def is_word_for_word(found, entry):
    return (
        found.hits[0][::2] == (entry, 1.0)
        and (found.probability, found.band, found.exact) == (1.0, Band.ANSWER, True)
        and all(hit.score < 1 for hit in found.hits[1:])
    )


def test_a_wording_of_the_base_scores_one_and_is_answered(index, entries):
    for entry in entries[::7]:
        for wording in entry.askings():
            assert is_word_for_word(search(index, wording, load_judge()), entry.id)


TO_TRADITIONAL = cache(opencc.OpenCC("s2t").convert)


def traditional(wording):
    """In traditional characters, each for itself: what words become is not always reversible."""
    return "".join(map(TO_TRADITIONAL, wording))


def full_width(wording):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in wording)


DRESSES = {
    "traditional": traditional,
    "padded": lambda w: f"老师您好，{w}，谢谢",
    "asked politely": lambda w: f"你好！请问，{w}？？？😀",
    "full width": full_width,
    "all at once": lambda w: f"＿老師您好　{traditional(full_width(w))}！谢谢[微笑]",
}


@pytest.mark.parametrize("dress", DRESSES)
def test_a_wording_is_known_in_any_dress(index, entries, dress):
    # after these `谢谢` may be what is said: `孩子不肯说谢谢`
    said = tuple(w for w, place in read_pairs(LEXICON / "padding.tsv").items() if place == "kept")
    for entry in entries[::5]:
        for wording in entry.askings():
            if not text.normalise(wording).endswith(said):
                found = search(index, DRESSES[dress](wording), load_judge())
                assert is_word_for_word(found, entry.id), wording


def test_the_nearest_entry_comes_first(small, lenient):
    hits = search(small, "孩子手机停不下来", lenient).hits
    assert hits[0].entry == "s.r.phone"
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


@pytest.fixture
def dated(make):
    return fit.fit(
        [
            make("s.r.homework", "作业拖拉怎么办", "写作业磨蹭"),
            make("s.r.phone", "玩手机停不下来怎么办", valid_until=date(2027, 6, 30)),
        ]
    )


@pytest.mark.parametrize("question", ["玩手机停不下来怎么办", "手机停不下来"])
def test_an_expired_entry_is_never_returned(dated, lenient, question):
    last, after = (
        search(dated, question, lenient, scope=Scope(day=date(2027, m, d)))
        for m, d in ((6, 30), (7, 1))
    )
    assert last.hits[0].entry == "s.r.phone"
    assert "s.r.phone" not in [h.entry for h in after.hits]
    assert not after.exact


@pytest.mark.parametrize("question", ["写作业磨蹭", "作业磨蹭得很"])
def test_an_entry_for_other_ages_is_never_returned(make, lenient, question):
    index = fit.fit([make("a.b.c", "写作业磨蹭", ages=("p_low",)), make("a.b.d", "玩手机")])
    assert search(index, question, lenient, scope=Scope(age="p_low")).hits[0].entry == "a.b.c"
    assert search(index, question, lenient, scope=Scope(age="senior")).hits == ()


@pytest.fixture(scope="module")
def areas():
    return fit.build(
        Document(name, (f"{name}几点放学", f"{name}的食堂"), area=area)
        for name, area in AREAS.items()
    )


@pytest.mark.parametrize(
    ("area", "names"),
    [
        ("gz/tianhe/school-1", {"all", "gz", "tianhe"}),
        ("gz/yuexiu", {"all", "gz", "yuexiu"}),
        ("gz", {"all", "gz"}),
        ("sz/nanshan", {"all"}),
    ],
)
def test_an_entry_answers_in_its_area_and_in_no_other(areas, lenient, area, names):
    for name in AREAS:
        for question in (f"{name}几点放学", f"问问{name}的食堂在哪"):
            found = search(areas, question, lenient, scope=Scope(area=area))
            assert {h.entry for h in found.hits} <= names
            assert found.exact == (name in names and question == f"{name}几点放学")
            if name in names:
                assert found.hits[0].entry == name


TWICE = {
    "area": ({"area": "gz/tianhe"}, {"area": "gz/yuexiu"}, Scope(area="gz/yuexiu/school-1")),
    "age": ({"ages": ("p_low",)}, {"ages": ("senior",)}, Scope(age="senior")),
    "day": (
        {"valid_until": date(2026, 12, 31)},
        {"valid_until": date(2027, 12, 31)},
        Scope(day=date(2027, 1, 1)),
    ),
}


@pytest.mark.parametrize("limit", TWICE)
def test_of_two_entries_with_one_wording_the_one_in_scope_answers(lenient, limit):
    first, second, scope = TWICE[limit]
    others = [Document(f"z{n}", (f"别的{c}",)) for n, c in enumerate("甲乙丙丁戊己")]
    wording = ("学校几点放学",)
    index = fit.build([Document("a", wording, **first), Document("b", wording, **second), *others])
    assert is_word_for_word(search(index, "老师您好，学校几点放学", lenient, scope=scope), "b")


def test_a_base_of_which_nothing_is_in_scope_finds_nothing(dated, lenient):
    scope = Scope(day=date(2027, 7, 1), age="senior")
    found = search(dated, "玩手机停不下来怎么办", lenient, scope=scope)
    assert (found.hits, found.probability, found.band) == ((), 0.0, Band.DECLINE)


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_no_more_hits_than_asked_for(small, lenient, limit):
    assert len(search(small, "怎么办手机作业上学", lenient, limit=limit).hits) <= limit
    assert len(search(small, "作业拖拉怎么办", lenient, limit=limit).hits) <= limit


@pytest.mark.parametrize("nothing", ["", " ", "！？……", "😀[微笑]", "\x00"])
def test_a_text_without_a_word_finds_nothing(small, lenient, nothing):
    found = search(small, nothing, lenient)
    assert (found.hits, found.probability, found.band) == ((), 0.0, Band.DECLINE)


def test_words_no_entry_holds_find_nothing(small, lenient):
    assert search(small, "zzqx 火星", lenient).hits == ()


def test_a_base_without_an_entry_finds_nothing(lenient):
    for scope in (Scope(), Scope(date(2027, 1, 1), "p_low", "gz")):
        found = search(fit.fit([]), "孩子写作业拖拉", lenient, scope=scope)
        assert (found.hits, found.probability, found.band) == ((), 0.0, Band.DECLINE)


@pytest.mark.parametrize("word", ["作业", "手机", "a", "1", "哭", "天气"])
def test_one_word_is_never_answered_outright(index, word):
    assert search(index, word, load_judge()).band is not Band.ANSWER


def test_one_word_is_offered_choices_only_when_the_base_knows_it(small, judged):
    sure = judged(answer_at=(0, 0, 0, 0))
    assert small.vocabulary.column("手机") is not None
    assert search(small, "手机", sure).band is Band.CANDIDATES
    assert small.vocabulary.column("机黱") is None
    assert search(small, "机黱", sure).band is Band.DECLINE


@pytest.mark.parametrize(
    ("given", "one"),
    [("作业", True), ("哭", True), ("", True), ("abc def", True), ("写作业", False)],
)
def test_fewer_than_three_chinese_characters_are_one_word(given, one):
    assert is_one_word(text.normalise(given)) is one


def test_a_known_word_has_few_features():
    assert len(text.features("作业")) < FEW


def test_the_riskier_the_first_hit_the_more_it_takes(small, judged):
    judge = judged(answer_at=(0.1, 0.1, 0.9, 0.99))
    safe = search(small, "孩子玩手机停不下来", judge)
    risky = search(small, "孩子就是不想去上学", judge)
    assert safe.band is Band.ANSWER
    assert risky.hits[0].entry == "s.r.school"
    assert risky.band is Band.CANDIDATES


CHILDREN = ("孩子作业拖拉", "孩子玩手机停不下来", "孩子不想去上学", "出门")


@pytest.mark.parametrize(("question", "same"), [("娃娃出门了没", True), ("电脑出门了没", False)])
def test_a_base_about_children_is_less_sure_of_a_text_about_none(judged, question, same):
    index = fit.build(Document(f"e{n}", (w,)) for n, w in enumerate(CHILDREN))
    assert index.about_children
    assert text.is_about_children(question) is same
    whole, half = (search(index, question, judged(strange=part)) for part in (1, 0.5))
    assert whole.hits[0].entry == half.hits[0].entry == "e3"
    assert (whole.probability == half.probability) is same


def test_what_is_left_of_the_probability_is_the_judge_s_to_say(judged):
    index = fit.build(Document(f"e{n}", (w,)) for n, w in enumerate(CHILDREN))
    whole, half, none = (
        search(index, "电脑出门了没", judged(strange=part)).probability for part in (1, 0.5, 0)
    )
    assert (half, none) == (pytest.approx(whole / 2), 0)


def test_a_base_about_anything_treats_all_texts_alike(judged):
    index = fit.build(
        Document(f"e{n}", (w,)) for n, w in enumerate(("车站在哪里", "孩子丢了", "出门"))
    )
    assert not index.about_children
    one, other = (search(index, "电脑出门了没", judged(strange=part)) for part in (1, 0))
    assert one == other


@pytest.mark.parametrize(
    ("topic", "question", "band"),
    [
        ("pol.school", "孩子小学入学怎么报名", Band.ANSWER),
        ("pol.school", "孩子在上海小学入学怎么报名", Band.CANDIDATES),
        ("svc.week", "孩子在上海小学入学怎么报名", Band.CANDIDATES),
        ("pol.school", "孩子从上海来广州小学入学怎么报名", Band.ANSWER),
        ("study.school", "孩子在上海小学入学怎么报名", Band.ANSWER),
    ],
)
def test_what_holds_here_is_only_offered_to_those_who_ask_about_elsewhere(
    make, judged, topic, question, band
):
    index = fit.fit([make("a.b.c", "孩子小学入学要怎么报名", topic=topic), make("a.b.d", "玩手机")])
    assert search(index, question, judged(answer_at=(0, 0, 0, 0))).band is band


def test_the_confidence_does_not_depend_on_how_many_hits_are_wanted(index):
    for question in ("孩子玩手机停不下来", "作业写得慢"):
        ten, one = (search(index, question, load_judge(), limit=n) for n in (10, 1))
        assert ten.probability == one.probability
        assert ten.hits[:1] == one.hits


def test_beside_a_wording_word_for_word_no_other_entry_scores_one(make, judged):
    others = [make(f"a.b.{n}", "长" * n + "甲乙丙丁戊己庚辛壬癸"[n:]) for n in range(8)]
    index = fit.fit([make("a.b.near", "作业呢"), make("a.b.same", "作业"), *others])
    found = search(index, "作业", judged(hit=(50, 0)))
    assert [h.entry for h in found.hits[:2]] == ["a.b.same", "a.b.near"]
    assert 0.99 < found.hits[1].score < found.hits[0].score == 1


def test_equal_scores_come_in_the_order_of_rows(make, lenient):
    index = fit.fit([make(f"a.b.{n}", f"作业{other}") for n, other in enumerate("甲乙丙丁戊己")])
    found = search(index, "甲乙丙丁戊己", lenient)
    assert len({h.score for h in found.hits}) == 1
    assert [h.entry for h in found.hits] == list(index.entries)


def is_found(found, limit=10):
    return (
        found.band in Band
        and 0 <= found.probability <= 1
        and all(0 < h.score <= 1 for h in found.hits)
        and len({h.entry for h in found.hits}) == len(found.hits) <= limit
    )


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_searched_like_any_other(index, small, kind):
    for base in (index, small):
        assert is_found(search(base, BAD[kind], load_judge()))


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_as_a_wording_breaks_nothing(kind):
    index = fit.build([Document("a", (BAD[kind],), BAD[kind]), Document("b", ("写作业",))])
    assert is_found(search(index, BAD[kind], load_judge()))
    assert search(index, "写作业", load_judge()).hits[0].entry == "b"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(question=ANYTHING)
def test_any_text_is_searched_and_scores_stay_between_0_and_1(index, question):
    assert is_found(search(index, question, load_judge()))


@settings(deadline=None, max_examples=60)
@given(st.lists(MIXED, min_size=1, max_size=5), MIXED)
def test_any_base_can_be_built_and_searched(wordings, question):
    index = fit.build([Document(f"e{n}", (w,), w) for n, w in enumerate(["写作业", *wordings])])
    for asked in (question, *wordings):
        found = search(index, asked, load_judge())
        assert is_found(found)
        if asked != question and text.normalise(asked):
            assert found.exact


def test_a_base_of_one_entry_can_be_searched(make, lenient):
    index = fit.fit([make("a.b.c", "写作业拖拉怎么办", "磨蹭")])
    assert search(index, "写作业拖拉", lenient).band in Band
    assert search(index, "写作业拖拉怎么办", lenient).exact


def test_a_very_long_text_is_searched(index):
    assert search(index, "孩子写作业拖拉" * 500, load_judge()).hits


def test_many_threads_find_what_one_does(index, entries):
    asked = [f"{e.question[1:]}呢" for e in entries[::4]]
    alone = [search(index, q, load_judge()) for q in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda q: search(index, q, load_judge()), asked * 4))
    assert together == alone * 4


def test_two_entries_as_near_as_each_other_are_offered(make, lenient):
    twins = [make("a.b.one", "孩子半夜玩手机甲"), make("a.b.two", "孩子半夜玩手机乙")]
    index = fit.fit([*twins, *(make(f"a.b.{w}", f"第{w}件事{w}{w}") for w in "丙丁戊己庚")])
    twin = search(index, "孩子半夜玩手机", lenient)
    assert twin.probability > lenient.answer_at[0]
    doubtful = replace(lenient, lead=0.05)
    assert search(index, "孩子半夜玩手机", doubtful).band is Band.CANDIDATES
    assert search(index, "孩子半夜玩手机甲呢", doubtful).band is Band.ANSWER


def test_a_text_far_longer_than_a_question_is_never_answered_outright(index, entries):
    everything = "".join(a for entry in entries[:40] for a in entry.askings())
    assert len(text.normalise(everything)) > ESSAY
    assert search(index, everything, load_judge()).band is not Band.ANSWER


@pytest.mark.parametrize("sign", ["a", "1", "z"])
def test_one_sign_that_is_no_chinese_character_is_declined(index, sign):
    assert search(index, sign, load_judge()).band is Band.DECLINE


@pytest.mark.parametrize("foreign", ["Hello how are you", "bonjour mon enfant ne dort pas"])
def test_words_of_another_language_are_declined(index, foreign):
    assert search(index, foreign, load_judge()).band is Band.DECLINE
