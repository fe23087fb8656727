"""No list of who has not learned exists: no page, file, API or command knows it to say.

A class of nine, four of whom have learned; then the other five have, and nothing anybody can open
may look different. So nobody can be named, and no count of fewer than ten can stand anywhere
(MISSION, E12 and first no. 8).
"""

import asyncio
import re
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from bot import app
from bot.analytics import funnel_job
from bot.analytics.tables import funnel
from bot.cli import bot
from bot.org import tree
from bot.people import roles
from tests.support import places, samples, world
from tests.support.fair import Fair
from tests.support.learners import NINE, learned, seed
from tests.support.office import CLASS, SCHOOL, TIANHE, Office

ROOT = Path(__file__).parents[2]
FOUR, FIVE = NINE[:4], NINE[4:]
#: Every name a page may ask for a place by; most pages know one of them.
ASKED = (
    {},
    {"path": CLASS, "unit": SCHOOL, "area": CLASS, "school": SCHOOL, "district": TIANHE},
)
#: Pages that may change with what nine parents did, each with the reason.
MAY_DIFFER = {
    "/audit": "it tells what we took to look at",
    "/audit/export": "the same",
    "/health": "it tells how large the database and how long ago a job was",
    "/second-factor/new": "a new secret every time",
}
#: What differs from one request to the next: tokens, numbers of faults, times of day.
_CHANGES = re.compile(r"[0-9a-f]{8,}|\d\d:\d\d(:\d\d)?|data-live-refresh=\"[^\"]*\"")
_PARTS = {"course": "homework-rhythm", "code": "LEARNERSESSION", "session": "900001"}
#: Ways to build a list of those who are missing from the rows of learning.
_MISSING = re.compile(
    r"not_in\(|notin_\(|~\s*(?:\w+\.)*exists\(|not_\(|except_\(|except_all\(|NOT EXISTS|NOT IN",
)
_LEARNING = re.compile(
    r"\b(enrolments|lesson_states|evidence|signups|check_ins|certificates"
    r"|enrolment|learning_evidence|session_signup|session_check_in)\b"
)
_PEOPLE = re.compile(r"\b(guardians|children|followers)\b")
#: Modules that know the families, the rows of learning and a way to tell who is missing; each with
#: what it needs that for. Nobody's row may leave them for a page.
MAY_MISS: dict[str, str] = {
    "bot/sessions/queries.py": "its `not_in` leaves out kinds of places, no families",
}


async def shown(office, browser, made):
    """Return everything the console shows to somebody who may do everything."""
    found = {}
    async with office.rt.db.write() as tx:
        await tx.execute(delete(funnel))
    await funnel_job.count_funnel(office.rt)
    for page, (n, query) in product(app.site(office.rt).pages, enumerate(ASKED)):
        path = samples.filled(page.path, made)
        if page.method == "GET" and page.path != "/logout":
            found[page.path, n] = text(await browser.get(path, **query))
        elif "export" in path:
            # XLSX is made of the same rows (tests/bot/analytics/test_export.py)
            found[page.path, n] = text(await browser.post(path, format="csv", **query))
    return found


def text(answer):
    return _CHANGES.sub("", answer.text)


def named(texts, rt):
    hidden = [one.openid for one in NINE] + [rt.pseudonyms.name(one.openid) for one in NINE]
    return sorted({where for where, words in texts.items() for who in hidden if who in words})


def different(before, after):
    return sorted({w for w in before if before[w] != after.get(w) and w[0] not in MAY_DIFFER})


async def test_the_console_looks_the_same_whoever_of_nine_has_learned(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    async with Office.open(given, base=True) as office:
        await office.units()
        made = await samples.make_all(office)
        await seed(office.rt)
        browser = await office.staff("everybody", *((r, "", "") for r in roles.load().roles))
        await learned(office.rt, FOUR)
        four = await shown(office, browser, made)
        await learned(office.rt, FIVE)
        five = await shown(office, browser, made)
        assert named(four | five, office.rt) == []
        assert different(four, five) == []
        assert sum("示范一小" in words for words in four.values()) > 3, "schools were looked at"
        assert await commands(given, office.rt) == []


async def commands(given, rt):
    """Return the commands that print a name of the nine; those that run for long are left out."""
    env = {"BOT_DATA": str(given.data), "BOT_DATABASE_URL": given.url}
    lists = (
        ("staff", "list"), ("audit", "verify"), ("backups",), ("fence",), ("privacy", "report"),
        ("privacy", "report", "--json"), ("doctor",), ("certificates", "keys"),
    )  # fmt: skip
    printed = {}
    for args in lists:
        ran = await asyncio.to_thread(CliRunner(env=env).invoke, bot, list(args))
        printed[args] = ran.output
    assert any("{" in words for words in printed.values()), "a report was printed"
    return named(printed, rt)


def test_every_command_that_prints_rows_is_among_those_looked_at():
    """A new command is either one of these, or it is run above."""
    print_no_rows = {
        "ask", "backup", "copy", "evaluate", "explain", "init", "knowledge", "menu", "migrate",
        "restore", "sandbox", "serve", "work",
    }  # fmt: skip
    looked_at = {"audit", "backups", "certificates", "doctor", "fence", "privacy", "staff"}
    assert set(bot.list_commands(None)) == print_no_rows | looked_at


async def test_a_parents_pages_look_the_same_whoever_else_of_the_class_has_learned(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    async with Fair.open(given) as fair:
        async with fair.rt.db.write() as tx:
            for unit in places.UNITS:
                await tree.add(tx, unit, fair.rt.clock.now())
        await seed(fair.rt)
        _, phone = await fair.phone()
        seen = []
        for who in (FOUR, FOUR, FIVE):
            await learned(fair.rt, who)
            seen.append(await opened(fair, phone))
        assert named(seen[1] | seen[2], fair.rt) == []
        assert different(seen[1], seen[2]) == []
        assert len(seen[1]) > 10


async def opened(fair, phone):
    """Return every page a parent who is logged in can open."""
    found = {}
    for page in app.parents_site(fair.rt).pages:
        if page.method == "GET" and "login" not in page.path and not page.purpose:
            path = re.sub(r"{(\w+)[^}]*}", lambda p: _PARTS.get(p[1], "1"), page.path)
            found[page.path, ""] = text(await phone.get(f"/h{path.removeprefix('/h')}"))
    return found


def modules():
    return sorted(p for p in (ROOT / "bot").rglob("*.py") if "migrations" not in p.parts)


def test_no_module_can_list_the_families_that_are_missing_from_the_rows_of_learning():
    found = {
        str(path.relative_to(ROOT))
        for path in modules()
        if all(r.search(path.read_text(encoding="utf-8")) for r in (_MISSING, _LEARNING, _PEOPLE))
    }
    assert found - MAY_MISS.keys() == set(), (
        "this can list who has not learned: count instead, or say in MAY_MISS why not"
    )
    assert MAY_MISS.keys() - found == set(), "no longer needed"


def test_outer_joins_from_families_to_learning_are_made_for_sums_alone():
    """Who is missing also shows as NULL behind an outer join: only the funnel's sums use one."""
    outer = re.compile(r"outerjoin\(|isouter|full=True")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if all(r.search(path.read_text(encoding="utf-8")) for r in (outer, _LEARNING, _PEOPLE))
    ]
    assert found == ["bot/analytics/funnel_counting.py"]


@pytest.mark.parametrize(
    "words",
    [
        "select(guardians).where(guardians.c.openid.not_in(select(enrolments.c.openid)))",
        "select(children).where(~exists(select(evidence)))",
        "SELECT openid FROM guardians WHERE NOT EXISTS (SELECT 1 FROM enrolment)",
    ],
)
def test_such_a_list_would_be_found(words):
    assert all(r.search(words) for r in (_MISSING, _LEARNING, _PEOPLE))
