"""Settings from words, and the command line."""

import pytest

from bot.sandbox.__main__ import read_config
from bot.sandbox.config import ConfigError, SandboxConfig


def test_words_become_numbers_and_truths():
    config = SandboxConfig.from_mapping(
        {"port": "0", "push_timeout_s": "0.5", "retry_new_signature": "false"}
    )
    assert (config.port, config.push_timeout_s, config.retry_new_signature) == (0, 0.5, False)


def test_a_limit_is_changed_beside_the_others():
    config = SandboxConfig.from_mapping({"daily_limits": {"/cgi-bin/user/get": 7}})
    assert config.daily_limits["/cgi-bin/user/get"] == 7
    assert config.daily_limits["/cgi-bin/token"] == 2000


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"prot": 1}, "prot"),
        ({"port": "many"}, "port"),
        ({"port": 70000}, "port"),
        ({"token": "x"}, "token"),
        ({"aes_key": "short"}, "aes_key"),
        ({"mode": "safe"}, "aes_key"),
        ({"mode": "open"}, "mode"),
        ({"data_format": "yaml"}, "data_format"),
        ({"webhook_url": "127.0.0.1/wechat"}, "webhook_url"),
        ({"retry_new_signature": "maybe"}, "retry_new_signature"),
        ({"deliveries_max": 0}, "deliveries_max"),
        ({"token": 5}, "token"),
    ],
)
def test_an_error_names_the_field(values, name):
    with pytest.raises(ConfigError, match=f"^{name} "):
        SandboxConfig.from_mapping(values)


def test_options_win_over_the_environment():
    environment = {"BOT_WECHAT_TOKEN": "fromenvironment", "BOT_SANDBOX_PORT": "9000"}
    config = read_config(["--port", "9001"], environment)
    assert (config.token, config.port) == ("fromenvironment", 9001)
