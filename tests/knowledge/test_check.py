import re

import pytest

from knowledge import check, files
from knowledge.entry import Status
from knowledge.topics import CONTENT

STORY = (
    "昨天晚上我陪他读书，读了不到两页他就把书合上，说不好看，要去玩积木。我劝了半天，他就哭。"
    "他爸爸说不爱看就算了，我又怕他以后跟不上，到底该怎么办才好呢？"
)
WORDINGS = {
    "keyword": ("不爱看书", "阅读习惯"),
    "plain": ("一拿起书就说困", "怎样让他自己想读", "买了很多绘本都不翻"),
    "story": (STORY,),
    "yue": ("個仔唔肯睇書點算",),
    "typo": ("孩子不爱看数怎么办",),
    "voice": ("那个我想问一下他就是不看书嘛怎么办",),
}
BODY = """不爱看书，常常是还没遇到合适的那一本。
有的孩子觉得书里没有自己关心的事，有的是字太多读得累，这两样都可以慢慢来，不用着急。
1. 今晚关掉电视，一起读十分钟，由孩子选一本，薄的、图多的、读过的都可以。
2. 读到有意思的地方停下来，问一句「你猜后来呢？」，不考字词，也不要求复述。
3. 周末去一次图书馆，让孩子自己借两本，不合适就换，不算浪费。
别用读书来换看动画片，也别拿别的孩子来比，读得慢一点没有关系。
"""
LAST = "别用读书来换看动画片，也别拿别的孩子来比，读得慢一点没有关系。"
OLD_BODY = "先读给孩子听。\n1. 今晚读一页。\n"


def similar(**changed):
    rows = [(s, t) for s, texts in (WORDINGS | changed).items() for t in texts]
    return "similar:\n" + "".join(f'  - {{style: {s}, text: "{t}"}}\n' for s, t in rows)


GOOD = (
    "similar:\n  - {style: keyword, text: 不爱看书}\n",
    similar(),
    OLD_BODY,
    BODY,
)


@pytest.fixture
def faults(write):
    """Return the sentences about one good file with some lines replaced, without the path."""

    def found(*replaced, leaf="study.reading"):
        path = write("one", *GOOD, *replaced, leaf=leaf)
        sentences = [str(f) for f in check.entry_faults(files.read(path), path)]
        assert all(s.startswith(f"{path}:") for s in sentences)
        return [s.removeprefix(f"{path}:") for s in sentences]

    return found


def test_a_good_entry_has_no_fault(faults):
    assert faults() == []


def test_an_entry_that_is_in_no_file_is_judged_the_same(make):
    found = dict(check.problems(make("study.reading.one", answer="1. 一\n2. 二")))
    assert found["1. 一"] == "the answer has 6 characters, must have 120 to 380"
    assert "similar:" in found


@pytest.mark.parametrize(
    ("answer", "size"),
    [("1. 一\n2. 二\n", 6), (BODY + "字" * 300, len("".join(BODY.split())) + 300)],
)
def test_the_length_of_the_answer(faults, answer, size):
    assert [f for f in faults(BODY, answer) if f"has {size} characters, must have 120 to 380" in f]


def test_a_hotline_counts_as_its_number(faults):
    answer = BODY.rstrip() + "{{hotline:12356}}" * 5 + "\n"
    assert len("".join(answer.split())) > 250
    assert faults(BODY, answer) == []


def test_too_few_wordings(faults):
    few = similar(plain=("一拿起书就说困",), keyword=("不爱看书",))
    assert faults(similar(), few) == ["15: `similar` has 6 wordings, at least 8"]


def test_a_missing_style(faults):
    others = similar(yue=(), plain=(*WORDINGS["plain"], "字多就不看"))
    assert faults(similar(), others) == ["15: `similar` has no wording of style yue"]


@pytest.mark.parametrize("story", ["太短的经过。", STORY * 3])
def test_the_length_of_a_story(faults, story):
    found = faults(similar(), similar(story=(story,)))
    assert found == [f"21: a story has {len(story)} characters, must have 60 to 160"]


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("坚持一个月，保证爱上读书。", "保证"),
        ("每天在群里打卡。", "打卡"),
        ("这孩子真没出息。", "没出息"),
        ("多半是多动症。", "多动症"),
        ("可以买点褪黑素。", "褪黑素"),
        ("不会有事的。", "不会有事的"),
        ("不读就打一顿。", "打一顿"),
    ],
)
def test_a_forbidden_word_in_the_answer(faults, sentence, word):
    (fault,) = faults(LAST, sentence)
    assert re.match(rf"\d+: `{word}` must not stand in an answer \(\S+\)$", fault)


def test_a_forbidden_word_in_the_summary(faults):
    (fault,) = faults("summary: 不爱看书", "summary: 保证爱上读书")
    assert fault.startswith("4: `保证`")


@pytest.mark.parametrize(
    "sentence", ["不说「没出息」。", "别信「保证提分」的班。", "是不是多动症，由医生评估。"]
)
def test_a_line_may_quote_what_it_warns_of(faults, sentence):
    assert faults(LAST, sentence) == []


@pytest.mark.parametrize(
    "number", ["110", "12345", "13800138000", "020-81234567", "138-0013-8000", "95599"]
)
def test_a_number_outside_a_placeholder(faults, number):
    (fault,) = faults("读得慢一点没有关系。", f"可以打 {number} 问。")
    assert f"{number} looks like a phone number; write {{{{hotline:…}}}}" in fault


@pytest.mark.parametrize("number", ["2026", "10", "2026-11", "22:00", "30%", "{{hotline:12345}}"])
def test_a_number_that_is_none(faults, number):
    assert faults("读得慢一点没有关系。", f"可以看 {number} 的。") == []


def test_a_person_s_number_in_a_wording(faults):
    found = faults(similar(), similar(keyword=("不爱看书", "打我电话13800138000")))
    assert found == ["17: 13800138000 looks like somebody's number and must not be kept"]


def test_a_hotline_in_a_wording_is_a_question_about_it(faults):
    assert faults(similar(), similar(keyword=("不爱看书", "12345和12355打哪个"))) == []


def test_who_speaks_of_not_wanting_to_live_says_what_to_do_and_whom_to_phone(faults):
    last = "读得慢一点没有关系。"
    told = faults(last, "说不想活，打 {{hotline:120}}。")
    assert len(told) == 2
    assert all("`不想活` must go with one of " in line for line in told)
    whole = "说不想活，陪着不离开，打 {{hotline:12356}}，有危险打 {{hotline:120}}。"
    assert faults(last, whole) == []


RISKY = ("study.reading", "study.focus", "risk: 0", "risk: 1")


def test_a_risky_entry_says_when_to_seek_help(faults):
    (fault,) = faults(*RISKY, leaf="study.focus")
    assert fault == "27: risk is 1: the answer must say when to seek help"


@pytest.mark.parametrize("help_", ["去医院看看。", "打 {{hotline:12356}}。", "找心理老师谈。"])
def test_any_of_the_ways_to_help_will_do(faults, help_):
    assert faults(*RISKY, "读得慢一点没有关系。", help_, leaf="study.focus") == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2. 读到", "读到", "the steps are numbered [1, 3], not from 1 upwards"),
        ("1. 今晚", "2. 今晚", "the steps are numbered [2, 2, 3], not from 1 upwards"),
        ("1. 今晚", "今晚", "the steps are numbered [2, 3], not from 1 upwards"),
        (
            "别用读书",
            "4. 四\n5. 五\n别用读书",
            "the answer has 5 numbered steps, must have 2 to 4",
        ),
    ],
)
def test_the_steps(faults, old, new, problem):
    assert [f for f in faults(old, new) if problem in f]


@pytest.mark.parametrize(
    ("new", "mark"),
    [
        ("**读得慢**", "**"),
        ("`读得慢`", "`"),
        ("[读](https://a.example)", "[读]("),
        ("x\n# 标题", "#"),
        ("x\n- 读", "-"),
        ("x\n> 读", ">"),
        ("x\n| 读 |", "|"),
        ("读<br>慢", "<br>"),
        ("__读__", "__"),
    ],
)
def test_a_mark_of_markdown(faults, new, mark):
    (fault,) = faults("读得慢一点没有关系。", new)
    assert f"`{mark}` is a mark of Markdown" in fault


def test_nearly_equal_wordings_of_two_entries(write, tmp_path):
    long = "老师说孩子上课总是走神写作业也要人催怎么办"
    write("one", *GOOD, 'text: "不爱看书"', f"text: {long}")
    write(
        "two",
        *GOOD,
        similar(),
        f"similar:\n  - {{style: plain, text: {long}呢}}\n",
        "question: 孩子不爱看书怎么办",
        "question: 另一句",
        "summary: 不爱看书",
        "summary: 另一行",
    )
    entries = files.load(tmp_path)
    (fault,) = [f for f in check.base_faults(tmp_path, entries) if f.path.name == "two.md"]
    assert fault.line == 16
    assert f"`{long}呢` is nearly `{long}` of study.reading.one (0.95)" in str(fault)


def test_nearly_equal_wordings_of_one_entry_are_no_fault(write, tmp_path):
    write("one", "text: 不爱看书", "text: 孩子不爱看书怎么办呢")
    assert not [
        f for f in check.base_faults(tmp_path, files.load(tmp_path)) if "nearly" in f.problem
    ]


def test_equal_summaries(write, tmp_path):
    write("one")
    write("two", "孩子不爱看书怎么办", "另一句", "text: 不爱看书", "text: 又一句")
    found = check.base_faults(tmp_path, files.load(tmp_path))
    assert str(tmp_path / "study.reading" / "two.md:4: `summary` is also that of ") in str(found[0])


def test_a_leaf_without_a_published_entry(write, tmp_path):
    (tmp_path / "_topics.yaml").write_bytes((CONTENT / "_topics.yaml").read_bytes())
    write("one")
    found = check.base_faults(tmp_path, files.load(tmp_path))
    assert len(found) == 88
    lines = (tmp_path / "_topics.yaml").read_text(encoding="utf-8").splitlines()
    for fault in found:
        leaf = re.search(r"`(\S+)` has no published entry", str(fault))[1]
        assert lines[fault.line - 1].lstrip().startswith(f"{leaf}:")


def test_an_entry_that_waits_for_review_does_not_cover_its_leaf(make, tmp_path):
    waiting = make("study.reading.one", status=Status.NEEDS_REVIEW)
    assert len(check.base_faults(tmp_path, [waiting])) == 89


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_drafts_and_retired_entries_are_not_judged(write, tmp_path, status):
    path = write("one", "status: published", f"status: {status}")
    assert [f for f in check.check(tmp_path) if f.path == path] == []


def test_what_cannot_be_loaded_is_reported_alone(write, tmp_path):
    write("one", "risk: 0", "risk: 9")
    (fault,) = check.check(tmp_path)
    assert "`risk` must be" in str(fault)


def test_an_answer_prints_three_numbers_and_no_more(faults):
    last = "读得慢一点没有关系。"
    numbers = [f"打 {{{{hotline:{n}}}}}。" for n in ("110", "120", "12356", "12345")]
    assert faults(last, "".join(numbers[:3])) == []
    (told,) = faults(last, "".join(numbers))
    assert told.endswith("the answer prints 110, 120, 12356, 12345: at most 3 numbers")
