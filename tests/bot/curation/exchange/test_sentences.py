"""Every sentence is used, and every one that is used is there."""

import re
from pathlib import Path

from bot import directory, spreadsheet
from bot.curation import exchange
from bot.curation.exchange import columns, problems
from knowledge.entry import AGES, STYLES, Entry, Status

FOLDER = Path(exchange.__file__).parent
SHARED = Path(spreadsheet.__file__).parent
SOURCE = "\n".join(p.read_text("utf-8") for f in (FOLDER, SHARED) for p in f.glob("*.py"))
#: The directory's rows use what every table says.
OTHERS = "\n".join(p.read_text("utf-8") for p in Path(directory.__file__).parent.glob("*.py"))
#: Who takes in what was read says its faults with the same sentences.
TAKING = "\n".join(p.read_text("utf-8") for p in FOLDER.parent.glob("import*.py"))


def test_every_sentence_has_its_place():
    used = set(re.findall(r'"([a-z_0-9]+)"', SOURCE + OTHERS + TAKING))
    assert set(problems.sentences()) <= used


def test_every_place_has_its_sentence():
    used = re.findall(r'(?:refuse|say|_fault)\(\s*(?:"[a-z_]+", )?"([a-z_0-9]+)"', SOURCE)
    assert len(used) > 30
    assert set(used) <= set(problems.sentences())


def test_a_sentence_quotes_one_short_line():
    said = problems.say("unknown_topic", value="a\n\x07{value}" + "b" * 500)
    assert said.startswith("没有主题“a {value}bbb")
    assert len(said) < 120


def test_every_field_has_a_column():
    assert {c.field for c in columns.columns()} == set(Entry.__dataclass_fields__)
    headers = [c.header for c in (*columns.columns(), *columns.fault_columns())]
    assert len(headers) == len(set(headers))


def test_the_words_of_a_sheet_stand_for_every_code():
    assert set(columns.words("ages").values()) == set(AGES)
    assert set(columns.words("styles").values()) == set(STYLES)
    assert set(columns.words("status").values()) == set(Status)
