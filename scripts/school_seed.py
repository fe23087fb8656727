"""A parent school of a few weeks, for the pictures of its staff pages; every parent is invented."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import insert

from bot.analytics import funnel_job
from bot.awards import issuing
from bot.calendar import store
from bot.courses import seeding
from bot.org import tree
from bot.org.tree import Unit
from bot.people.actor import Actor
from bot.people.code_tables import codes
from bot.school import sessions
from bot.school.learner_tables import enrolments
from bot.school.session_tables import check_ins, signups
from bot.school.sessions import Made
from bot.teaching import planning, term_report, terms
from bot.teaching.tables import items
from tests.bot.analytics.test_funnel import parents, taken
from tests.support import families, teaching, world
from tests.support.office import Office
from tests.support.places import CLASS, OTHER_CLASS, SCHOOL

COURSE = "homework-rhythm"
_FIRST, _LAST = date(2026, 8, 31), date(2027, 1, 22)


#: Title, minutes from now, place, kind, capacity, words.
_SESSIONS = (
    ("作业拖拉怎么办", -10, "报告厅", "onsite", 40, "带上孩子这周的一份作业。"),
    ("放学先问开心事", 60 * 24, "正门", "gate", 0, ""),
    ("周末亲子手工", 60 * 24 * 4, "二楼活动室", "activity", 20, "材料学校准备。"),
)


async def fill(office: Office, actor: Actor) -> dict[str, int]:
    """Fill an empty database; returns the numbers that stand in addresses."""
    rt = office.rt
    async with rt.db.write() as tx:
        await seeding.seed(rt, tx)
        await store.seed(tx, rt.clock.now())
    await teaching.second_class(rt)
    await _learners(office)
    made = {"session": await _session(office), "plan": await _term(office, actor)}
    await teaching.offer(rt, actor=actor, starts="2026-12-01 15:30", count=4)
    await funnel_job.count_funnel(rt)
    return made


async def _learners(office: Office) -> None:
    """Write families who learn: in the class of the pictures, in the school, elsewhere."""
    rt, now = office.rt, office.clock.now()
    await teaching.households(rt, CLASS, 31, learned=14)
    await teaching.households(rt, OTHER_CLASS, 26, learned=11)
    here = []
    for n in range(2, 10):
        unit = Unit(f"{SCHOOL}/2025/{n}", f"{SCHOOL}/2025", "class", f"{n}班", "primary", 2025, n)
        async with rt.db.write() as tx:
            await tree.add(tx, unit, now)
        here += parents(27 + n, unit.path, f"a{n}", wants=("lessons",))
    there = parents(140, "", "b", scene="unit:gz/yuexiu/dongshan-1")
    more = [
        one
        for n, path in enumerate(("haizhu", "liwan", "baiyun", "panyu"))
        for one in parents(40 + 20 * n, "", f"d{n}", scene=f"unit:gz/{path}")
    ]
    await families.write(rt.db, [*here, *there, *more])
    learners = [*here[:120], *there[:70], *more[::3]]
    rows = [taken(one, COURSE, now, finished=n % 2 == 0) for n, one in enumerate(learners)]
    finished = [(r["account"], r["openid"]) for r in rows if r["finished_at"]]
    async with rt.db.write() as tx:
        await tx.execute(insert(enrolments), rows)
        await issuing.issue(rt, tx, finished[:60])
        await tx.execute(insert(codes).values(
            scene=f"class:{CLASS}", ticket="t", url="http://weixin.qq.com/q/02example",
            permanent=True, area=CLASS, name="", made_at=now, made_by=1,
        ))  # fmt: skip


async def _session(office: Office) -> int:
    """Add an on-site class that is on, with seats taken, and two that are to come."""
    rt, now = office.rt, office.clock.now()
    async with rt.db.write() as tx:
        made = [
            await sessions.add(tx, Made(
                area=SCHOOL, title=title, starts_at=now + timedelta(minutes=minutes), minutes=60,
                place=place, programme="", kind=kind, capacity=capacity, text=text,
            ), by=1, now=now)
            for title, minutes, place, kind, capacity, text in _SESSIONS
        ]  # fmt: skip
        people = [(world.ACCOUNT, teaching.openid(CLASS, n)) for n in range(26)]
        for table, more, count in (
            (signups, {"state": "going"}, 26), (check_ins, {"way": "code", "is_late": 0}, 17),
        ):  # fmt: skip
            await tx.execute(insert(table), [
                {"session": made[0], "account": a, "openid": o, "at": now} | more
                for a, o in people[:count]
            ])  # fmt: skip
    return made[0]


async def _term(office: Office, actor: Actor) -> int:
    rt = office.rt
    async with rt.db.write() as tx:
        unit = await tree.get(tx, SCHOOL)
        number = await planning.begin(
            rt, tx, actor, unit, title="2026 学年上学期", first=_FIRST, last=_LAST,
            template="standard",
        )  # fmt: skip
        await tx.execute(items.update().where(items.c.kind == "onsite").values(place="报告厅"))
    async with rt.db.write() as tx:
        plan = await terms.one(tx, actor, number)
        await planning.publish(rt, tx, actor, plan, revision=1)
        assert (await term_report.of(rt, tx, plan)).households
    return number
