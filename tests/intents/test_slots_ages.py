from __future__ import annotations

import pytest

from intents import slots
from knowledge import text


@pytest.fixture(scope="module")
def ages():
    return slots.load_ages()


@pytest.mark.parametrize(
    ("message", "bands"),
    [
        ("孩子四岁半不肯吃饭", ("a3_6",)),
        ("三年級的孩子", ("p_low",)),
        ("小四開始", ("p_high",)),
        ("初一成績下滑", ("junior",)),
        ("高三壓力大", ("senior",)),
        ("18个月不会说话", ("a0_3",)),
        ("两岁多还不说话", ("a0_3",)),
        ("十三岁", ("junior",)),
        ("十一岁半", ("p_high",)),
        ("虚岁七岁", ("p_low",)),
        ("7年级", ("junior",)),
        ("幼升小要准备什么", ("a3_6",)),
        ("大班六岁", ("a3_6",)),
        ("儿子12岁", ("junior",)),
        ("我大女儿三年级，小儿子小班", ("p_low", "a3_6")),
        ("一个五岁一个九岁", ("a3_6", "p_high")),
        ("老大三年级老二四岁", ("p_low", "a3_6")),
        ("3岁2个月", ("a3_6",)),
        ("3到6岁的课程", ("a3_6",)),
        ("6-12岁", ("p_low", "p_high")),
        ("32岁妈妈，孩子1岁", ("a0_3",)),
        ("宝宝三个月了", ("a0_3",)),
        ("七八岁", ("p_low",)),
        ("十二三岁", ("junior",)),
        ("升小一嘅仔", ("p_low",)),
        ("中一嘅細路", ("junior",)),
        ("三年纪", ("p_low",)),
        ("中考生", ("junior",)),
        ("高考生家長", ("senior",)),
        ("小升初", ("p_high",)),
        ("初中班主任说的", ("junior",)),
        ("幼稚園低班", ("a3_6",)),
        ("虚岁三岁", ("a0_3",)),
        ("三岁以下", ("a0_3",)),
        ("半岁", ("a0_3",)),
        ("三四年级", ("p_low", "p_high")),
        ("虚岁十三", ("junior",)),
        ("虚龄快八了", ("p_low",)),
        ("毛岁是4", ("a3_6",)),
        ("啱啱岁半", ("a0_3",)),
        ("四岁零三个月", ("a3_6",)),
        ("六岁又两个月", ("p_low",)),
        ("职高一年级", ("senior",)),
    ],
)
def test_ages_and_grades_give_bands_in_order(ages, message, bands):
    assert ages.find(text.normalise(message)) == bands


@pytest.mark.parametrize(
    "message",
    [
        "孩子写作业磨蹭",
        "妈妈35岁",
        "等了三个小时",
        "二十岁的弟弟",
        "其中一个孩子",
        "抑郁三个月了",
        "大年初一",
        "他比我高一点",
        "群中二十个人",
        "家中三口人",
        "休学三个月",
        "百日誓师",
        "小班制教学好吗",
        "老公找小三",
        "爷爷七十岁",
        "压岁钱怎么管",
        "三班的老师",
        "百岁半",
    ],
)
def test_what_is_no_childs_age_gives_nothing(ages, message):
    assert ages.find(text.normalise(message)) == ()
    assert ages.find_grades(text.normalise(message)) == ()


@pytest.mark.parametrize(
    ("message", "grades"),
    [
        ("一年级", ("p1",)),
        ("小一", ("p1",)),
        ("升小一", ("p1",)),
        ("二年紀", ("p2",)),
        ("小三學生", ("p3",)),
        ("四年级", ("p4",)),
        ("5年级", ("p5",)),
        ("小六", ("p6",)),
        ("初一", ("j1",)),
        ("中一", ("j1",)),
        ("啱啱升中一", ("j1",)),
        ("升小二", ("p2",)),
        ("八年级", ("j2",)),
        ("初3", ("j3",)),
        ("高一", ("s1",)),
        ("高2", ("s2",)),
        ("中六", ("s3",)),
        ("小班", ("k1",)),
        ("中班", ("k2",)),
        ("幼儿园大班", ("k3",)),
        ("托班", ("k0",)),
        ("大女儿三年级，小儿子小班", ("p3", "k1")),
        ("初中二年级和高一", ("j2", "s1")),
        ("五岁", ()),
        ("三（6）班", ("p3",)),
        ("七(12)班", ("j1",)),
        ("四 二 班", ("p4",)),
        ("大（2）班", ("k3",)),
        ("中二班", ("k2",)),
        ("中二班主任", ("j2",)),
        ("四五年级都可以听", ("p4", "p5")),
        ("1-3年级", ("p1", "p2", "p3")),
        ("五到七年级", ("p5", "p6", "j1")),
        ("四升五年级", ("p4", "p5")),
        ("11年级", ("s2",)),
        ("初一和三年级", ("j1", "p3")),
    ],
)
def test_grades_are_found_in_order(ages, message, grades):
    assert ages.find_grades(text.normalise(message)) == grades
