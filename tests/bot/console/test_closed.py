"""Until somebody administrates the console is shut; broken settings never open it."""

import re

import pytest

from bot import settings
from bot.app import opened
from bot.cli.people import setup_link
from bot.errors import InvalidInput, StartRefused
from tests.support import world
from tests.support.office import PASSWORD, Office


@pytest.fixture
async def shut(settings):
    async with Office.open(settings, founder=False) as office:
        yield office


async def test_everything_but_the_link_says_how_to_open_it(shut):
    for page in shut.pages:
        if page.path != "/invite":
            path = re.sub(r"{\w+}", "1", page.path)
            answer = await shut.visitor().send(page.method, path, headers={"Origin": shut.origin})
            assert answer.status == 404, page.path
            assert "bot staff link" in answer.text, page.path


async def test_the_link_opens_the_console_and_then_works_no_more(shut):
    link = (await setup_link(shut.rt)).partition("/console")[2]
    visitor = shut.visitor()
    assert (await visitor.get(link)).status == 200
    fields = {"key": link.partition("=")[2], "login": "chen", "name": "陈丽华"}
    weak = await visitor.post("/invite", **fields, password="short", again="other")
    assert weak.status == 422
    assert "至少 12 个字符" in weak.text
    assert "两次输入的密码不一样" in weak.text
    done = await visitor.post("/invite", **fields, password=PASSWORD, again=PASSWORD)
    assert (done.status, done.location) == (303, "/console/second-factor/new")
    assert (await visitor.follow(done)).status == 200
    assert (await shut.visitor().get(link)).status == 404
    assert (await shut.visitor().get("/login")).status == 200
    with pytest.raises(InvalidInput, match="there is an administrator already"):
        await setup_link(shut.rt)


@pytest.mark.parametrize("key", ["", "x", "../../etc/passwd", "' OR 1=1 --", "k" * 5000])
async def test_a_made_up_link_opens_nothing(shut, key):
    assert (await shut.visitor().get("/invite", key=key)).status == 404
    sent = {"key": key, "login": "chen", "name": "x", "password": PASSWORD, "again": PASSWORD}
    assert (await shut.visitor().post("/invite", **sent)).status == 404


BROKEN = {
    "open to the network without TLS": {"CONSOLE_HOST": "0.0.0.0"},
    "open to the network by IPv6": {"CONSOLE_HOST": "::"},
    "a plain origin": {"CONSOLE_ORIGIN": "http://console.example.cn"},
    "a plain origin that looks local": {"CONSOLE_ORIGIN": "http://localhost.example.cn"},
    "an origin with a path": {"CONSOLE_ORIGIN": "https://console.example.cn/console"},
    "an origin with a person": {"CONSOLE_ORIGIN": "https://a:b@console.example.cn"},
    "no origin at all": {"CONSOLE_ORIGIN": "console.example.cn"},
    "a port out of range": {"CONSOLE_PORT": "80800"},
    "a misspelt name": {"CONSOLE_ORIGN": "https://console.example.cn"},
    "an unknown part": {"SERVES": "everything"},
    "more proxies than there can be": {"PROXY_HOPS": "99"},
    "a key that can be guessed": {"PRIVACY_KEY": "secret"},
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_configuration_is_refused_by_name(monkeypatch, what):
    ((name, value),) = BROKEN[what].items()
    monkeypatch.setenv(f"BOT_{name}", value)
    with pytest.raises(StartRefused, match=f"BOT_{name}") as refused:
        settings.load()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"short"])
async def test_a_damaged_key_file_is_refused(tmp_path, content):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    given.data.mkdir(parents=True)
    (given.data / "privacy.key").write_bytes(content)
    with pytest.raises(StartRefused, match=r"privacy\.key is damaged"):
        async with opened(given):
            pass
