from bot.wechat import replay
from bot.wechat.replay import Replays


def test_a_new_signature_and_its_retries_pass():
    replays = Replays(300)
    assert replays.is_first_or_same("5" * 40, "1", b"body", 0)
    assert replays.is_first_or_same("5" * 40, "1", b"body", 5)


def test_a_known_signature_with_another_body_or_timestamp_does_not():
    replays = Replays(300)
    replays.is_first_or_same("5" * 40, "1", b"body", 0)
    assert not replays.is_first_or_same("5" * 40, "1", b"other", 5)
    assert not replays.is_first_or_same("5" * 40, "11", b"body", 5)
    assert replays.is_first_or_same("5" * 40, "1", b"body", 5)


def test_a_signature_is_remembered_as_long_as_it_is_good():
    replays = Replays(300)
    replays.is_first_or_same("ea" * 20, "1", b"body", 700)
    replays.is_first_or_same("5" * 40, "1", b"body", 1250)
    for second in range(1300, 1850, 50):
        replays.is_first_or_same(f"{second:040d}"[::-1], "1", b"", second)
        assert not replays.is_first_or_same("5" * 40, "1", b"other", second)


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(replay, "GENERATION_MAX", 10)
    replays = Replays(300)
    for number in range(1000):
        replays.is_first_or_same(f"{number:040d}"[::-1], "1", b"", 0)
        assert len(replays._new) + len(replays._old) <= 20
    assert not replays.is_first_or_same(f"{999:040d}"[::-1], "1", b"other", 0)
