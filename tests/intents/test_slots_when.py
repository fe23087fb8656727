from __future__ import annotations

import pytest

from intents.slots import when
from knowledge import text


@pytest.fixture(scope="module")
def known():
    return when.load_when()


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("今天", {"days": 0}),
        ("聽日", {"days": 1}),
        ("後天", {"days": 2}),
        ("大后天", {"days": 3}),
        ("今晚", {"days": 0, "part": "evening"}),
        ("聽晚", {"days": 1, "part": "evening"}),
        ("明早", {"days": 1, "part": "morning"}),
        ("周三", {"weekday": 3, "weeks": 0}),
        ("礼拜三", {"weekday": 3, "weeks": 0}),
        ("星期日", {"weekday": 7, "weeks": 0}),
        ("禮拜天", {"weekday": 7, "weeks": 0}),
        ("下周三", {"weekday": 3, "weeks": 1}),
        ("下个星期五", {"weekday": 5, "weeks": 1}),
        ("下下周一", {"weekday": 1, "weeks": 2}),
        ("这周末", {"weekday": 6, "weeks": 0}),
        ("下周", {"weekday": 1, "weeks": 1}),
        ("五月十号", {"month": 5, "day": 10}),
        ("5月10日", {"month": 5, "day": 10}),
        ("5/10", {"month": 5, "day": 10}),
        ("10号", {"day": 10}),
        ("廿三號", {"day": 23}),
        ("三十一号", {"day": 31}),
    ],
)
def test_days_are_read(known, message, value):
    assert known.find(text.level(message)).to_json() == value


@pytest.mark.parametrize(
    ("message", "hour", "minute"),
    [
        ("晚上七点半", 19, 30),
        ("七点一刻", 7, 15),
        ("七点三刻", 7, 45),
        ("19:30", 19, 30),
        ("晚8点", 20, 0),
        ("朝早九点", 9, 0),
        ("夜晚七點", 19, 0),
        ("下午3点", 15, 0),
        ("中午12点", 12, 0),
        ("中午一点", 13, 0),
        ("上午十点二十", 10, 20),
        ("八點鐘", 8, 0),
        ("20点", 20, 0),
        ("凌晨两点", 2, 0),
        ("晏晝兩點半", 14, 30),
        ("晚上十点四十五分", 22, 45),
        ("１９：３０", 19, 30),
        ("早上七点提醒我", 7, 0),
        ("每天晚上8点半", 20, 30),
    ],
)
def test_hours_are_read(known, message, hour, minute):
    found = known.find(text.level(message))
    assert (found.hour, found.minute) == (hour, minute)


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("明天晚上八点", {"days": 1, "hour": 20, "minute": 0}),
        ("听日朝早九点", {"days": 1, "hour": 9, "minute": 0}),
        ("今晚七点半", {"days": 0, "hour": 19, "minute": 30}),
        ("下周六上午9:00", {"weekday": 6, "weeks": 1, "hour": 9, "minute": 0}),
        ("12月31日晚上11点半", {"month": 12, "day": 31, "hour": 23, "minute": 30}),
        ("今晚12点", {"days": 1, "hour": 0, "minute": 0}),
        ("礼拜五晚黑", {"weekday": 5, "weeks": 0, "part": "evening"}),
        ("开学前", {"event": "term_start", "side": "before"}),
        ("放假后", {"event": "term_end", "side": "after"}),
        ("中考前", {"event": "zhongkao", "side": "before"}),
        ("高考完", {"event": "gaokao", "side": "after"}),
        ("暑假", {"event": "summer", "side": "on"}),
        ("寒假期间", {"event": "winter", "side": "on"}),
        ("国庆后", {"event": "national_day", "side": "after"}),
        ("宣传周", {"event": "week", "side": "on"}),
        ("一个小时后", {"minutes": 60}),
        ("半小时后", {"minutes": 30}),
        ("半個鐘頭之後", {"minutes": 30}),
        ("一个半小时后", {"minutes": 90}),
        ("十五分钟后", {"minutes": 15}),
        ("迟半小时提我", {"minutes": 30}),
        ("三天后", {"days": 3}),
        ("过两天", {"days": 2}),
        ("两周后", {"days": 14}),
        ("推迟到明天", {"days": 1}),
    ],
)
def test_days_with_hours_spans_and_events_are_read(known, message, value):
    assert known.find(text.level(message)).to_json() == value


@pytest.mark.parametrize(
    "message",
    [
        "",
        "好的",
        "一点都不听话",
        "有一点累",
        "早一点提醒我",
        "三点建议",
        "第三点",
        "孩子三年级",
        "等了三个小时",
        "10号线",
        "5号楼",
        "一周三次",
        "上周三",
        "生日",
        "选2：",
        "25:70",
        "两点看法",
        "13月45号",
        "二月三十号",
        "他三岁半",
    ],
)
def test_what_is_no_moment_gives_nothing(known, message):
    assert known.find(text.level(message)) is None
