"""The lint of the content: what loads without a fault and must still be mended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from knowledge import alike, claims, files, forbidden, hotlines, text
from knowledge.entry import Entry, Status
from knowledge.errors import FileFault
from knowledge.topics import CONTENT, topics

#: Characters without white space, hotlines filled in: one screen, and never a second message.
BODY = range(120, 381)
STEPS = range(2, 5)
ASKINGS_MIN = 8
STYLES = ("keyword", "plain", "story", "yue", "typo", "voice")
STORY = range(60, 161)
#: What a tired parent reads in one breath: characters of the first line, and of any sentence.
FIRST_LINE, SENTENCE = 30, 88
#: What is judged; drafts may be unfinished, retired entries are not served.
JUDGED = (Status.PUBLISHED, Status.NEEDS_REVIEW)

_STEP = re.compile(r"^(\d+)\. \S", re.MULTILINE)
_MARK = re.compile(r"\*\*|__|`|!?\[[^\]]*\]\(|^(?:#{1,6} |> |[-*+•] |\|)|</?[a-z]+>")
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_DIGITS = re.compile(r"\d+(?:-\d+)*")
_PHONE = re.compile(r"\d{5,}|\d{3,4}-\d{7,8}|\d{3}-\d{3,4}-\d{4}")
#: A number with so many digits in a wording is a person's: phone, identity, account.
_PERSONAL = 7
_HOTLINE = "{{hotline:"
_PLACED = re.compile(r"\{\{hotline:(\d+)\}\}")
#: Different numbers in one answer (CONTENT 3); an answer about the numbers themselves has one more.
HOTLINES, _ABOUT_HOTLINES = 3, "svc.hotline"
_POLICY = "pol."

#: A rule yields (text near the fault, sentence); the text finds the line.
Rule = Callable[[Entry], Iterator[tuple[str, str]]]


def check(folder: Path = CONTENT) -> list[FileFault]:
    """Return every fault of the content; what cannot be loaded is reported alone."""
    try:
        entries = files.load(folder)
    except files.BaseBroken as broken:
        return broken.faults
    judged = [e for e in entries if e.status in JUDGED]
    found = [fault for e in judged for fault in entry_faults(e, path_of(folder, e))]
    return found + base_faults(folder, judged)


def entry_faults(entry: Entry, path: Path) -> list[FileFault]:
    """Return the faults that show in one entry alone."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [FileFault(path, _line(lines, near), problem) for near, problem in problems(entry)]


def problems(entry: Entry, *, short: bool = False) -> Iterator[tuple[str, str]]:
    """Yield (text near the fault, sentence) for each fault that shows in one entry alone.

    The entry need not stand in a file: one that is written in the console is judged the same.
    `short`: an announcement of the day, which needs no steps and few wordings.
    """
    for rule in ANNOUNCED if short else RULES:
        yield from rule(entry)


def base_faults(folder: Path, entries: Sequence[Entry]) -> list[FileFault]:
    """Return the faults that show between entries: twins, equal summaries, empty leaves."""
    return [*_twins(folder, entries), *_summaries(folder, entries), *_empty(folder, entries)]


def path_of(folder: Path, entry: Entry) -> Path:
    """Return the file of an entry."""
    return folder / entry.topic / f"{entry.id.rpartition('.')[2]}.md"


def _line(lines: Sequence[str], near: str) -> int | None:
    return next((n for n, line in enumerate(lines, 1) if near in line), None)


def _first_line(entry: Entry) -> str:
    return entry.answer.partition("\n")[0]


def _body(entry: Entry) -> Iterator[tuple[str, str]]:
    size = len("".join(hotlines.fill(entry.answer).split()))
    if size not in BODY:
        limits = f"{BODY.start} to {BODY.stop - 1}"
        yield _first_line(entry), f"the answer has {size} characters, must have {limits}"


def _askings(entry: Entry) -> Iterator[tuple[str, str]]:
    if len(entry.similar) < ASKINGS_MIN:
        yield "similar:", f"`similar` has {len(entry.similar)} wordings, at least {ASKINGS_MIN}"
    missing = [s for s in STYLES if s not in {a.style for a in entry.similar}]
    if missing:
        yield "similar:", f"`similar` has no wording of style {', '.join(missing)}"


def _stories(entry: Entry) -> Iterator[tuple[str, str]]:
    for asking in entry.similar:
        if asking.style == "story" and len(asking.text) not in STORY:
            limits = f"{STORY.start} to {STORY.stop - 1}"
            yield asking.text, f"a story has {len(asking.text)} characters, must have {limits}"


def _readable(entry: Entry) -> Iterator[tuple[str, str]]:
    first = _first_line(entry)
    if len(first) > FIRST_LINE:
        yield first, f"the first line has {len(first)} characters, at most {FIRST_LINE}"
    for line in entry.answer.splitlines():
        for sentence in claims.sentences(hotlines.fill(line)):
            if len(sentence) > SENTENCE:
                yield line, f"a sentence has {len(sentence)} characters, at most {SENTENCE}"


def _forbidden(entry: Entry) -> Iterator[tuple[str, str]]:
    for line in (entry.summary, *entry.answer.splitlines()):
        for ban in forbidden.words().bans:
            for word in ban.broken_by(line):
                yield line, f"`{word}` must not stand in an answer ({ban.reason})"


def _together(entry: Entry) -> Iterator[tuple[str, str]]:
    for must in forbidden.words().musts:
        for word, listed in must.broken_by(entry.answer):
            yield word, f"`{word}` must go with one of {', '.join(listed)} ({must.reason})"


def _numbers(entry: Entry) -> Iterator[tuple[str, str]]:
    for line in (entry.summary, *entry.answer.splitlines()):
        plain = _PLACEHOLDER.sub(" ", line)
        lines = hotlines.hotlines().keys()
        for number in _DIGITS.findall(plain):
            if number in lines or _PHONE.fullmatch(number):
                yield line, f"{number} looks like a phone number; write {{{{hotline:…}}}}"
    for wording in entry.askings():
        for number in _DIGITS.findall(wording):
            if len(number) >= _PERSONAL and _PHONE.fullmatch(number):
                yield wording, f"{number} looks like somebody's number and must not be kept"


def _few(entry: Entry) -> Iterator[tuple[str, str]]:
    printed = dict.fromkeys(_PLACED.findall(entry.answer))
    most = HOTLINES + entry.topic.startswith(_ABOUT_HOTLINES)
    if len(printed) > most:
        numbers = ", ".join(printed)
        yield f"hotline:{list(printed)[-1]}", f"the answer prints {numbers}: at most {most} numbers"


def _help(entry: Entry) -> Iterator[tuple[str, str]]:
    says = _HOTLINE in entry.answer or any(w in entry.answer for w in forbidden.words().help)
    if entry.risk and not says:
        yield _first_line(entry), f"risk is {entry.risk}: the answer must say when to seek help"


def _lasting(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.topic.startswith(_POLICY) and entry.valid_until is None:
        yield "valid_until:", "policy changes with the year: `valid_until` must have a day"


def _steps(entry: Entry) -> Iterator[tuple[str, str]]:
    numbers = [int(n) for n in _STEP.findall(entry.answer)]
    if len(numbers) not in STEPS:
        limits = f"{STEPS.start} to {STEPS.stop - 1}"
        yield (
            _first_line(entry),
            f"the answer has {len(numbers)} numbered steps, must have {limits}",
        )
    elif numbers != list(range(1, len(numbers) + 1)):
        yield f"{numbers[0]}. ", f"the steps are numbered {numbers}, not from 1 upwards"


def _marks(entry: Entry) -> Iterator[tuple[str, str]]:
    for line in entry.answer.splitlines():
        found = _MARK.search(line)
        if found:
            yield line, f"`{found[0].strip()}` is a mark of Markdown; WeChat shows it as it stands"


RULES: tuple[Rule, ...] = (
    _body, _readable, _askings, _stories, _forbidden, _together, _numbers, _few, _help, _lasting,
    _steps, _marks, claims.wrong_numbers, claims.uncited,
)  # fmt: skip

#: What every answer is judged by, long or short.
ANNOUNCED: tuple[Rule, ...] = (_forbidden, _together, _numbers, _help, _marks, claims.wrong_numbers)


def _twins(folder: Path, entries: Sequence[Entry]) -> Iterator[FileFault]:
    asked = [(e, a) for e in entries for a in e.askings()]
    for first, second, likeness in alike.pairs([text.normalise(a) for _, a in asked]):
        (one, wording), (other, repeated) = asked[first], asked[second]
        if one.id != other.id:
            path = path_of(folder, other)
            lines = path.read_text(encoding="utf-8").splitlines()
            problem = f"`{repeated}` is nearly `{wording}` of {one.id} ({likeness:.2f})"
            yield FileFault(path, _line(lines, repeated), problem)


def _summaries(folder: Path, entries: Sequence[Entry]) -> Iterator[FileFault]:
    owner: dict[str, str] = {}
    for entry in entries:
        first = owner.setdefault(text.normalise(entry.summary), entry.id)
        if first != entry.id:
            path = path_of(folder, entry)
            lines = path.read_text(encoding="utf-8").splitlines()
            yield FileFault(path, _line(lines, "summary:"), f"`summary` is also that of {first}")


def _empty(folder: Path, entries: Sequence[Entry]) -> Iterator[FileFault]:
    path = folder / "_topics.yaml"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    served = {e.topic for e in entries if e.status is Status.PUBLISHED}
    for leaf in topics():
        if leaf not in served:
            yield FileFault(path, _line(lines, f"{leaf}:"), f"`{leaf}` has no published entry")
