from __future__ import annotations

import pytest
import yaml

from intents.errors import CatalogueError
from intents.slots import places
from knowledge import text


@pytest.fixture(scope="module")
def known():
    return places.load_places()


@pytest.mark.parametrize(
    ("message", "district", "street"),
    [
        ("天河区", "tianhe", None),
        ("越秀", "yuexiu", None),
        ("海珠區", "haizhu", None),
        ("荔灣", "liwan", None),
        ("白云区", "baiyun", None),
        ("黄埔", "huangpu", None),
        ("番禺", "panyu", None),
        ("花都", "huadu", None),
        ("南沙", "nansha", None),
        ("从化", "conghua", None),
        ("增城", "zengcheng", None),
        ("东山口附近", "yuexiu", None),
        ("芳村", "liwan", None),
        ("萝岗", "huangpu", None),
        ("江南西", "haizhu", None),
        ("珠江新城有站点吗", "tianhe", None),
        ("大学城", "panyu", None),
        ("我住棠下", "tianhe", "棠下街道"),
        ("天河区棠下街", "tianhe", "棠下街道"),
        ("車陂嗰邊", "tianhe", "车陂街道"),
        ("新塘", "zengcheng", "新塘镇"),
        ("天河新塘", "tianhe", "新塘街道"),
        ("新塘街道", "tianhe", "新塘街道"),
        ("市桥", "panyu", "市桥街道"),
        ("大石", "panyu", "大石街道"),
        ("番禺南村", "panyu", "南村镇"),
        ("狮岭镇", "huadu", "狮岭镇"),
        ("街口", "conghua", "街口街道"),
        ("荔城", "zengcheng", "荔城街道"),
        ("三元里", "baiyun", "三元里街道"),
        ("同和", "baiyun", "同和街道"),
        ("琶洲", "haizhu", "琶洲街道"),
        ("石基镇", "panyu", "石碁镇"),
        ("人和", "baiyun", "人和镇"),
        ("我在人和镇", "baiyun", "人和镇"),
        ("建设街道", "yuexiu", "建设街道"),
        ("白云区棠景街道办", "baiyun", "棠景街道"),
        ("增城区永宁", "zengcheng", "永宁街道"),
        ("荔湾龙津附近有吗", "liwan", "龙津街道"),
        ("越秀人民医院", "yuexiu", None),
        ("天河区前进", "tianhe", "前进街道"),
    ],
)
def test_a_place_gives_its_district_and_street(known, message, district, street):
    plain = text.normalise(message)
    found = known.street(plain)
    assert known.district(plain) == district
    assert found == street


@pytest.mark.parametrize(
    "message",
    [
        "老人和孩子怎么相处",
        "这是两种不同和相同的办法",
        "孩子捡了块大石头",
        "蓝天白云",
        "东山再起",
        "家庭建设",
        "孩子的进步和前进",
        "一家人和和气气",
        "北京",
        "我在北京工作",
        "深圳南山区",
        "新华字典怎么查",
        "凤凰传奇",
        "人民教育",
        "彩虹是怎么来的",
        "永和豆浆",
        "海珠广场",
        "泡温泉",
        "太平了",
        "孩子爱淘金币",
        "街道办在哪里",
        "镇上的学校",
        "不同德行",
    ],
)
def test_common_words_and_other_cities_are_no_place(known, message):
    plain = text.normalise(message)
    assert (known.district(plain), known.street(plain)) == (None, None)


def test_the_table_has_every_district_and_every_name_once(known):
    nodes = yaml.safe_load((places.FOLDER.parents[1] / "bot/org/units.yaml").read_text("utf-8"))
    slugs = {node["path"].partition("/")[2] for node in nodes} - {""}
    assert set(known.streets.values()) == slugs
    assert len(known.streets) == 176


def test_every_street_is_found_by_its_full_name(known):
    for street, district in known.streets.items():
        assert (known.district(street), known.street(street)) == (district, street)


def test_a_name_without_an_ending_and_a_name_twice_are_refused(write):
    folder = write("streets.yaml", "tianhe: 五山\n").parent
    write("places.yaml", (places.FOLDER / "places.yaml").read_text(encoding="utf-8"))
    with pytest.raises(CatalogueError, match="none of the endings"):
        places.load_places(folder)
    write("streets.yaml", "tianhe: 五山街道 五山街道\n")
    with pytest.raises(CatalogueError, match="a second time"):
        places.load_places(folder)
