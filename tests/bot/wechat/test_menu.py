import pytest

from bot.errors import InvalidInput
from bot.wechat import menu
from bot.wechat.menu import Button, Menu

ITEM = Button("帮助", key="HELP")


def test_the_shipped_menu_is_valid_and_shows_in_full():
    shipped = menu.load()
    for column in shipped.buttons:
        assert len(column.name) <= 4
        assert all(len(item.name) <= 8 for item in column.items)


def test_the_shipped_questions_stand_for_a_parent_s_words():
    questions = menu.load().questions()
    assert len(questions) == 7
    assert all(words.strip() for words in questions.values())
    assert "asks" not in str(menu.load().as_api())


def test_a_menu_is_published_in_the_platform_s_form():
    wanted = Menu((Button("我的", items=(ITEM, Button("网站", url="https://a.example/"))), ITEM))
    assert wanted.as_api() == {
        "button": [
            {
                "name": "我的",
                "sub_button": [
                    {"type": "click", "name": "帮助", "key": "HELP"},
                    {"type": "view", "name": "网站", "url": "https://a.example/"},
                ],
            },
            {"type": "click", "name": "帮助", "key": "HELP"},
        ]
    }


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (Menu(()), "button: must have 1 to 3"),
        (Menu((ITEM,) * 4), "button: must have 1 to 3"),
        (Menu((Button("我的", items=(ITEM,) * 6),)), r"button\[0\].sub_button"),
        (
            Menu((Button("六个汉字超长", key="A"),)),
            r"button\[0\].name: must have 1 to 16 bytes, has 18",
        ),
        (Menu((Button("", key="A"),)), r"button\[0\].name"),
        (
            Menu((Button("我", items=(Button("字" * 21, key="A"),)),)),
            r"button\[0\].sub_button\[0\].name",
        ),
        (Menu((Button("我", key=""),)), r"button\[0\].key"),
        (Menu((Button("我", key="K" * 129),)), r"button\[0\].key"),
        (Menu((Button("我", key="帮助"),)), r"button\[0\].key: only letters"),
        (Menu((Button("我", url="javascript:alert(1)"),)), r"button\[0\].url"),
        (Menu((Button("我", url="https:///x"),)), r"button\[0\].url"),
        (Menu((Button("我", url="https://a/" + "x" * 1024),)), r"button\[0\].url"),
        (Menu((Button("我", items=(Button("a", items=(ITEM,)),)),)), "only two levels"),
        (
            Menu(
                (
                    Button(
                        "我",
                        items=tuple(Button("a", url=f"https://{n}.example/") for n in range(4)),
                    ),
                )
            ),
            "3 domains",
        ),
    ],
)
def test_a_limit_of_the_platform_is_named_with_its_field(broken, field):
    with pytest.raises(InvalidInput, match=field):
        menu.check(broken)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "button"),
        ("[]", "button"),
        ("button: []", "button"),
        ("button: 1", "must be a list"),
        ("button: []\nother: 1", "nothing else"),
        ("button: [{name: a, key: A, colour: red}]", "may hold only"),
        ("button: [{name: a}]", "exactly one"),
        ("button: [{name: a, key: A, url: 'https://a/'}]", "exactly one"),
        ("button: [{name: 1, key: A}]", r"button\[0\].name: must be a text"),
        ("button: [{name: a, url: 'https://a/', asks: x}]", "asks"),
        ("button: [{name: a, sub_button: []}]", r"button\[0\].key|sub_button"),
    ],
)
def test_a_file_that_is_no_menu_is_refused(tmp_path, text, field):
    path = tmp_path / "menu.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=field):
        menu.load(path)


def test_the_service_s_address_is_put_into_urls(tmp_path):
    path = tmp_path / "menu.yaml"
    path.write_text("button: [{name: a, url: '{site}/courses'}]", encoding="utf-8")
    loaded = menu.load(path, site="https://bot.example/")
    assert loaded.buttons[0].url == "https://bot.example/courses"


LIVE = {
    "is_menu_open": 1,
    "selfmenu_info": {
        "button": [
            {"type": "click", "name": "今日", "key": "TODAY"},
            {
                "name": "更多",
                "sub_button": {
                    "list": [
                        {"type": "view", "name": "网站", "url": "https://a.example/"},
                        {"type": "scancode_push", "name": "扫码", "key": "S"},
                    ]
                },
            },
        ]
    },
}


def test_a_live_menu_is_read_in_both_forms():
    wanted = Menu((Button("今日", key="TODAY"), Button("更多", items=(ITEM,))))
    assert menu.from_live({"menu": wanted.as_api()}) == wanted
    live = menu.from_live(LIVE)
    assert live.buttons[0] == Button("今日", key="TODAY")
    assert live.buttons[1].items[1] == Button("扫码", other="scancode_push")
    assert menu.from_live({"is_menu_open": 0}) == menu.from_live({}) == Menu(())


def test_equal_menus_have_no_difference():
    shipped = menu.load()
    assert menu.diff(menu.from_live({"menu": shipped.as_api()}), shipped) == []


def test_differences_are_one_line_each():
    wanted = Menu(
        (Button("今天", key="TODAY"), Button("更多", items=(Button("帮助", key="HELP"),)))
    )
    assert menu.diff(menu.from_live(LIVE), wanted) == [
        "~ 1 name: 今日 → 今天",
        "+ 2/1 key: HELP",
        "~ 2/1 name: 网站 → 帮助",
        "- 2/1 url: https://a.example/",
        "- 2/2 name: 扫码",
        "- 2/2 type: scancode_push",
    ]
