import pytest

from knowledge.entry import AGES
from knowledge.errors import FileFault
from knowledge.topics import topics


def test_there_are_fourteen_tops_and_eighty_nine_leaves():
    assert len(topics()) == 89
    assert len({leaf.partition(".")[0] for leaf in topics()}) == 14
    assert len({t.top_name for t in topics().values()}) == 14


def test_every_leaf_has_a_name_of_its_own_a_risk_and_ages():
    found = topics().values()
    assert len({t.name for t in found}) == len(found)
    for topic in found:
        assert topic.risk in range(4), topic.id
        assert topic.ages, topic.id
        assert set(topic.ages) <= set(AGES), topic.id


def test_topics_that_hide_emergencies_carry_the_highest_risk():
    risky = {leaf for leaf, t in topics().items() if t.risk == 3}
    assert risky >= {"emo.low", "peer.bullied", "safe.sexabuse", "safe.dv", "media.safety"}


LEAF = "topics: {a: {name: 甲, leaves: {a.b: %s}}}"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("topics: [", r"_topics\.yaml:\d+: is not YAML"),
        (LEAF % "{name: 乙, risk: 0}", r"`a\.b` is not complete: 'ages'"),
        (LEAF % "{name: 乙, risk: high, ages: []}", r"`a\.b` is not complete"),
        (LEAF % "{name: 乙, risk: 0, ages: [old]}", r"`a\.b` names an unknown age band"),
    ],
)
def test_a_broken_file_is_named(tmp_path, content, problem):
    path = tmp_path / "_topics.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileFault, match=problem):
        topics(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileFault, match="cannot be read"):
        topics(tmp_path / "_topics.yaml")
