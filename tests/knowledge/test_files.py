from pathlib import Path

import pytest

from knowledge import files
from knowledge.entry import Asking, Source, Status
from knowledge.errors import FileFault

BROKEN = [
    ("id: study.reading.one", "id: One", 2, "`id` must look like `topic.leaf.short-name`"),
    ("id: study.reading.one", "id: study.reading.two", 2, "`id` must be folder name"),
    ("question: 孩子不爱看书怎么办", "question:", 3, "`question` must be text"),
    ("question: 孩子不爱看书怎么办", "question: 12", 3, "`question` must be text"),
    ("summary: 不爱看书", f"summary: {'字' * 41}", 4, "`summary` is 41 characters, at most 40"),
    ("topic: study.reading", "topic: study.nothing", 5, "`topic` `study.nothing` is not in"),
    ("topic: study.reading", "topic: study.focus", 5, "`topic` must be the folder's name"),
    ("ages: [p_low]", "ages: [primary]", 6, "`ages` holds `primary`, not one of a0_3"),
    ("ages: [p_low]", "ages: p_low", 6, "`ages` must be a list"),
    ("risk: 0", "risk: 4", 7, "`risk` must be a whole number from 0"),
    ("risk: 0", "risk: true", 7, "`risk` must be a whole number from 0"),
    ("status: published", "status: live", 8, "`status` must be one of draft, needs_review"),
    ("article: null, ref: method, ", "ref: method, ", 9, "`sources` each needs name, article"),
    ("checked: 2026-11-23", "checked: yesterday", 9, "`sources` name must be text and checked"),
    (
        "\n  - {name: 常用做法, article: null, ref: method, checked: 2026-11-23}",
        " []",
        9,
        "`sources` must name at least one",
    ),
    ("reviewed_on: 2026-11-24", "reviewed_on: 24.11.2026", 11, "`reviewed_on` must be a date"),
    ("valid_until: null", "valid_until: soon", 13, "`valid_until` must be a date"),
    ("style: keyword", "style: cantonese", 15, "`similar` style `cantonese` is unknown"),
    ("{style: keyword, text: 不爱看书}", "不爱看书", 15, "`similar` each needs style and text"),
    ("text: 不爱看书}", 'text: "……"}', 15, "`similar` holds a wording without a word"),
    ("related: []", "related: none", 17, "`related` must be a list"),
    ("related: []", "related: [[]]", 17, "`related` must list ids"),
    ("owner: 编辑", "owner: &a 编辑", 14, "front matter must not use `&`, `*` or `!`"),
    ("owner: 编辑", "owner: *a", 14, "front matter must not use `&`, `*` or `!`"),
    ("owner: 编辑", "owner: !!int 编辑", 14, "front matter must not use `&`, `*` or `!`"),
    ("related: []", "related: [[[a]]]", 17, "front matter must not be more than 3 deep"),
    ("owner: 编辑\n", "owner: 编辑\nprice: 3\n", 15, "`price` is not a field of an entry"),
    ("owner: 编辑\n", "owner: 编辑\nowner: 我\n", 15, "`owner` stands twice"),
    ("owner: 编辑", "owner: [编辑", 15, "front matter is not YAML"),
    (
        "先读给孩子听",
        "打 {{hotline:999}} 先读给孩子听",
        19,
        "placeholder `{{hotline:999}}` is unknown",
    ),
    ("先读给孩子听", "{{name}} 先读给孩子听", 19, "placeholder `{{name}}` is unknown"),
    ("先读给孩子听", "打 {{hotline:12348}}", 19, "hotline 12348 is not verified"),
]


@pytest.mark.parametrize(("old", "new", "line", "problem"), BROKEN, ids=[b[3] for b in BROKEN])
def test_a_fault_names_file_and_line(write, old, new, line, problem):
    path = write("one", old, new)
    with pytest.raises(FileFault) as fault:
        files.read(path)
    assert str(fault.value).startswith(f"{path}:{line}: ")
    assert problem in str(fault.value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("owner: 编辑\n", "", "`owner` is missing"),
        ("先读给孩子听。\n1. 今晚读一页。\n", "\n", "has no answer below the front matter"),
        ("2026-11-24", "2026-13-24", "front matter: month must be in 1..12"),
        ("编辑", "\x01", "front matter is not YAML: unacceptable character"),
        ("risk: 0", f"risk: 1{':0' * 200}.0", "front matter: int too large to convert to float"),
        ("---\n先读", "先读", "must begin with front matter between two lines `---`"),
        ("---\nid", "id", "must begin with front matter between two lines `---`"),
    ],
)
def test_what_has_no_line_names_the_file(write, old, new, problem):
    path = write("one", old, new)
    with pytest.raises(FileFault) as fault:
        files.read(path)
    assert str(fault.value).startswith(str(path))
    assert problem in str(fault.value)


def test_another_encoding_is_refused(write):
    path = write("one")
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(FileFault, match=r"one\.md: is not UTF-8"):
        files.read(path)


def test_a_risk_below_that_of_the_topic_is_refused(write):
    path = write("one", "study.reading", "emo.low", leaf="emo.low")
    with pytest.raises(FileFault, match=r"one\.md:7: `risk` must be a whole number from 3"):
        files.read(path)


def test_a_good_file_becomes_an_entry(write):
    entry = files.read(write("one"))
    assert (entry.id, entry.status, entry.valid_until) == (
        "study.reading.one",
        Status.PUBLISHED,
        None,
    )
    assert entry.similar == (Asking("不爱看书", "keyword"),)
    assert entry.sources[0] == Source("常用做法", None, "method", entry.sources[0].checked)
    assert entry.answer == "先读给孩子听。\n1. 今晚读一页。"


def test_an_entry_may_speak_for_one_area(write):
    assert files.read(write("one")).area == ""
    entry = files.read(write("two", "owner: 编辑\n", "owner: 编辑\narea: gz/tianhe\n"))
    assert entry.area == "gz/tianhe"


def test_an_entry_may_name_its_successor(write):
    assert files.read(write("one")).successor == ""
    named = "owner: 编辑\nsuccessor: pol.points.next-year\n"
    assert files.read(write("two", "owner: 编辑\n", named)).successor == "pol.points.next-year"


@pytest.mark.parametrize("other", ["明年", "one", "study.reading.one"])
def test_a_successor_is_the_id_of_another_entry(write, other):
    named = f"owner: 编辑\nsuccessor: {other}\n"
    path = write("one", "owner: 编辑\n", named)
    with pytest.raises(FileFault, match="`successor` must be the id of another entry"):
        files.read(path)


@pytest.mark.parametrize("area", ["", " ", "[gz, sz]", "12"])
def test_an_area_that_is_written_must_be_a_text(write, area):
    with pytest.raises(FileFault, match="`area` must be text"):
        files.read(write("one", "owner: 编辑\n", f"owner: 编辑\narea: {area}\n"))


def test_all_faults_are_listed_at_once(write, tmp_path):
    write("one", "risk: 0", "risk: 9")
    write("two", "ages: [p_low]", "ages: [old]")
    with pytest.raises(files.BaseBroken) as broken:
        files.load(tmp_path)
    assert [(f.path.name, f.line) for f in broken.value.faults] == [("one.md", 7), ("two.md", 6)]
    assert len(str(broken.value).splitlines()) == 2


def test_one_wording_in_two_entries_is_a_fault(write, tmp_path):
    write("one")
    write("two", "text: 不爱看书", "text: 孩子不爱看书，怎么办？")
    with pytest.raises(files.BaseBroken, match=r"two\.md: `孩子不爱看书怎么办` also asks for"):
        files.load(tmp_path)


def test_one_wording_twice_in_one_entry_is_none(write, tmp_path):
    write("one", "text: 不爱看书", "text: 孩子不爱看书怎么办")
    assert len(files.load(tmp_path)) == 1


def test_an_unknown_relative_is_a_fault(write, tmp_path):
    write("one", "related: []", "related: [study.reading.none]")
    with pytest.raises(files.BaseBroken, match=r"one\.md: `related` names `study.reading.none`"):
        files.load(tmp_path)


def test_an_unknown_successor_is_a_fault(write, tmp_path):
    write("one", "owner: 编辑\n", "owner: 编辑\nsuccessor: study.reading.none\n")
    with pytest.raises(files.BaseBroken, match=r"one\.md: `successor` names `study.reading.none`"):
        files.load(tmp_path)


def test_an_empty_folder_is_a_fault(tmp_path):
    with pytest.raises(files.BaseBroken, match="holds no entry"):
        files.load(tmp_path)


def test_entries_come_sorted_by_id():
    ids = [e.id for e in files.load()]
    assert ids == sorted(ids)


def test_a_text_that_is_no_file_needs_no_place(write):
    raw = write("one").read_text(encoding="utf-8")
    nowhere = Path("upload.md")
    assert files.parse(raw, nowhere, placed=False).id == "study.reading.one"
    with pytest.raises(FileFault, match=r"upload\.md:2: `id` must be folder name"):
        files.parse(raw, nowhere)


def test_an_id_must_begin_with_its_topic_wherever_it_stands(write):
    raw = write("one", "topic: study.reading", "topic: study.plan").read_text(encoding="utf-8")
    with pytest.raises(FileFault, match=r"upload\.md:5: `topic` must be what the id begins with"):
        files.parse(raw, Path("upload.md"), placed=False)
