"""The table of codes is complete: each code of the fact sheet, WECHAT 3 and 5.1 to 5.10."""

import pytest

from bot.wechat import errors

SEND = "message/custom/send"
#: By section; a range of the sheet stands as a range.
CODES = {
    "3 token": [
        *(-1, 40001, 40002, 40013, 40014, 40125, 40164, 40243, 41001, 41002, 41004, 42001, 42007),
        *(43001, 43002, 43003, 43019, 45009, 45011, 46004, 48001, 48004, 50002, 50005, 61004),
        *(61450, *range(76001, 76005), 89501, 89503, 89506, 89507, 268487001, 268487002),
    ],
    "5.1 customer messages": [
        *(40003, 40007, 40008, 40200, 43004, 44004, 45002, 45008, 45015, 45047, 45050, 45072),
        *(45080, 45081, 45086, 45087, 45098, 45099, 48001, 48002, 61451, 65400, 65416, 65417),
        70000,
    ],
    "5.2 template messages": [
        *(40003, 40008, 40013, 40036, 40037, 40039, 40165, 40246, 40247, 40249, 43004, 43100),
        *(43101, 43116, 45009, 45026, 45027, 47003, 48001, 50005),
    ],
    "5.3 notices": [
        *(40003, 40037, 41030, 43101, 45009, 47003, *range(200011, 200023), 200100),
    ],
    "5.4 mass": [
        *(40031, 40032, 40130, 40152, 42010, 45028, 45062, 45065, 45066, 45067, 45083, 45084),
        *(45110, 45111, 45113, 48003, 48021, 48022, 89504, 89505),
    ],
    "5.5 drafts": [*range(53500, 53506), 53600],
    "5.6 media": [40004, 40006, 40009, 41005, 45001, 45007, 48005],
    "5.7 menu": [
        *range(40015, 40028),
        *(40033, 40054, 40055, 45010, 46003, *range(65301, 65319)),
    ],
    "5.8 tags": [
        *(40032, 45056, 45057, 45058, 45059, 45157, 45158, 45159, 45169, 45171, 49003),
    ],
    "5.9 users": [40032],
    "5.10 codes": [40052, 40053, 45029],
}


@pytest.mark.parametrize("section", CODES)
def test_every_code_of_the_fact_sheet_has_kind_meaning_and_remedy(section):
    known = errors.known_codes()
    assert [code for code in CODES[section] if code not in known] == []
    for code in CODES[section]:
        answer = errors.classify(code, "", SEND).answer
        assert answer.meaning
        assert answer.remedy


def error(code):
    return errors.classify(code, "", SEND)


@pytest.mark.parametrize("code", [45015, 45047, 43101, 43004, 48002, 50005])
def test_a_closed_channel_is_of_one_parent_and_another_may_be_tried(code):
    assert errors.is_channel_closed(error(code))
    assert not errors.is_of_account(error(code))


@pytest.mark.parametrize("code", [40003, 43019, 46004, 50002, 70000])
def test_a_parent_whom_nothing_reaches_is_neither(code):
    assert type(error(code)) is errors.Gone
    assert not errors.is_channel_closed(error(code))
    assert not errors.is_of_account(error(code))


@pytest.mark.parametrize(
    "code", [40001, 42001, 40125, 40164, 45009, 45028, 48001, 48004, 40037, 43116, 40249, 45087]
)
def test_what_everybody_would_be_refused_for_stops_the_channel(code):
    assert errors.is_of_account(error(code))
    assert not errors.is_channel_closed(error(code))


@pytest.mark.parametrize("code", [-1, 61450, 268487001, 45011, 47003, 45066, 45169, 123456])
def test_unknown_outcomes_pauses_and_single_values_stop_nothing(code):
    assert not errors.is_of_account(error(code))
    assert not errors.is_channel_closed(error(code))


def test_without_an_answer_nothing_is_said_about_parent_or_account():
    for silent in (errors.no_answer(SEND, "POST"), errors.unreachable(SEND)):
        assert not errors.is_of_account(silent)
        assert not errors.is_channel_closed(silent)


def test_no_code_is_of_a_parent_and_of_the_account_and_all_are_listed():
    table = errors._table()
    sorted_codes = [*table["closed"], *table["of_account"]]
    assert set(sorted_codes) <= set(errors.known_codes())
    assert len(set(sorted_codes)) == len(sorted_codes)
    assert not any(
        errors.is_channel_closed(error(code)) and errors.is_of_account(error(code))
        for code in errors.known_codes()
    )


def test_only_what_the_table_keeps_is_kept_and_never_shown():
    fields = {"msg_id": 7, "openid": "oParent", "fail_openid_list": ["oParent"]}
    repeated = errors.classify(45065, "", "message/mass/send", "POST", fields)
    partial = errors.classify(45171, "", "tags/members/batchtagging", "POST", fields)
    other = errors.classify(45009, "", SEND, "POST", fields)
    assert (repeated.kept, partial.kept) == ({"msg_id": 7}, {"fail_openid_list": ["oParent"]})
    assert other.kept == {}
    assert "oParent" not in f"{partial} {partial!r} {partial.answer}"
