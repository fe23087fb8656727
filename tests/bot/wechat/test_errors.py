import pytest

from bot.errors import BotError
from bot.wechat import errors

RID = "6512a3c4-5d6e7f80-1a2b3c4d"
SEND = "https://api.weixin.qq.com/cgi-bin/message/custom/send"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (40001, errors.Retry),
        (42001, errors.Retry),
        (45011, errors.Retry),
        (43004, errors.Gone),
        (46004, errors.Gone),
        (48002, errors.Gone),
        (43101, errors.Gone),
        (70000, errors.Gone),
        (45009, errors.Quota),
        (45028, errors.Quota),
        (45015, errors.Refused),
        (45047, errors.Refused),
        (40164, errors.Refused),
        (47003, errors.Refused),
        (48001, errors.Refused),
        (-1, errors.Unknown),
        (268487001, errors.Unknown),
        (123456, errors.Refused),
    ],
)
def test_codes_are_sorted_by_what_the_sender_can_do(code, kind):
    error = errors.classify(code, f"text rid: {RID}", SEND)
    assert type(error) is kind
    assert isinstance(error, errors.WeChatError)
    assert isinstance(error, BotError)
    assert (error.code, error.answer.rid) == (code, RID)
    assert str(error) == f"message/custom/send answered {code} (rid {RID})"
    assert error.answer.meaning
    assert error.answer.remedy


def test_a_busy_platform_leaves_a_read_to_be_tried_again():
    assert type(errors.classify(-1, "system error", "user/info", "GET")) is errors.Retry
    assert type(errors.classify(-1, "system error", "menu/create", "POST")) is errors.Retry


def test_a_wrong_secret_is_no_stale_token():
    url = "https://api.weixin.qq.com/cgi-bin/stable_token"
    assert type(errors.classify(40001, "", url)) is errors.Refused
    assert type(errors.classify(-1, "", url)) is errors.Retry


def test_an_address_to_let_in_is_named():
    message = f"invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: {RID}"
    answer = errors.classify(40164, message, SEND).answer
    assert "203.0.113.7" in answer.remedy
    assert "203.0.113.7" in answer.meaning


def test_a_broken_template_field_is_named():
    message = f"argument invalid! data.thing1.value invalid rid: {RID}"
    assert "data.thing1.value" in errors.classify(47003, message, SEND).answer.remedy


def test_nothing_else_of_the_platform_s_text_is_taken_over():
    message = "oParent123 secret {0} {detail} http://example.com"
    for code in [*errors.known_codes(), 5]:
        error = errors.classify(code, message, SEND + "?access_token=T0KEN")
        shown = f"{error} {error.answer}"
        assert not any(word in shown for word in ("oParent", "secret", "example", "T0KEN", "{"))


def test_every_code_has_a_kind_and_words():
    kinds = {"token", "retry", "busy", "gone", "quota", "refused"}
    assert set(errors.known_codes().values()) == kinds
    assert all(errors.classify(code, "", SEND).after_s > 0 for code in errors.known_codes())
    token_codes = {code for code, kind in errors.known_codes().items() if kind == "token"}
    assert token_codes == errors.TOKEN_CODES


def test_a_minute_quota_is_waited_for():
    assert errors.classify(45011, "", SEND).after_s == 60


@pytest.mark.parametrize(
    ("method", "api", "may"),
    [
        ("GET", "https://api.weixin.qq.com/cgi-bin/user/info?openid=o1", True),
        ("POST", "http://127.0.0.1:8080/cgi-bin/menu/create", True),
        ("POST", "openapi/quota/get", True),
        ("POST", SEND, False),
        ("POST", "message/template/send", False),
        ("POST", "message/mass/sendall", False),
        ("POST", "something/new", False),
    ],
)
def test_only_reads_and_settings_may_be_repeated(method, api, may):
    assert errors.may_repeat(method, api) is may


def test_no_answer_is_unknown_for_a_send_and_a_retry_for_a_read():
    assert type(errors.no_answer(SEND, "POST")) is errors.Unknown
    assert type(errors.no_answer("user/info", "GET")) is errors.Retry
    assert str(errors.no_answer(SEND, "POST")) == "message/custom/send gave no answer"
    assert type(errors.unreachable(SEND)) is errors.Retry
