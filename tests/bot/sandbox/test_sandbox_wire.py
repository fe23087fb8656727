"""XML and JSON of pushes and replies."""

import pytest

from bot.sandbox import wire


def test_fields_survive_a_round_trip_through_xml():
    fields = {"A": "孩子]]>你好 & <b>", "B": {"item": [{"C": "1"}, {"C": "2"}]}}
    assert wire.as_fields(wire.parse_xml(wire.to_xml(fields).encode())) == fields


def test_numbers_stay_bare_and_texts_become_cdata():
    assert "<N>7</N>\n<T><![CDATA[7]]></T>" in wire.to_xml({"N": 7, "T": "7"})


def test_a_list_of_one_comes_as_an_object_in_json_when_asked():
    fields = {"List": [{"A": 1}]}
    assert wire.to_json(fields, single_as_object=True) == '{"List":{"A":1}}'
    assert wire.to_json(fields, single_as_object=False) == '{"List":[{"A":1}]}'


@pytest.mark.parametrize(
    "bad",
    [b"", b"hello", b"<xml>", b"<xml/><xml/>", b"<!DOCTYPE x><xml/>", b"<xml>\x01</xml>"],
)
def test_a_bad_document_is_refused(bad):
    with pytest.raises(wire.Malformed):
        wire.parse_xml(bad)


def test_deep_nesting_is_refused():
    with pytest.raises(wire.Malformed, match="deeply"):
        wire.parse_xml(b"<a>" * 50 + b"</a>" * 50)


def test_repeated_nodes_are_found_and_items_are_not():
    node = wire.parse_xml(b"<xml><A/><A/><L><item/><item/></L></xml>")
    assert wire.duplicates(node) == ["A"]
