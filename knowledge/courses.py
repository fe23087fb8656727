"""courses/ to courses of the parent school; every fault with its file and line, all at once.

`python -m knowledge.courses FOLDER` prints the faults and counts, and ends with 1 if there are any.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge import front, lessons, wording
from knowledge.entry import Status
from knowledge.errors import FileFault, KnowledgeError
from knowledge.fields import Fields
from knowledge.lessons import Card, Lesson, Practice, Question, Stuck
from knowledge.topics import CONTENT, topics

__all__ = ["Card", "Course", "CoursesBroken", "Lesson", "Practice", "Question", "Stuck", "load"]

COURSES = Path(__file__).parent / "courses"
STAGES = ("infant", "kinder", "primary", "junior", "senior")
GRADES = {
    **{f"k{n}": "kinder" for n in range(1, 4)},
    **{f"p{n}": "primary" for n in range(1, 7)},
    **{f"j{n}": "junior" for n in range(1, 4)},
    **{f"s{n}": "senior" for n in range(1, 4)},
}
LEVELS = ("base", "more")
TITLE, GOAL = 14, 60
_FILE = "course.yaml"
_FIELDS = (
    "id", "title", "programme", "stages", "grades", "level", "topics", "goal", "points",
    "lessons", "related", "status",
)  # fmt: skip
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LESSON = re.compile(r"\d\d-[a-z0-9]+(?:-[a-z0-9]+)*")
_SOME, _ANY = range(1, 100), range(100)


@dataclass(frozen=True, slots=True)
class Course:
    """Lessons in their order, with whom they are for; no grades: the whole of each stage."""

    id: str
    title: str
    programme: str
    stages: tuple[str, ...]
    grades: tuple[str, ...]
    level: str
    topics: tuple[str, ...]
    goal: str
    points: tuple[str, ...]
    lessons: tuple[Lesson, ...]
    related: tuple[str, ...]
    status: str


class CoursesBroken(KnowledgeError):
    """The courses cannot be loaded; the message lists every fault, a line each."""

    def __init__(self, faults: list[FileFault]) -> None:
        super().__init__("\n".join(str(f) for f in faults))
        self.faults = faults


def load(folder: Path = COURSES) -> list[Course]:
    """Read every course below the folder, sorted by id.

    Raises:
        CoursesBroken: one or more files are broken; all faults are listed.
    """
    courses, faults = survey(folder)
    if faults:
        raise CoursesBroken(faults)
    return courses


def survey(folder: Path) -> tuple[list[Course], list[FileFault]]:
    """Return the courses as far as they can be read, and every fault."""
    faults: list[FileFault] = []
    folders = sorted(p for p in folder.glob("*") if p.is_dir()) if folder.is_dir() else []
    read = [_read(path, faults) for path in folders]
    courses = [course for course in read if course]
    if not courses and not faults:
        faults.append(FileFault(folder, None, "holds no course"))
    faults += _twins(folder, courses)
    return courses, faults


def _read(folder: Path, faults: list[FileFault]) -> Course | None:
    files = {p.name: p.read_bytes() for p in (folder / _FILE, *folder.glob("*.md")) if p.is_file()}
    return parse(folder, files, faults)


def parse(folder: Path, files: Mapping[str, bytes], faults: list[FileFault]) -> Course | None:
    """Return the course of its files' contents, by name; what is wrong is added to the faults."""
    path = folder / _FILE
    try:
        values, lines = front.read(files[_FILE].decode("utf-8"), path, first=1)
    except FileFault as fault:
        faults.append(fault)
        return None
    except (KeyError, UnicodeDecodeError):
        faults.append(FileFault(path, None, "cannot be read as UTF-8"))
        return None
    return _course(Fields(path, values, lines, faults), lambda f: _lessons(f, files))


def judge(course: Course) -> list[FileFault]:
    """Return the faults of a course that stands in no files, by the rules of files.

    Each names `course/course.yaml` or `course/lesson.md`, and the field.
    """
    faults: list[FileFault] = []
    folder = Path(course.id or "-")
    values = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(course).items()}
    values["lessons"] = [lesson.name for lesson in course.lessons]
    fields = Fields(folder / _FILE, values, {}, faults)

    def given(fields: Fields) -> tuple[Lesson, ...]:
        _names(fields)
        return course.lessons

    _course(fields, given)
    for lesson in course.lessons:
        lessons.judge(lesson, folder / f"{lesson.name}.md", faults)
    return faults + list(_twins(Path(), [course]))


def _course(fields: Fields, lessons_of: Callable[[Fields], tuple[Lesson, ...]]) -> Course:
    fields.expect(_FIELDS)
    course = Course(
        id=fields.code("id"),
        title=fields.text("title", TITLE),
        programme=fields.one_of("programme", wording.words().programmes),
        stages=_known(fields, "stages", STAGES, _SOME),
        grades=_known(fields, "grades", GRADES, _ANY),
        level=fields.one_of("level", LEVELS),
        topics=_known(fields, "topics", topics(), _SOME),
        goal=fields.text("goal", GOAL),
        points=fields.codes("points", _ANY),
        lessons=lessons_of(fields),
        related=_known(fields, "related", _entries(), _ANY),
        status=fields.one_of("status", tuple(Status)),
    )
    for name, problem in _problems(course, fields.path.parent.name):
        fields.fault(name, problem)
    return course


def _known(fields: Fields, name: str, known: Iterable[str], counts: range) -> tuple[str, ...]:
    found = fields.codes(name, counts)
    for item in found:
        if item not in known:
            fields.fault(name, f"holds `{item}`, which does not exist")
    return found


def _entries() -> frozenset[str]:
    return frozenset(f"{p.parent.name}.{p.stem}" for p in CONTENT.glob("*/*.md"))


def _names(fields: Fields) -> tuple[str, ...]:
    names = fields.codes("lessons", _SOME)
    for name in names:
        if not _LESSON.fullmatch(name):
            fields.fault("lessons", f"`{name}` must look like `01-short-name`")
    return names


def _lessons(fields: Fields, files: Mapping[str, bytes]) -> tuple[Lesson, ...]:
    names, folder = _names(fields), fields.path.parent
    there = sorted(Path(file).stem for file in files if file.endswith(".md"))
    for name in names:
        if name not in there:
            fields.fault("lessons", f"names `{name}`, which has no file")
    for name in there:
        if name not in names:
            fields.fault("lessons", f"leaves out {name}.md")
    read = [
        lessons.read(folder / f"{n}.md", files[f"{n}.md"], fields.faults)
        for n in names
        if n in there
    ]
    return tuple(lesson for lesson in read if lesson)


def _problems(course: Course, folder: str) -> Iterator[tuple[str, str]]:
    if course.id and not _ID.fullmatch(course.id):
        yield "id", "must be lower-case letters, digits and dashes"
    if course.id and course.id != folder:
        yield "id", "must be the folder's name"
    for grade in course.grades:
        if grade in GRADES and GRADES[grade] not in course.stages:
            yield "grades", f"holds `{grade}`, whose stage {GRADES[grade]} is not in `stages`"
    for lesson in course.lessons:
        if lesson.topic in topics() and lesson.topic not in course.topics:
            yield "topics", f"lacks `{lesson.topic}` of lesson {lesson.name}"


def _twins(folder: Path, courses: Sequence[Course]) -> Iterator[FileFault]:
    """Find titles that two courses or two lessons share."""
    owner: dict[tuple[str, str], str] = {}
    for course in courses:
        rows = [("course", course.title, _FILE)]
        rows += [("lesson", lesson.title, f"{lesson.name}.md") for lesson in course.lessons]
        for kind, title, file in rows:
            first = owner.setdefault((kind, title), f"{course.id}/{file}")
            if title and first != f"{course.id}/{file}":
                path = folder / course.id / file
                yield FileFault(path, None, f"`title` is also that of {first}")


def main(arguments: Sequence[str]) -> int:
    """Print every fault and the counts; return 1 if there is a fault."""
    folder = Path(arguments[0]) if arguments else COURSES
    courses, faults = survey(folder)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    count = sum(len(course.lessons) for course in courses)
    sys.stdout.write(f"{len(courses)} courses, {count} lessons, {len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
