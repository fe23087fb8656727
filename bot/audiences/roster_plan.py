"""What a roster adds to the tree as it stands: schools, grades, classes; known ones stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.audiences.roster_reading import Line
from bot.org import grades, scope, tree
from bot.org.tree import Unit
from bot.people.actor import Actor

EDIT = "units.edit"


@dataclass(slots=True)
class Tree:
    """The nodes by path, and by what a row calls them; planned ones are added as they come."""

    units: dict[str, Unit] = field(default_factory=dict)
    by_name: dict[tuple[str, str, str], list[Unit]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    cohorts: dict[tuple[str, str, int, int], Unit] = field(default_factory=dict)
    #: By full name, and without its last character.
    districts: dict[str, Unit] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[Unit]) -> Tree:
        """Return the tree of these nodes, parents before children."""
        made = cls()
        for unit in sorted(units, key=lambda u: u.path.count("/")):
            made.put(unit)
        return made

    def put(self, unit: Unit) -> None:
        """Take a node in."""
        self.units[unit.path] = unit
        self.counts[unit.parent] += 1
        if unit.kind == "district":
            self.districts |= {unit.name: unit, unit.name[:-1]: unit}
        if unit.kind in tree.COHORTS:
            key = (unit.parent, unit.stage or "", unit.entry_year or 0, unit.number or 0)
            self.cohorts[key] = unit
        else:
            key_ = (unit.kind, self.district(unit), unit.name)
            self.by_name.setdefault(key_, []).append(unit)

    def district(self, unit: Unit) -> str:
        """Return the district a node lies in; of a city: nothing."""
        at: Unit | None = unit
        while at is not None and at.kind != "district":
            at = self.units.get(at.parent)
        return at.path if at is not None else ""

    def key(self, line: Line) -> tuple[str, str]:
        """Return what tells a row's school from others: the district's path, and the name."""
        at = self.districts.get(line.district)
        return (at.path if at is not None else line.district), line.school


@dataclass(slots=True)
class Plan:
    """What each row adds, by its number; rows with faults add nothing."""

    lines: Sequence[Line]
    added: dict[int, list[Unit]] = field(default_factory=dict)

    @property
    def units(self) -> list[Unit]:
        """Return all nodes to be added, parents before children."""
        return [unit for line in self.lines for unit in self.added.get(line.row, [])]

    def count(self, kind: str) -> int:
        """Return how many nodes of a kind are added."""
        return sum(unit.kind == kind for unit in self.units)


def plan(lines: Sequence[Line], known: Tree, actor: Actor) -> Plan:
    """Return what rows add; faults are noted in them. The tree takes the planned nodes in."""
    made, seen = Plan(lines), dict[tuple[str, str, str, int, int], int]()
    stages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in lines:
        stages[known.key(line)].add(line.stage)
    for line in lines:
        _check(line, known, actor)
        _once(line, known, seen)
        if not line.faults:
            made.added[line.row] = list(_nodes(line, known, stages[known.key(line)]))
    return made


def _check(line: Line, known: Tree, actor: Actor) -> None:
    """Note what does not fit the tree, or the places somebody looks after."""
    at = known.districts.get(line.district)
    if at is None:
        if line.district:
            names = " ".join(dict.fromkeys(u.name for u in known.districts.values()))
            line.wrong("district", "unknown_district", value=line.district, allowed=names)
        return
    street = _street(line, known, at)
    schools = known.by_name.get(("school", at.path, line.school), [])
    if len(schools) > 1:
        line.wrong("school", "school_several", value=line.school)
    school = schools[0] if schools else None
    parent = school or street or at
    if not actor.may(EDIT, parent.path, ""):
        line.wrong("school", "outside", value=line.school)
    if parent.archived_at is not None:
        line.wrong("school", "archived", value=parent.name)
    if (
        school is not None
        and grades.words().grades.get(school.stage or "")
        and (school.stage != line.stage)
    ):
        line.wrong("stage", "stage_differs", value=grades.words().stages[school.stage or ""])


def _street(line: Line, known: Tree, district: Unit) -> Unit | None:
    if not line.street:
        return None
    found = known.by_name.get(("street", district.path, line.street), [])
    if len(found) != 1:
        line.wrong("street", "unknown_street", value=line.street)
        return None
    return found[0]


def _once(line: Line, known: Tree, seen: dict[tuple[str, str, str, int, int], int]) -> None:
    """Note a class that an earlier row has named already."""
    for number in range(line.first, line.last + 1):
        key = (*known.key(line), line.stage, line.entry_year, number)
        first = seen.setdefault(key, line.row)
        if first != line.row:
            line.wrong("number", "class_twice", row=first)


def _nodes(line: Line, known: Tree, stages: set[str]) -> Iterable[Unit]:
    """Yield the nodes of a row that are not there yet."""
    district = known.districts[line.district]
    schools = known.by_name.get(("school", district.path, line.school), [])
    if schools:
        school = schools[0]
    else:
        street = known.by_name.get(("street", district.path, line.street), [])
        school = _school(line, known, street[0] if street else district, stages)
        yield school
    words = grades.words()
    grade = known.cohorts.get((school.path, line.stage, line.entry_year, 0))
    if grade is None:
        slug = str(line.entry_year)
        slug = slug if words.grades.get(school.stage or "") else f"{line.stage}-{slug}"
        name = words.labels["cohort"].format(year=line.entry_year)
        grade = Unit(f"{school.path}/{slug}", school.path, "grade", name, line.stage,
                     line.entry_year)  # fmt: skip
        known.put(grade)
        yield grade
    for number in range(line.first, line.last + 1):
        if (grade.path, line.stage, line.entry_year, number) not in known.cohorts:
            name = words.labels["number"].format(number=number)
            made = Unit(f"{grade.path}/{number}", grade.path, "class", name, line.stage,
                        line.entry_year, number)  # fmt: skip
            known.put(made)
            yield made


def _school(line: Line, known: Tree, parent: Unit, stages: set[str]) -> Unit:
    """Return a new school, numbered below its parent."""
    number = known.counts[parent.path] + 1
    while f"{parent.path}/school-{number}" in known.units:
        number += 1
    stage = line.stage if len(stages) == 1 else "joint"
    path = f"{parent.path}/school-{number}"
    made = Unit(path, parent.path, "school", line.school, stage)
    assert scope.contains(parent.path, path)
    known.put(made)
    return made
