"""Every code of WECHAT 5.1 to 5.4: the state it leaves the row in, and the sentence staff read."""

import pytest

from bot.delivery import reasons
from bot.delivery.order import Content
from bot.sandbox.faults import Fault
from tests.support import reaching, sending
from tests.support.reaching import Means

SEND = "/cgi-bin/message"
PULL = sending.PULL
#: Channel: its path, its content, and what a parent needs for it.
CHANNELS = {
    "custom": (f"{SEND}/custom/send", {"custom": reaching.WORDS}, Means(left=5, seconds=86_400)),
    "notice": (
        f"{SEND}/subscribe/bizsend",
        {"notice": {"template_id": reaching.ONE_OFF, "data": reaching.LESSON}},
        Means(notices=1),
    ),
    "template": (
        f"{SEND}/template/send",
        {"template": {"template_id": reaching.TEMPLATE, "data": reaching.START}},
        Means(),
    ),
    "mass": (f"{SEND}/mass/send", {"mass": reaching.WORDS}, Means()),
}
#: What becomes of the row by what the code is about. `paused`: nobody could get it, a person looks.
TABLE = {
    "custom": {
        "refused": (40003, 40008, 43004, 44004, 45002, 45008, 45015, 45047, 45050, 45086, 45098,
                    45099, 48002, 61451, 70000),
        "paused": (40007, 40200, 45087, 48001),
        "kept": (45009,),
        "planned": (45011,),
        "held": (-1,),
    },
    "notice": {
        "refused": (40003, 43101, 47003),
        "paused": (40037, 41030),
        "kept": (45009,),
        "held": (-1,),
    },
    "template": {
        "refused": (40003, 40008, 40039, 43004, 43101, 47003, 50005),
        "paused": (40013, 40036, 40037, 40165, 40246, 40247, 40249, 43116, 45027, 48001),
        "kept": (45009, 45026),
        "planned": (-1,),
    },
    "mass": {
        "refused": (40031, 40032, 40130, 40152, 45062, 45067, 45113),
        "paused": (45110, 45111, 48003, 48021, 48022),
        "kept": (45028,),
        "planned": (-1, 42010, 45066, 89504, 89505),
    },
}  # fmt: skip
CASES = [
    (channel, code, state)
    for channel, states in TABLE.items()
    for state, codes in states.items()
    for code in codes
]
#: Codes after which another channel is tried at once.
MOVING = [("custom", code) for code in (45009, 45015, 45047, 48002)] + [
    ("notice", code) for code in (43101, 45009)
]
#: Codes after which nothing else is tried: nothing reaches this parent.
NOBODY = (40003, 70000)


@pytest.fixture
async def office(sqlite_settings):
    given = sqlite_settings.model_copy(update={"template_messages": True})
    async with sending.opened(given) as opened:
        yield opened


async def refused(office, channel, code, **more):
    """Send a broadcast whose first channel answers a code."""
    path, content, means = CHANNELS[channel]
    await reaching.add(office, [means] * 2)
    office.platform.faults.api.append(Fault("error", path, code=code, times=0))
    number = await office.order(texts=(Content(pull=PULL, **content, **more),))
    await office.start(number)
    await office.send(number)
    found = await office.rows("SELECT state, reason, channel FROM delivery ORDER BY n")
    return [(row["state"], row["reason"], row["channel"]) for row in found]


@pytest.mark.parametrize(("channel", "code", "state"), CASES)
async def test_a_code_ends_in_its_state_with_its_sentence(office, channel, code, state):
    rows = await refused(office, channel, code)
    reason = f"wechat.{code}"
    if code == -1:
        reason = "again" if channel in ("template", "mass") else "unknown"
    is_paused = state == "paused"
    assert rows == [("planned" if is_paused else state, reason, channel)] * 2
    (order,) = await office.rows("SELECT stage, reason FROM broadcast")
    assert (order["stage"] == "paused") == is_paused
    assert order["reason"] == (reason if is_paused else "")
    said = reasons.of(office.rt, reason)
    assert said.text != reasons.of(office.rt, "no such key").text
    assert said.remedy
    assert "{" not in said.text + said.remedy


@pytest.mark.parametrize(("channel", "code"), MOVING)
async def test_where_one_channel_is_closed_the_next_is_tried(office, channel, code):
    more = {"template": CHANNELS["template"][1]["template"]}
    rows = await refused(office, channel, code, **more)
    assert rows == [("sent", "", "template")] * 2


@pytest.mark.parametrize("code", NOBODY)
async def test_who_cannot_be_reached_at_all_is_not_tried_again(office, code):
    more = {"template": CHANNELS["template"][1]["template"]}
    rows = await refused(office, "custom", code, **more)
    assert rows == [("refused", f"wechat.{code}", "custom")] * 2


@pytest.mark.parametrize("code", [43004, 50005, 46004])
async def test_who_does_not_follow_any_more_is_marked(office, code):
    await refused(office, "template", code)
    rows = await office.rows("SELECT follows FROM follower")
    assert not any(row["follows"] for row in rows)


@pytest.mark.parametrize(("code", "left"), [(45015, 0), (45047, 0), (44004, 5), (-1, 4)])
async def test_the_window_is_counted_by_what_the_platform_says(office, code, left):
    await refused(office, "custom", code)
    rows = await office.rows("SELECT window_left FROM reach")
    assert {row["window_left"] for row in rows} == {left}


@pytest.mark.parametrize(("code", "left"), [(43101, 0), (47003, 1), (-1, 0)])
async def test_an_acceptance_is_counted_by_what_the_platform_says(office, code, left):
    await refused(office, "notice", code)
    rows = await office.rows('SELECT "left" FROM notice_acceptance')
    assert {row["left"] for row in rows} == {left}


def test_every_reason_has_a_sentence_and_a_remedy(office):
    for key in reasons.known():
        said = reasons.of(office.rt, key)
        assert said.text, key
        assert said.remedy, key
