import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import fit, text
from knowledge.judge import Band, Judge, load_judge
from knowledge.search import FEW, is_one_word, reasons, score, search

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
ANYTHING = st.one_of(st.text(), st.text(HAN, max_size=40))


@pytest.fixture
def small(make):
    return fit.fit(
        [
            make("s.r.homework", "作业拖拉怎么办", "写作业磨蹭"),
            make("s.r.phone", "玩手机停不下来怎么办", "手机收不回来"),
            make("s.r.school", "不想去上学怎么办", risk=3),
        ]
    )


def test_a_wording_of_the_base_scores_one_and_is_answered(index, entries):
    for entry in entries[::7]:
        for wording in entry.askings():
            found = search(index, wording, load_judge())
            assert (found.hits[0].entry, found.hits[0].score) == (entry.id, 1.0)
            assert (found.probability, found.band, found.exact) == (1.0, Band.ANSWER, True)
            assert all(h.score < 1 for h in found.hits[1:])


def test_a_wording_is_known_in_any_dress(small, lenient):
    assert search(small, " ＿寫作業磨蹭！！！😀", lenient).exact


def test_the_nearest_entry_comes_first(small, lenient):
    hits = search(small, "孩子手机停不下来", lenient).hits
    assert hits[0].entry == "s.r.phone"
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_a_barred_entry_is_never_returned(small, lenient):
    for question in ("玩手机停不下来怎么办", "手机停不下来"):
        found = search(small, question, lenient, barred={"s.r.phone"})
        assert "s.r.phone" not in [h.entry for h in found.hits]
        assert not found.exact


def test_a_base_that_is_barred_as_a_whole_finds_nothing(small, lenient):
    found = search(small, "玩手机停不下来怎么办", lenient, barred=small.entries)
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


@pytest.mark.parametrize("word", ["作业", "手机", "a", "1", "哭", "天气"])
def test_one_word_is_never_answered_outright(index, word):
    assert search(index, word, load_judge()).band is not Band.ANSWER


def test_one_word_is_offered_choices_only_when_the_base_knows_it(index):
    assert index.vocabulary.column("手机") is not None
    assert search(index, "手机", load_judge()).band is not Band.ANSWER
    assert index.vocabulary.column("黱") is None
    assert search(index, "黱", load_judge()).band is Band.DECLINE


@pytest.mark.parametrize(
    ("given", "one"),
    [("作业", True), ("哭", True), ("", True), ("abc def", True), ("写作业", False)],
)
def test_fewer_than_three_chinese_characters_are_one_word(given, one):
    assert is_one_word(text.normalise(given)) is one


def test_a_known_word_has_few_features():
    assert len(text.features("作业")) < FEW


def test_the_riskier_the_first_hit_the_more_it_takes(small, lenient):
    safe = search(small, "孩子玩手机停不下来", lenient)
    risky = search(small, "孩子就是不想去上学", lenient)
    assert safe.band is Band.ANSWER
    assert risky.hits[0].entry == "s.r.school"
    assert risky.band is Band.CANDIDATES


def test_a_text_about_no_child_must_be_surer_to_be_offered_anything(small):
    always = Judge(-1.7346, 0.0, 0.0, 0.0, (0.9,) * 4, 0.1, 0.2, 0.9)  # a probability of 0.15
    assert search(small, "孩子手机停不下来", always).band is Band.CANDIDATES
    assert search(small, "电脑手机停不下来", always).band is Band.DECLINE


def test_a_text_about_no_child_must_be_surer_to_be_answered(small):
    half = Judge(0.0, 0.0, 0.0, 0.0, (0.4,) * 4, 0.1, 0.2, 0.6)  # a probability of 0.5
    assert search(small, "孩子手机停不下来", half).band is Band.ANSWER
    assert search(small, "电脑手机停不下来", half).band is Band.CANDIDATES


def test_the_confidence_does_not_depend_on_how_many_hits_are_wanted(index):
    for question in ("孩子玩手机停不下来", "作业写得慢"):
        ten, one = (search(index, question, load_judge(), limit=n) for n in (10, 1))
        assert ten.probability == one.probability
        assert ten.hits[:1] == one.hits


def test_beside_a_wording_word_for_word_no_other_entry_scores_one(make, lenient):
    others = [make(f"a.b.{n}", "长" * n + "甲乙丙丁戊己庚辛壬癸"[n:]) for n in range(8)]
    index = fit.fit([make("a.b.near", "作业呢"), make("a.b.same", "作业"), *others])
    found = search(index, "作业", lenient)
    assert [h.entry for h in found.hits[:2]] == ["a.b.same", "a.b.near"]
    assert 0.9 < found.hits[1].score < 1


def test_equal_scores_come_in_the_order_of_rows(make, lenient):
    index = fit.fit([make(f"a.b.{n}", f"作业{other}") for n, other in enumerate("甲乙丙丁戊己")])
    found = search(index, "甲乙丙丁戊己", lenient)
    assert len({h.score for h in found.hits}) == 1
    assert [h.entry for h in found.hits] == list(index.entries)


def test_reasons_add_up_to_the_score(index, entries):
    for entry in entries[::20]:
        question = f"请问{entry.question}还有别的吗"
        features = text.features(question)
        scores, _ = score(index, *index.vocabulary.columns_in(text.normalise(question)))
        parts = reasons(index, question, entry.id)
        assert sum(w for _, w in parts) == pytest.approx(scores[index.entries.index(entry.id)])
        assert {f for f, _ in parts} <= features
        assert [w for _, w in parts] == sorted((w for _, w in parts), reverse=True)


def test_an_entry_without_a_shared_feature_has_no_reasons(small):
    assert reasons(small, "玩手机", "s.r.school") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=ANYTHING)
def test_any_text_is_searched_and_scores_stay_between_0_and_1(index, question):
    found = search(index, question, load_judge())
    assert 0 <= found.probability <= 1
    assert all(0 < h.score <= 1 for h in found.hits)
    assert len(found.hits) <= 10
    assert len({h.entry for h in found.hits}) == len(found.hits)


def test_a_base_of_one_entry_can_be_searched(make, lenient):
    index = fit.fit([make("a.b.c", "写作业拖拉怎么办", "磨蹭")])
    assert search(index, "写作业拖拉", lenient).band in Band
    assert search(index, "写作业拖拉怎么办", lenient).exact


def test_a_very_long_text_is_searched(index):
    assert search(index, "孩子写作业拖拉" * 500, load_judge()).hits
