from __future__ import annotations

import pytest

from intents import yamlfile
from intents.errors import CatalogueError


def test_scalars_stay_text_and_keep_their_line(write):
    top = yamlfile.read(write("a.yaml", "# note\nnumber: 1\nyes: no\n"))
    assert top.items["number"] == yamlfile.Text("1", 2)
    assert top.items["yes"] == yamlfile.Text("no", 3)


def test_a_key_twice_is_refused_with_its_line(write):
    with pytest.raises(CatalogueError, match=r"a\.yaml:2: `x` stands here a second time"):
        yamlfile.read(write("a.yaml", "x: 1\nx: 2\n"))


@pytest.mark.parametrize("content", ["", "- 1\n", "a: [\n", "just text\n"])
def test_what_is_no_mapping_is_refused(write, content):
    with pytest.raises(CatalogueError):
        yamlfile.read(write("a.yaml", content))


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: \xff\xfe\n")
    with pytest.raises(CatalogueError, match=r"a\.yaml: cannot be read"):
        yamlfile.read(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="cannot be read"):
        yamlfile.read(tmp_path / "none.yaml")


def test_an_unknown_key_is_refused_with_its_line(write):
    path = write("a.yaml", "known: 1\nother: 2\n")
    with pytest.raises(CatalogueError, match=r":2: unknown key `other`"):
        yamlfile.block(path, yamlfile.read(path), frozenset(("known",)))


def test_a_single_text_counts_as_a_list_of_one(write):
    path = write("a.yaml", "x: one\n")
    assert [t.value for t in yamlfile.texts(path, yamlfile.read(path).items["x"])] == ["one"]


def test_a_value_outside_the_choice_is_refused(write):
    path = write("a.yaml", "x: maybe\n")
    with pytest.raises(CatalogueError, match="`maybe` is none of no, yes"):
        yamlfile.choice(path, yamlfile.read(path).items["x"], frozenset(("yes", "no")))
