"""Text that people see lives in data files: no Chinese in the literals of our Python."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
#: Files that may hold Chinese literals, with the reason.
EXCEPTIONS: dict[str, str] = {}


def sources():
    return sorted(
        p for name in ("bot", "knowledge", "intents") for p in (ROOT / name).rglob("*.py")
    )


def literals(source):
    """Yield (line, text) of literals written with Chinese; docstrings may quote a word."""
    tree = ast.parse(source)
    lines = source.splitlines()
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and HAN.search(node.value)
        ):
            # written as it stands, not as an escape like \u3400 of a pattern
            written = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            if id(node) not in documentation and HAN.search(written):
                yield node.lineno, node.value


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_chinese_in_literals(path):
    name = str(path.relative_to(ROOT))
    found = [f"{name}:{line}: {text}" for line, text in literals(path.read_text(encoding="utf-8"))]
    assert bool(found) == (name in EXCEPTIONS), found or f"{name} needs no exception any more"


def test_the_search_finds_what_it_should_and_no_more():
    source = (
        '"""A `字` in the docstring."""\n'
        "def f():\n"
        '    """Another `字`."""\n'
        "    # a comment: 字\n"
        '    a = "\\u4e00"\n'
        '    b = f"x{a}字"\n'
        '    return "字" + b\n'
    )
    assert [line for line, _ in literals(source)] == [6, 7]
