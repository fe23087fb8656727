"""The form of the account: every fault by field and key, and the former values kept."""

import pytest

from bot.ops import account_form, finding
from bot.ops.account import Account

KEY, OTHER = "a" * 42 + "A", "b" * 42 + "A"
NOTHING = Account({"mode": "safe"}, frozenset())


def faults(given, current=NOTHING):
    with pytest.raises(account_form.AccountFaulty) as caught:
        account_form.check(current, given)
    return caught.value.faults


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        ("token", "ab", "field.form"),
        ("token", "一二三四", "field.form"),
        ("token", "a" * 33, "field.form"),
        ("token", "Token", "field.example"),
        ("previous_token", "a b c", "field.form"),
        ("aes_key", "short", "field.form"),
        ("previous_aes_key", "a" * 42 + "+", "field.form"),
        ("app_id", "wx", "field.form"),
        ("app_secret", "with space", "field.form"),
        ("account_id", "wx123", "field.form"),
        ("mode", "secret", "field.form"),
        ("colour", "red", "field.unknown"),
    ],
)
def test_a_wrong_field_is_named_with_a_key_that_has_a_sentence(name, text, key):
    assert faults({"mode": "plain", name: text})[name] == key
    assert finding.sentence(key, {}, "zh")


def test_all_faults_come_at_once():
    assert set(faults({"token": "ab", "aes_key": "x", "mode": "no"})) == {
        "token",
        "aes_key",
        "mode",
    }


def test_a_token_needs_a_key_unless_the_mode_is_plain():
    assert faults({"token": "goodTOKEN"}) == {"aes_key": "field.needed"}
    assert account_form.check(NOTHING, {"token": "goodTOKEN", "mode": "plain"})


def test_what_the_environment_sets_cannot_be_changed():
    current = Account({"mode": "safe", "app_id": "wxold1"}, frozenset({"app_id"}))
    assert faults({"app_id": "wxnew1"}, current) == {"app_id": "field.fixed"}
    assert account_form.check(current, {"app_id": "wxold1"}) == {}


def test_only_what_has_changed_is_saved_without_blanks_around():
    current = Account({"mode": "plain", "token": "oldTOKEN"}, frozenset())
    assert account_form.check(current, {"token": "oldTOKEN", "app_id": " wxnew1 "}) == {
        "app_id": "wxnew1"
    }


def test_a_rotation_keeps_the_former_token_and_key():
    current = Account({"mode": "safe", "token": "oldTOKEN", "aes_key": KEY}, frozenset())
    assert account_form.check(current, {"token": "newTOKEN", "aes_key": OTHER}) == {
        "token": "newTOKEN",
        "previous_token": "oldTOKEN",
        "aes_key": OTHER,
        "previous_aes_key": KEY,
    }
    given = {"token": "newTOKEN", "previous_token": ""}
    assert "previous_token" not in account_form.check(current, given)


def test_no_fault_repeats_a_secret():
    with pytest.raises(account_form.AccountFaulty) as caught:
        account_form.check(NOTHING, {"app_secret": "MARK secret", "token": "MARK token"})
    assert "MARK" not in str(caught.value)
