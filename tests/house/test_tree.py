"""What holds for the tree as a whole: sizes, layers, locked versions, readable data."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "knowledge", "intents")
CODE = {".py", ".js", ".css", ".html"}
LINES_MAX = 280
#: Folders nobody reads: generated migrations, and what others wrote.
UNREAD = ("versions", "vendor")
#: Someone's intention is not a fact about the code; spelt so that this file does not hold it.
LATER = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME)\b")


def files(*folders):
    return sorted(
        p
        for folder in folders
        for p in (ROOT / folder).rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    )


def test_no_file_of_code_is_long():
    code = [p for p in files(*PACKAGES) if p.suffix in CODE and p.parent.name not in UNREAD]
    assert len(code) > 100
    sizes = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in code}
    assert {p: n for p, n in sizes.items() if n > LINES_MAX} == {}


def test_nothing_is_left_for_later():
    found = []
    for path in files(*PACKAGES, "tests", "scripts", "docs", "deploy"):
        content = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {m[0]}" for m in LATER.finditer(content)]
    assert found == []


def test_imports_point_where_they_may():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 broken." in done.stdout


@pytest.mark.parametrize(
    "name",
    [
        "constraints.txt",
        "constraints-test.txt",
        "constraints-bench.txt",
        "constraints-build.txt",
    ],
)
def test_locked_versions_carry_hashes_and_no_addresses(name):
    content = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|--(?:extra-)?index|--find-links|^-[ief] | @ ", content, re.MULTILINE)
    entries = re.split(r"(?<!\\)\n(?=\S)", content.strip())
    locked = [e for e in entries if not e.startswith("#")]
    assert locked
    for entry in locked:
        assert re.match(r"[a-z0-9][a-z0-9._-]*(?:\[[a-z,]+\])?==[^\s;]+", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry[:80]


@pytest.mark.parametrize("name", ["constraints-test.txt", "constraints-bench.txt"])
def test_run_time_versions_are_the_same_in_the_other_locks(name):
    def versions(lock):
        content = (ROOT / lock).read_text(encoding="utf-8")
        return set(re.findall(r"^([a-z0-9][^\s=]*)==(\S+)", content, re.MULTILINE))

    assert versions("constraints.txt") <= versions(name)


YAMLS = [p for p in files(*PACKAGES, "deploy", "docs") if p.suffix in {".yaml", ".yml"}]


@pytest.mark.parametrize("path", YAMLS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_yaml_file_parses_and_repeats_no_key(path):
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    assert node is not None
    assert repeated(node) == []


def repeated(node):
    """Return the keys that stand twice in one mapping; YAML would keep the last in silence."""
    if isinstance(node, yaml.SequenceNode):
        return [key for item in node.value for key in repeated(item)]
    if not isinstance(node, yaml.MappingNode):
        return []
    keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
    twice = [key for key in keys if keys.count(key) > 1]
    return twice + [key for _, value in node.value for key in repeated(value)]
