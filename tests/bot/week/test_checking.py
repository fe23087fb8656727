"""What a story must not hold, and what somebody looks at twice."""

import pytest

from bot.week import checking


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("电话13812345678", "phone"),
        ("打 138 1234 5678 找我", "phone"),
        ("１３８１２３４５６７８", "phone"),
        ("020-83331234", "phone"),
        ("证件440106199001011234", "identity"),
        ("44010619900101123X", "identity"),
        ("看 https://x.example", "address"),
        ("外婆的缝纫机，1978 年买的", ""),
        ("编号 123456789012", ""),
    ],
)
def test_numbers_and_addresses_are_refused_at_once(text, why):
    assert checking.refused("标题", text) == why


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我女儿叫陈小红，今年八岁", ["child_name"]),
        ("孩子名叫李明", ["child_name"]),
        ("示范小学三年级2班", ["school"]),
        ("加我微信聊", ["contact"]),
        ("优惠课程顾问", ["selling"]),
        ("奶奶的一封信", []),
        ("儿子叫我慢点走", ["child_name"]),  # looked at twice rather than missed
    ],
)
def test_names_and_schools_are_looked_at_twice(text, found):
    assert checking.doubts(text, photos=0) == found
    assert checking.doubts(text, photos=1) == [*found, "photo"]
