"""What others wrote lies here as they published it, is listed, and loads nothing from elsewhere."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "bot" / "console" / "static"
FOLDERS = (
    STATIC / "vendor",
    ROOT / "tests" / "support" / "vendor",
    ROOT / "bot" / "drawing" / "font",
)
#: Ways of a style sheet, script or drawing to have the browser fetch from another server.
AWAY = re.compile(
    rb"""@import\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|\bsrc\s*=\s*["']?(?:https?:)?//"""
    rb"""|\bimport\s*\(?\s*["'](?:https?:)?//|sourceMappingURL"""
)


def listed(folder):
    return json.loads((folder / "vendor.json").read_text(encoding="utf-8"))


ENTRIES = [
    pytest.param(folder, entry, id=entry["file"]) for folder in FOLDERS for entry in listed(folder)
]
OURS = sorted(p for p in STATIC.rglob("*") if p.is_file() and p.parent.name != "vendor")


@pytest.mark.parametrize(("folder", "entry"), ENTRIES)
def test_a_file_is_as_it_was_gathered(folder, entry):
    content = (folder / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert all(entry[key] for key in ("name", "version", "licence"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: str(f.relative_to(ROOT)))
def test_the_list_names_every_file(folder):
    there = {p.name for p in folder.iterdir()} - {"vendor.json"}
    assert {entry["file"] for entry in listed(folder)} == there


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: str(f.relative_to(ROOT)))
def test_every_package_has_its_licence_beside(folder):
    packages = {entry["name"] for entry in listed(folder)}
    with_text = {entry["name"] for entry in listed(folder) if entry["file"].endswith(".LICENSE")}
    assert packages == with_text


@pytest.mark.parametrize(("folder", "entry"), ENTRIES)
def test_nothing_vendored_loads_from_elsewhere(folder, entry):
    assert AWAY.findall((folder / entry["file"]).read_bytes()) == []


def test_a_compressed_file_is_the_file_beside_it():
    found = sorted((STATIC / "vendor").glob("*.gz"))
    assert len(found) >= 4
    for path in found:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


@pytest.mark.parametrize("path", OURS, ids=lambda p: str(p.relative_to(STATIC)))
def test_nothing_of_ours_loads_from_elsewhere(path):
    assert AWAY.findall(path.read_bytes()) == []


def test_what_loads_from_elsewhere_would_be_seen():
    for text in (
        b"@import 'https://a/x.css'",
        b"url(https://a/b.woff2)",
        b'<script src="//a/b.js">',
    ):
        assert AWAY.search(text)
    assert not AWAY.search(b"url(data:image/svg+xml,%3csvg xmlns='http://www.w3.org/2000/svg'")
