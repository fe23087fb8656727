"""A course as an archive of its files, to be kept, sent round and brought in as a draft."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path, PurePosixPath

from bot.courses.problems import Problem, told
from bot.errors import InvalidInput
from bot.spreadsheet import reading as tables
from bot.spreadsheet import unpack
from bot.spreadsheet.limits import MEGABYTE, Limits
from knowledge import course_writing, courses
from knowledge.courses import Course
from knowledge.errors import FileFault

LIMITS = Limits(size=MEGABYTE, unpacked=4 * MEGABYTE, members=100)
_COURSE = "course.yaml"
#: What systems add to an archive by themselves.
_PASSED_OVER = ("__MACOSX", ".DS_Store", "desktop.ini", "Thumbs.db")
#: Equal courses give equal archives.
_MADE = (2000, 1, 1, 0, 0, 0)


def packed(course: Course) -> bytes:
    """Return the archive of a course."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in course_writing.files(course).items():
            member = zipfile.ZipInfo(f"{course.id}/{name}", _MADE)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, text.encode())
    return out.getvalue()


def unpacked(data: bytes) -> tuple[Course | None, list[Problem]]:
    """Return the course of an archive, as far as it can be read, and every fault with its line.

    Raises:
        InvalidInput: the archive as a whole cannot be taken; the message is for the uploader.
    """
    tables.bounded(data, LIMITS)
    files: dict[str, bytes] = {}
    folders: set[str] = set()
    for name, content in unpack.members(data, LIMITS):
        path = PurePosixPath(name)
        if any(part in _PASSED_OVER for part in path.parts):
            continue
        if path.name != _COURSE and path.suffix != ".md":
            raise InvalidInput("course.strange_file")
        folders.add(path.parent.name)
        files[path.name] = content
    if _COURSE not in files or len(folders) != 1:
        raise InvalidInput("course.no_course")
    return _parsed(folders.pop(), files)


def _parsed(folder: str, files: dict[str, bytes]) -> tuple[Course | None, list[Problem]]:
    faults: list[FileFault] = []
    course = courses.parse(Path(folder or "-"), files, faults)
    if course is not None and not folder:  # packed without its folder
        faults = [f for f in faults if f.problem != "`id` must be the folder's name"]
    return course, told(faults)
