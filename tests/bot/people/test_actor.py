"""What may be done where: the same in Python and in SQL, and nothing that is not granted."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, create_engine, insert, select

from bot.errors import NotAllowed
from bot.org import scope
from bot.people import roles
from bot.people.actor import Actor, Grant

#: Neighbours that a careless prefix would mix up.
PLACES = (
    "", "gz", "gz/tianhe", "gz/tianhe/a", "gz/tianhe/a/2024", "gz/tianhe/a/2024/3",
    "gz/tianhe-x", "gz/tianhe0", "gz/tianh", "gz/yuexiu", "gz2", "gz/tianhe/ab", "gz/tianhe.x",
    "gz/tianhe/a%", "gz/tianhe/a_b",
)  # fmt: skip
TOPICS = ("", "study", "study.reading", "study.read", "studyx", "media.game", "study_x")
ROWS = Table("row", MetaData(), Column("area", String), Column("topic", String))
PERMISSION = "entries.read"
GRANTS = st.lists(
    st.builds(
        Grant, st.sampled_from(["editor", "admin", "nobody"]), st.sampled_from(PLACES),
        st.sampled_from(TOPICS),
    ),
    max_size=3,
)  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    engine = create_engine("sqlite://")
    ROWS.metadata.create_all(engine)
    with engine.begin() as tx:
        every = [{"area": a, "topic": t} for a in PLACES for t in TOPICS]
        tx.execute(insert(ROWS), every)
    with engine.connect() as tx:
        yield tx
    engine.dispose()


def actor(*grants):
    return Actor(1, "chen", "陈", tuple(grants))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(GRANTS)
def test_the_condition_in_sql_says_what_python_says(rows, grants):
    who = actor(*grants)
    found = rows.execute(select(ROWS).where(who.sees(PERMISSION, ROWS.c.area, ROWS.c.topic)))
    expected = [(a, t) for a in PLACES for t in TOPICS if who.may(PERMISSION, a, t)]
    assert sorted(map(tuple, found)) == sorted(expected)


@given(st.sampled_from(PLACES), st.sampled_from(PLACES))
def test_a_place_contains_itself_and_its_steps_alone(area, path):
    steps = path.split("/")
    above = {"/".join(steps[:n]) for n in range(1, len(steps) + 1)} | {""}
    assert scope.contains(area, path) == (area in above)


def test_nothing_granted_nothing_seen(rows):
    assert rows.execute(select(ROWS).where(actor().sees(PERMISSION, ROWS.c.area))).all() == []
    assert not actor().may(PERMISSION)


def test_a_role_of_another_kind_gives_nothing():
    with pytest.raises(NotAllowed):
        actor(Grant("leader", "")).require(PERMISSION)


def test_what_holds_for_the_whole_city_is_read_but_not_changed_in_a_district(rows):
    who = actor(Grant("editor", "gz/tianhe/a", "study"))
    read = {tuple(r) for r in rows.execute(
        select(ROWS).where(who.reads(PERMISSION, ROWS.c.area, ROWS.c.topic))
    )}  # fmt: skip
    assert ("", "study.reading") in read
    assert ("gz/tianhe", "study") in read
    assert ("gz/yuexiu", "study") not in read
    assert ("", "media.game") not in read
    assert not who.may("entries.edit", "", "study")


def test_every_role_names_known_permissions_and_those_who_publish_need_a_second_factor():
    known = roles.load()
    risky = {"entries.publish", "dashboard.export", "staff.edit", "grants.approve", "gate.override",
             "tickets.answer", "ops.backup", "account.edit"}  # fmt: skip
    for role in known.roles.values():
        assert role.may <= known.permissions.keys()
        assert role.second_factor or not role.may & risky
    assert set().union(*(r.may for r in known.roles.values())) == known.permissions.keys()


def test_what_is_of_the_whole_installation_is_given_with_the_whole_city_alone():
    known = roles.load()
    for permission in known.whole:
        holders = [name for name, role in known.roles.items() if permission in role.may]
        assert holders
        for name in holders:
            assert actor(Grant(name, "")).may(permission)
            for part in (Grant(name, "gz/tianhe"), Grant(name, "gz"), Grant(name, "", "study")):
                assert not actor(part).may(permission)


@pytest.mark.parametrize("role", ["lead", "agent"])
def test_a_crisis_is_the_city_s_and_a_district_s(role):
    for wide in ("", "gz", "gz/tianhe"):
        assert actor(Grant(role, wide)).may("crisis.answer", "gz/tianhe")
    for narrow in ("gz/tianhe/shifan", "gz/tianhe/shifan/shifan-1"):
        assert not actor(Grant(role, narrow)).may("crisis.answer")
    assert not actor(Grant(role, "", "emo")).may("crisis.answer")


def test_only_leads_and_agents_answer_a_crisis():
    able = {name for name, role in roles.load().roles.items() if "crisis.answer" in role.may}
    assert able == {"agent", "lead"}
