"""What a campaign must not say: coercion, marks, marketing; links, lengths and fields."""

import re
from dataclasses import replace

import pytest

from bot.campaigns import lint
from bot.campaigns.draft import Words
from tests.support.campaigning import draft

PAGES = [re.compile("/h/past"), re.compile("/h/past/[A-Za-z0-9_.-]{1,80}")]
FINE = Words("公开课", "本周六上午有一节公开课，自愿参加，不打卡，也不用截图。")


def check(words, **changes):
    found = lint.check(draft(words=words, **changes), PAGES)
    return {(one.key, one.severity) for one in found}


def test_a_friendly_text_is_fine():
    assert check(FINE) == set()


@pytest.mark.parametrize(
    ("text", "key", "severity"),
    [
        ("请务必全员参加", "coercion", "warn"),
        ("看完请截图发群里", "trace", "warn"),
        ("请在群里接 龙", "trace", "warn"),
        ("每天打卡", "trace", "warn"),
        ("各班完成率排名会公布", "rank", "warn"),
        ("完成情况与入学挂钩", "admission", "error"),
        ("强制观看", "coercion", "warn"),
        ("请填孩子姓名和身份证号", "minors", "error"),
        ("限时优惠，扫码领红包", "marketing", "warn"),
    ],
)
def test_coercion_and_its_kin_are_found(text, key, severity):
    assert (key, severity) in check(replace(FINE, text=text))
    assert (key, severity) in check(replace(FINE, text_b=text))


@pytest.mark.parametrize("text", ["这次不用截图", "自愿参加，不强制", "不打卡、不排名"])
def test_who_says_that_it_is_not_asked_is_not_warned(text):
    assert check(replace(FINE, text=text)) == set()


def test_the_excuse_of_one_sentence_does_not_cover_the_next():
    assert check(replace(FINE, text="不用截图。但请接龙。")) == {("trace", "warn")}


def test_marketing_in_a_notice_is_an_error():
    words = replace(FINE, template="T1", notice={"thing1": "限时优惠"})
    assert ("marketing", "error") in check(words)


@pytest.mark.parametrize(
    ("target", "is_open"),
    [
        ("https://edu.gz.gov.cn/x", True),
        ("/h/past", True),
        ("/h/past?stage=primary", True),
        ("/h/past/12", True),
        ("http://edu.gz.gov.cn", False),
        ("/h/nowhere", False),
        ("/console/", False),
        ("//evil.example/", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://localhost/x", False),
        ("ftp://a.example/b", False),
    ],
)
def test_only_pages_of_ours_and_sites_by_tls_are_linked(target, is_open):
    assert (("target", "error") in check(replace(FINE, target=target))) is not is_open


def test_addresses_in_the_text_are_looked_at():
    assert ("address", "error") in check(replace(FINE, text="看 http://a.example/b"))
    assert check(replace(FINE, text="看 https://edu.gz.gov.cn/b，谢谢")) == set()


def test_placeholders_and_the_link():
    assert ("placeholder", "error") in check(replace(FINE, text="您好{name}"))
    assert ("link_without_target", "error") in check(replace(FINE, text="点 {link}"))
    assert check(replace(FINE, text="点 {link}", target="/h/past")) == set()
    assert ("placeholder", "error") in check(replace(FINE, title="{link}", target="/h/past"))


def test_lengths_count_bytes_and_room_for_the_link():
    assert check(replace(FINE, text="好" * 682)) == set()
    assert ("too_long", "error") in check(replace(FINE, text="好" * 683))
    assert ("too_long", "error") in check(replace(FINE, text="好" * 640, target="/h/past"))
    assert ("mass_long", "error") in check(replace(FINE, text="好" * 683, mass="text"))


def test_fields_of_a_notice_are_cut_and_said_so():
    words = replace(
        FINE, template="T1", notice={"thing1": "家" * 25, "time2": "2026年12月1日 19:30"}
    )
    assert check(words) == {("notice_cut", "warn")}
    words = replace(FINE, template="T1", notice={"time2": "明晚"})
    assert ("notice_form", "error") in check(words)
    assert ("notice_half", "error") in check(replace(FINE, template="T1"))


def test_what_a_channel_lacks():
    assert ("card_without_target", "error") in check(replace(FINE, card=True))
    assert ("article_cover", "error") in check(replace(FINE, mass="article"))
    assert ("urgent", "warn") in check(FINE, is_urgent=True)
    assert ("same_twice", "error") in check(replace(FINE, text_b=FINE.text))
