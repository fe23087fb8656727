import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from multidict import MultiDict, MultiDictProxy

from bot.errors import StartRefused
from bot.wechat import messages, signature
from bot.wechat.inbound import Gate, Mode
from bot.wechat.refusals import Forged, Malformed, TooLarge, Undecodable

GIVEN = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def let_in(gate, query, body):
    return gate.read(gate.check_query(query), body)


def test_a_signed_push_comes_in(gate, plain_query, text_push):
    received = let_in(gate, plain_query(), text_push)
    assert isinstance(received.message, messages.Text)
    assert received.message.content == "孩子写作业拖拉怎么办"
    assert received.message.key == "24341234567890123"
    assert (received.context.form, received.context.seal) == ("xml", None)
    assert gate.stats.accepted == 1


def test_a_push_signed_with_the_previous_token_comes_in(gate, plain_query, text_push):
    assert let_in(gate, plain_query("PreviousToken"), text_push).message.content


def test_a_query_of_the_web_framework_is_taken_as_it_is(gate, plain_query, text_push):
    query = MultiDictProxy(MultiDict(plain_query()))
    assert let_in(gate, query, text_push).message.content


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce", "openid"])
def test_a_repeated_parameter_is_forged(gate, plain_query, name):
    query = MultiDict(plain_query())
    query.add(name, query[name])
    with pytest.raises(Forged):
        gate.check_query(query)


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
@pytest.mark.parametrize("value", ["", "你好", "\udcff", "0", "a" * 40, " ", "9" * 5000, "\x00"])
def test_a_wrong_parameter_is_forged_and_never_an_accident(gate, plain_query, name, value):
    with pytest.raises(Forged) as caught:
        gate.check_query(plain_query() | {name: value})
    assert caught.value.status == 403
    assert gate.stats.forged == 1


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
def test_a_missing_parameter_is_forged(gate, plain_query, name):
    query = plain_query()
    del query[name]
    with pytest.raises(Forged):
        gate.check_query(query)


@pytest.mark.parametrize(
    "timestamp",
    [
        "１７９５１６１６００",
        "1_795_161_600",
        " 1795161600",
        "+1795161600",
        "1795161600.0",
        "1e9",
        "-1",
    ],
)
def test_a_timestamp_is_ascii_digits_even_when_signed(gate, plain_query, timestamp):
    with pytest.raises(Forged, match="digits"):
        gate.check_query(plain_query(timestamp=timestamp))


@pytest.mark.parametrize("away_s", [-299, 0, 299])
def test_a_clock_may_be_five_minutes_wrong(gate, plain_query, clock, away_s):
    query = plain_query()
    clock.turn(seconds=away_s)
    assert gate.check_query(query)


@pytest.mark.parametrize("away_s", [-301, 301, 86_400])
def test_an_old_or_early_push_is_forged_and_counted(gate, plain_query, clock, away_s):
    query = plain_query()
    clock.turn(seconds=away_s)
    with pytest.raises(Forged, match="window"):
        gate.check_query(query)
    assert (gate.stats.stale, gate.stats.forged) == (1, 1)


def test_a_push_that_is_old_and_wrongly_signed_is_not_counted_as_stale(gate, plain_query, clock):
    query = plain_query("AnotherToken")
    clock.turn(hours=1)
    with pytest.raises(Forged):
        gate.check_query(query)
    assert gate.stats.stale == 0


def test_an_old_sealed_push_is_counted_by_its_plain_signature(
    safe_gate, sealed_push, text_push, clock
):
    query, _ = sealed_push(text_push)
    clock.turn(hours=1)
    with pytest.raises(Forged):
        safe_gate.check_query(query)
    assert safe_gate.stats.stale == 1


def test_a_retry_comes_in_again(gate, plain_query, text_push):
    query = plain_query()
    first, again = let_in(gate, query, text_push), let_in(gate, query, text_push)
    assert first.message == again.message


def test_a_captured_query_does_not_carry_another_body(gate, plain_query, text_push, xml):
    query = plain_query()
    let_in(gate, query, text_push)
    with pytest.raises(Forged):
        let_in(gate, query, xml(MsgType="text", Content="forged", MsgId=1))
    assert let_in(gate, query, text_push)


def test_digits_moved_between_timestamp_and_nonce_are_refused(gate, clock, text_push):
    timestamp = str(int(clock.timestamp()))
    query = {"timestamp": timestamp, "nonce": f"{timestamp[:9]}7"}
    signed = signature.sign("GuangzhouToken1", *query.values())
    moved = {"timestamp": query["nonce"], "nonce": timestamp}
    let_in(gate, query | {"signature": signed}, text_push)
    with pytest.raises(Forged):
        let_in(gate, moved | {"signature": signed}, text_push)


def test_a_body_over_the_cap_is_too_large(gate, plain_query):
    with pytest.raises(TooLarge) as caught:
        let_in(gate, plain_query(), b"<xml>" + b" " * 65_536)
    assert caught.value.status == 413


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"<xml/>", b"{}", b"<xml><MsgType>text</MsgType></xml>"]
)
def test_a_signed_body_that_is_no_push_is_malformed(gate, plain_query, body):
    with pytest.raises(Malformed) as caught:
        let_in(gate, plain_query(), body)
    assert caught.value.status == 400


def test_plain_mode_does_not_take_a_sealed_push(gate, sealed_push, text_push):
    with pytest.raises(Malformed):
        let_in(gate, *sealed_push(text_push))


def test_the_url_is_verified_with_its_echo(gate, safe_gate, plain_query):
    query = plain_query(echostr="4375120948345356249")
    assert gate.verify_url(query) == safe_gate.verify_url(query) == "4375120948345356249"


@pytest.mark.parametrize("echo", [{}, {"echostr": ""}, {"echostr": "x" * 2000}])
def test_the_url_is_not_verified_without_an_echo(gate, plain_query, echo):
    with pytest.raises(Forged):
        gate.verify_url(plain_query(**echo))


def test_the_url_is_not_verified_by_a_stranger(gate, plain_query):
    with pytest.raises(Forged):
        gate.verify_url(plain_query("AnotherToken", echostr="1"))


@pytest.mark.parametrize("token", ["", "ab", "a" * 33, "with space", "你好你好", "a-b-c"])
def test_a_token_of_a_wrong_form_refuses_the_start(clock, token):
    with pytest.raises(StartRefused, match="token"):
        Gate([token], None, Mode.PLAIN, clock)


def test_no_token_or_no_key_refuses_the_start(clock):
    with pytest.raises(StartRefused):
        Gate([], None, Mode.PLAIN, clock)
    with pytest.raises(StartRefused, match="EncodingAESKey"):
        Gate(["GuangzhouToken1"], None, Mode.SAFE, clock)


@GIVEN
@given(
    st.dictionaries(
        st.sampled_from(["signature", "timestamp", "nonce", "msg_signature", "encrypt_type"]),
        st.text(),
    )
)
def test_random_queries_are_forged_and_nothing_else(gate, safe_gate, query):
    for one in (gate, safe_gate):
        with pytest.raises(Forged):
            one.check_query(query)


@GIVEN
@given(st.binary(max_size=300))
def test_random_bodies_raise_nothing_but_refusals(gate, safe_gate, plain_query, sealed_push, body):
    with pytest.raises((Malformed, Forged)):
        let_in(gate, plain_query(), body)
    query, _ = sealed_push(b"", encrypt="A" * 64)
    with pytest.raises((Malformed, Forged)):
        let_in(safe_gate, query, body)
    with pytest.raises((Malformed, Undecodable)):
        let_in(safe_gate, *sealed_push(body))
