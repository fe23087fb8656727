from pathlib import Path

import pytest

from knowledge import courses
from knowledge.courses import CoursesBroken, Stuck, load

COURSE = """id: evening
title: 晚上不赶
programme: 羊城家校学堂
stages: [primary]
grades: [p1, p2]
level: base
topics: [life.sleep]
goal: 两周后，孩子知道睡前先做什么。
points: []
lessons: [01-lights, 02-bag]
related: [life.sleep.wont-go-to-bed]
status: needs_review
"""
LESSON = """---
title: 先关大灯
minutes: 3
topic: life.sleep
summary: 光暗下来，身体才知道要睡。
quiz:
  - ask: 睡前先做什么？
    options: [关大灯, 看手机]
    right: 1
    why: 光暗下来，孩子容易犯困。
practice:
  title: 今晚一练：一起关灯
  do: 睡前和孩子走一圈，请孩子按开关，说：「我们家的灯要睡了，你来关。」再一起走回房间躺下。
  minutes: 5
  check: 今晚一起关灯了吗？
  stuck:
    - when: 孩子怕黑
      then: 留一盏小灯，说：「它陪着你。」
    - when: 孩子不肯
      then: 让孩子先挑一盏。
---
## 一
{body}

## 二
{body}

## 今晚这样做
{body}
- 今晚先关大灯。
"""
BODY = (
    "灯一亮，孩子就觉得还能玩。先把客厅的大灯换成小灯，声音也放低一点，"
    "身体慢慢知道要休息了。大人先坐下来，孩子也就跟着慢下来。"
)


@pytest.fixture
def write(tmp_path):
    """Return a writer of a course of two lessons: a file with one text replaced, or none."""

    def folder(file="", old="", new=""):
        texts = {
            "course.yaml": COURSE,
            "01-lights.md": LESSON.format(body=BODY),
            "02-bag.md": LESSON.format(body=BODY).replace("title: 先关大灯", "title: 先收书包"),
        }
        if file:
            assert old in texts[file]
            texts[file] = texts[file].replace(old, new, 1)
        (tmp_path / "evening").mkdir(exist_ok=True)
        for name, text in texts.items():
            (tmp_path / "evening" / name).write_text(text, encoding="utf-8")
        return tmp_path

    return folder


def faults(folder):
    with pytest.raises(CoursesBroken) as broken:
        load(folder)
    return [str(fault) for fault in broken.value.faults]


def test_a_good_folder_becomes_courses(write):
    (course,) = load(write())
    assert (course.id, course.grades, course.status) == ("evening", ("p1", "p2"), "needs_review")
    assert [lesson.name for lesson in course.lessons] == ["01-lights", "02-bag"]
    lesson = course.lessons[0]
    assert lesson.quiz[0].options[lesson.quiz[0].right - 1] == "关大灯"
    assert lesson.practice.stuck[1] == Stuck("孩子不肯", "让孩子先挑一盏。")
    assert [card.title for card in lesson.cards] == ["一", "二", "今晚这样做"]
    assert lesson.cards[2].body.endswith("\n- 今晚先关大灯。")


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("id: evening", "id: Evening", 1, "`id` must be lower-case"),
        ("id: evening", "id: morning", 1, "`id` must be the folder's name"),
        ("title: 晚上不赶", f"title: {'字' * 15}", 2, "`title` is 15 characters, at most 14"),
        ("title: 晚上不赶", "title: 12", 2, "`title` must be text"),
        ("羊城家校学堂", "别的学堂", 3, "`programme` `别的学堂` is not one of"),
        ("[primary]", "[school]", 4, "`stages` holds `school`, which does not exist"),
        ("[primary]", "[junior]", 5, "`grades` holds `p1`, whose stage primary is not in"),
        ("[p1, p2]", "[p7]", 5, "`grades` holds `p7`, which does not exist"),
        ("[p1, p2]", "[p1, p1]", 5, "`grades` holds one item twice"),
        ("base", "deep", 6, "`level` `deep` is not one of base, more"),
        ("[life.sleep]", "[life.nothing]", 7, "`topics` holds `life.nothing`"),
        ("[life.sleep]", "[life.vision]", 7, "`topics` lacks `life.sleep` of lesson 01-lights"),
        ("[life.sleep]", "[]", 7, "`topics` has 0 items"),
        ("goal: ", f"goal: {'字' * 60}", 8, "`goal` is "),
        ("points: []", "points: none", 9, "`points` must be a list"),
        ("02-bag", "03-book", 10, "`lessons` names `03-book`, which has no file"),
        ("02-bag", "03-book", 10, "`lessons` leaves out 02-bag.md"),
        ("02-bag", "bag", 10, "`lessons` `bag` must look like `01-short-name`"),
        ("wont-go-to-bed", "nobody", 11, "`related` holds `life.sleep.nobody`"),
        ("needs_review", "live", 12, "`status` `live` is not one of draft"),
        ("level: base\n", "", None, "`level` is missing"),
        ("level: base\n", "level: base\nprice: 3\n", 7, "`price` is not a field here"),
        ("level: base\n", "level: [base\n", 7, "front matter is not YAML"),
    ],
)
def test_a_fault_of_a_course_names_file_and_line(write, old, new, line, problem):
    folder = write("course.yaml", old, new)
    where = f"{folder / 'evening' / 'course.yaml'}" + (f":{line}: " if line else ": ")
    found = faults(folder)
    assert any(f.startswith(where) and problem in f for f in found), found


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("title: 先关大灯", f"title: {'字' * 17}", 2, "`title` is 17 characters, at most 16"),
        ("minutes: 3", "minutes: 30", 3, "`minutes` must be a whole number from 1 to 10"),
        ("life.sleep", "life.nap", 4, "`topic` `life.nap` is not in _topics.yaml"),
        ("life.sleep", "emo.low", 4, "`topic` has risk 3: a card must say when to seek help"),
        ("光暗下来，身体", "光暗下来" * 10, 5, "`summary` is "),
        ("[关大灯, 看手机]", "[关大灯]", 6, "`quiz[1].options` has 1 items, must have 2 to 4"),
        ("[关大灯, 看手机]", "[7, 8]", 6, "`quiz[1].options` must list texts only"),
        ("[关大灯, 看手机]", f"[关, {'字' * 25}]", 6, "`quiz[1].options[2]` is 25 characters"),
        ("right: 1", "right: 3", 6, "`quiz[1].right` must be a whole number from 1 to 2"),
        ("right: 1", "right: 0", 6, "`quiz[1].right` must be a whole number from 1 to 2"),
        ("    why: 光暗下来，孩子容易犯困。\n", "", 6, "`quiz[1].why` is missing"),
        (
            "「我们家的灯要睡了，你来关。」",
            "我们家的灯要睡了，你来关。",
            11,
            "`practice.do` holds no words",
        ),
        (
            "「它陪着你。」",
            "「它陪着你。",
            11,
            "`practice.stuck[1].then` 「」 do not come in pairs",
        ),
        ("孩子怕黑", "孩子怕黑" * 5, 11, "`practice.stuck[1].when` is 20 characters, at most 16"),
        ("让孩子先挑一盏", "保证孩子睡着", 11, "`保证` must not stand in a lesson"),
        ("让孩子先挑一盏", "截图发到群里", 11, "`截图` must not stand in a lesson"),
        ("让孩子先挑一盏", "打12356问问", 11, "12356 looks like a phone number"),
        ("让孩子先挑一盏", "打{{hotline:1}}问问", 11, "placeholder `{{hotline:1}}` is unknown"),
        ("让孩子先挑一盏", "说“好”", 11, "words to say stand in 「」, no other quotes"),
        ("让孩子先挑一盏", "先挑,再关", 11, "`,` in `先挑,再关。` must be full-width"),
        ("让孩子先挑一盏", "看 https://a.cn", 11, "`https:` is a link or HTML"),
        ("让孩子先挑一盏", "让<b>孩子</b>挑", 11, "`<b>` is a link or HTML"),
        ("让孩子先挑一盏", "挑一盏😀", 11, "`😀` is a picture"),
        ("灯一亮，孩子", "**灯**一亮，孩子", 22, "`**` is a mark of Markdown"),
        ("## 一", f"## {'字' * 15}", 22, "the title has 15 characters, must have 1 to 14"),
        ("## 一\n", "前言\n## 一\n", 22, "stands before the first card"),
        (f"## 一\n{BODY}", "## 一\n短。", 22, "the card has 2 characters, must have 60 to 180"),
        (f"## 一\n{BODY}", f"## 一\n{BODY * 4}", 22, "must have 60 to 180"),
        (f"## 一\n{BODY}\n", "", 26, "the lesson has 2 cards, must have 3 to 6"),
        ("## 二", "## 一", 28, "two cards are called `一`"),
        ("- 今晚先关大灯。", "- 关。\n" * 5, 28, "the card lists 5 points, at most 4"),
        ("---\ntitle", "title", 1, "must begin with front matter"),
    ],
)
def test_a_fault_of_a_lesson_names_file_and_line(write, old, new, line, problem):
    folder = write("01-lights.md", old, new)
    where = f"{folder / 'evening' / '01-lights.md'}:{line}: "
    found = faults(folder)
    assert any(f.startswith(where) and problem in f for f in found), found


def test_the_last_card_says_what_to_do(write):
    folder = write("01-lights.md", "## 今晚这样做", "## 怎样做")
    path = folder / "evening" / "01-lights.md"
    path.write_text(path.read_text(encoding="utf-8").replace("- 今晚先", "- 先"), encoding="utf-8")
    assert "the last card must say what to do" in faults(folder)[0]


def test_a_hotline_by_its_placeholder_is_help(write):
    folder = write("01-lights.md", "- 今晚先关大灯。", "- 今晚先陪着，难受可打 {{hotline:12356}}。")
    path = folder / "evening" / "01-lights.md"
    raw = path.read_text(encoding="utf-8").replace("topic: life.sleep", "topic: emo.low")
    path.write_text(raw, encoding="utf-8")
    course = folder / "evening" / "course.yaml"
    course.write_text(COURSE.replace("[life.sleep]", "[life.sleep, emo.low]"), encoding="utf-8")
    assert load(folder)


def test_one_title_for_two_lessons_is_a_fault(write):
    folder = write("02-bag.md", "title: 先收书包", "title: 先关大灯")
    (fault,) = faults(folder)
    assert fault.endswith("02-bag.md: `title` is also that of evening/01-lights.md")


def test_every_fault_of_every_file_is_listed_at_once(write):
    folder = write("01-lights.md", "minutes: 3", "minutes: x")
    (folder / "evening" / "02-bag.md").write_bytes("书".encode("gb18030"))
    (folder / "other").mkdir()
    found = "\n".join(faults(folder))
    assert "01-lights.md:3: `minutes`" in found
    assert "02-bag.md: cannot be read as UTF-8" in found
    assert "other/course.yaml: cannot be read as UTF-8" in found


def test_an_empty_folder_is_a_fault(tmp_path):
    assert faults(tmp_path / "none") == [f"{tmp_path / 'none'}: holds no course"]


def test_the_command_prints_faults_and_counts(write, capsys):
    assert courses.main([str(write())]) == 0
    assert capsys.readouterr().out == "1 courses, 2 lessons, 0 faults\n"
    assert courses.main([str(write("course.yaml", "level: base", "level: x"))]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first.endswith("course.yaml:6: `level` `x` is not one of base, more")
    assert last == "1 courses, 2 lessons, 1 faults"


def test_grades_and_stages_are_those_of_the_organisation():
    from bot.org import grades

    kinds = grades.words()
    assert set(courses.STAGES) == {"infant", *kinds.stages} - {"joint"}
    count = {stage: len(names) for stage, names in kinds.grades.items()}
    assert {s: list(courses.GRADES.values()).count(s) for s in count} == count


def test_the_shipped_courses_have_no_fault():
    folder = Path(courses.__file__).parent / "courses"
    assert not folder.exists() or load(folder)
