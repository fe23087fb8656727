"""Sentences of findings: both languages, the same placeholders, and what the code gives fits."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from bot.ops import finding

FOLDER = Path(finding.__file__).parent
#: Keys whose first part is not the group they are shown in.
GROUPS = {"broadcast": "sending"}
#: Incidents are reported by other rooms: tests/house/test_incident_words.py finds those calls.
REPORTED = ("broadcast.",)


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def made():
    """Yield (key, names of values) for each finding the code makes with plain words."""
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if is_call and node.func.id == "made" and isinstance(node.args[0], ast.Constant):
                names = {k.arg for k in node.keywords}
                yield node.args[0].value, names


@pytest.mark.parametrize("key", finding.texts())
def test_both_languages_have_the_same_placeholders(key):
    texts = finding.texts()[key]
    assert set(texts) == {"what", "en", "zh"}
    assert placeholders(texts["en"]) >= placeholders(texts["zh"]) - {"address"}
    group = GROUPS.get(key.partition(".")[0], key.partition(".")[0])
    assert group == texts["what"] or key in {"index.empty", "index.broken"}


def test_every_finding_of_the_code_has_a_sentence_and_its_values():
    seen = dict(made())
    assert len(seen) > 30
    for key, names in seen.items():
        wanted = placeholders(finding.texts()[key]["zh"]) | placeholders(finding.texts()[key]["en"])
        assert None in names or wanted <= names, key


def test_no_sentence_is_without_a_finding():
    told = {"wechat"}
    built = {
        k for k in finding.texts() if k.startswith(("account.", "field.", "webhook.", *REPORTED))
    }
    assert set(finding.texts()) - dict(made()).keys() - told - built == set()


def test_a_refusal_of_the_platform_falls_back_to_its_first_part():
    values = {"api": "x", "code": 45009, "meaning": "m", "remedy": "r"}
    assert finding.sentence("wechat.45009", values, "en") == "x answered 45009: m (r)"
