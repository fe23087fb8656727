"""The threshold of pins.yaml on questions that are meant and questions that are not."""

import pytest

from bot.library import pins
from knowledge.clusters import vector_of
from knowledge.fit import fit
from tests.support import world

PHRASINGS = ("停课", "番禺停课", "明天停课吗", "学校是不是要停课", "听说学校要停课是真的吗")
MEANT = (
    "番禺是不是要停课", "明天停课吗", "听讲番禺啲学校听日停课系咪真㗎", "停课通知是真的吗",
    "群里说番禺所有小学下周停课，是谣言吗", "要停课?", "请问学校停课到什么时候", "停课",
)  # fmt: skip
OTHERS = (
    "孩子不想上学怎么办", "孩子下课不做作业", "番禺积分入学怎么办理", "番禺有哪些家庭教育服务站",
    "孩子玩手机停不下来", "孩子上课走神怎么办", "停电了孩子怕黑", "课外班要不要停",
    "兴趣班停了要不要继续上课", "番禺区小学学位", "暑假什么时候开始", "明天要上课吗",
)  # fmt: skip


@pytest.fixture(scope="module")
def best():
    index = fit(world.small_base())
    own = frozenset(vector_of(index, "番禺区"))
    listed = [vector_of(index, p) for p in PHRASINGS]
    return lambda words: max(pins.fit(vector_of(index, words), p, own) for p in listed)


@pytest.mark.parametrize("words", MEANT)
def test_what_is_meant_is_found(best, words):
    assert best(words) >= pins.numbers()["least"]


@pytest.mark.parametrize("words", OTHERS)
def test_what_is_not_meant_is_left_alone(best, words):
    assert best(words) < pins.numbers()["least"]


def test_the_threshold_lies_in_a_gap(best):
    least, most = min(map(best, MEANT)), max(map(best, OTHERS))
    assert least - most > 0.09, (least, most)


def test_a_phrasing_of_the_places_name_alone_fits_nothing(best):
    assert pins.fit({1: 1.0}, {1: 1.0}, {1}) == 0.0
