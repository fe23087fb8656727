"""The menu validator."""

import pytest

from bot.sandbox import menu
from bot.sandbox.errors import ApiError

CLICK = {"type": "click", "name": "问", "key": "K"}


def view(url="https://example.com/", name="课"):
    return {"type": "view", "name": name, "url": url}


def below(*items):
    return {"button": [{"name": "更多", "sub_button": list(items)}]}


def test_a_good_menu_passes():
    buttons = menu.check({"button": [CLICK, *below(CLICK, view())["button"]]}, 3)
    assert [b["name"] for b in menu.leaves(buttons)] == ["问", "问", "课"]
    assert menu.live(buttons)["button"][1]["sub_button"]["list"][0] == CLICK


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ({}, 40016),
        ({"button": []}, 40016),
        ({"button": [CLICK] * 4}, 40016),
        ({"button": [{**CLICK, "type": "jump"}]}, 40017),
        ({"button": [{**CLICK, "name": "问" * 6}]}, 40018),
        ({"button": [{**CLICK, "name": ""}]}, 40018),
        ({"button": [{**CLICK, "key": "k" * 129}]}, 40019),
        ({"button": [view("https://e.com/" + "x" * 1024)]}, 40020),
        ({"button": [view("javascript:1")]}, 40055),
        (below(*[CLICK] * 6), 40023),
        (below({**CLICK, "type": ""}), 40024),
        (below({**CLICK, "name": "问" * 21}), 40025),
        (below({**CLICK, "key": ""}), 40026),
        (below(view("")), 40027),
        (below(view("ftp://x")), 40054),
        (below({**CLICK, "sub_button": [CLICK]}), 40022),
        (
            {
                "button": [view(f"https://{n}.cn/") for n in "abc"][:2]
                + below(view("https://c.cn/"), view("https://d.cn/"))["button"]
            },
            65316,
        ),
    ],
)
def test_a_broken_rule_has_its_code(shape, code):
    with pytest.raises(ApiError) as refused:
        menu.check(shape, 3)
    assert refused.value.code == code


async def test_a_menu_is_published_read_and_removed(sandbox):
    shape = {"button": [CLICK]}
    assert (await sandbox.wx("/cgi-bin/menu/create", shape))["errcode"] == 0
    assert await sandbox.wx("/cgi-bin/menu/get") == {"menu": shape}
    live = await sandbox.wx("/cgi-bin/get_current_selfmenu_info")
    assert live == {"is_menu_open": 1, "selfmenu_info": shape}
    await sandbox.wx("/cgi-bin/menu/delete")
    assert (await sandbox.wx("/cgi-bin/menu/get"))["errcode"] == 46003
