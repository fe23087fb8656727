from __future__ import annotations

from intents import needles, template

WORTH = needles.Worth(frozenset("我孩子"), frozenset(("child",)))


def find(source, **lists):
    named = {name: template.named(name, template.parse(text)) for name, text in lists.items()}
    return needles.find(template.parse(source, named), WORTH)


def test_the_most_telling_run_is_chosen():
    assert find("我~4跳楼~2孩子") == {"跳楼"}


def test_neighbours_are_joined_into_longer_words():
    assert find("(想|要)死") == {"想死", "要死"}


def test_a_weak_list_never_serves():
    assert find("{child}~6走丢", child="孩子|儿子") == {"走丢"}
    assert find("{child}", child="孩子|儿子") is None


def test_an_optional_part_is_no_needle():
    assert find("[马上]跳楼") == {"跳楼", "马上跳楼"}
    assert find("[马上]") is None


def test_anchors_at_the_edge_do_not_spoil_a_needle():
    assert find("^跳楼$") == {"跳楼"}


def test_the_finder_names_the_keys_whose_word_is_in_the_text():
    finder = needles.Finder({1: frozenset(("跳楼", "药")), 2: frozenset(("走丢了",))})
    assert finder.keys("他要跳楼") == [1]
    assert finder.keys("吃了药") == [1]
    assert finder.keys("走丢") == []
    assert finder.keys("孩子走丢了跳楼") == [1, 2]


def test_the_finder_needs_a_word_of_each_further_set():
    words = {1: frozenset(("跳楼",)), 2: frozenset(("药",))}
    finder = needles.Finder(words, {1: (frozenset(("孩子", "他")), frozenset(("想",)))})
    assert finder.keys("他想跳楼") == [1]
    assert finder.keys("他要跳楼") == []
    assert finder.keys("想跳楼吃药") == [2]


def test_a_finder_of_nothing_names_nothing():
    assert needles.Finder({}).keys("他要跳楼") == []


def test_every_match_holds_a_word_of_each_set():
    part = template.parse("(孩子|他)~2(跳|翻)[出去]楼~2(了|过)")
    sets = needles.every(part, WORTH)
    assert len(sets) > 1
    assert all(any(word in "他昨晚翻楼了" for word in words) for words in sets)


def test_a_needle_is_never_missing_from_what_its_template_matches():
    part = template.parse("(孩子|他)~2(跳|翻)[出去]楼")
    words = needles.find(part, WORTH)
    sentences = ("孩子要跳楼", "他翻楼", "他正翻出去楼")
    assert all(any(word in sentence for word in words) for sentence in sentences)
