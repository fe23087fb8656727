"""Whatever is uploaded ends in a sentence for the uploader, never in another error."""

import ast
import contextlib
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.curation.exchange import reading, sheets
from bot.errors import InvalidInput
from bot.spreadsheet import taken_apart, workbooks
from bot.spreadsheet.limits import MEGABYTE, Limits
from tests.support import books

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
OLD = workbooks.OLD + b"\0" * 2048
ZEROS = b"\0" * (101 * MEGABYTE)


def archive(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def lying(name, content):
    """An archive of one member that says it holds one byte."""
    data = archive(**{name: content})
    true, false = struct.pack("<L", len(content)), struct.pack("<L", 1)
    return data.replace(
        struct.pack("<L", zlib.crc32(content)) + data[18:22] + true, data[14:22] + false
    )


def encrypted(data):
    """The archive with the mark that its first member is encrypted."""
    at = data.index(b"PK\x01\x02") + 8
    return data[:at] + b"\x01" + data[at + 1 :]


def altered(data, **changes):
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        members = {name: book.read(name) for name in book.namelist()}
    return archive(**(members | {n: change(members[n]) for n, change in changes.items()}))


def far_corner():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write(0, 0, "a")
        page.write(1_048_575, 16_383, "b")
    return out.getvalue()


def entities(data):
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    kind = f'<!DOCTYPE sst [<!ENTITY a0 "ha">{laughs}]><sst'.encode()
    name = "xl/sharedStrings.xml"
    return altered(
        data, **{name: lambda x: x.replace(b"<sst", kind).replace(b"<t>", b"<t>&a9;", 1)}
    )


@pytest.fixture(scope="module")
def book(shipped):
    return sheets.to_xlsx(list(shipped.values())[:2])


UPLOADS = {
    "zip bomb": lambda _: ("a.zip", archive(**{"a/b.md": ZEROS}), "解开后太大"),
    "zip bomb that lies": lambda _: ("a.zip", lying("a/b.md", ZEROS), "解开后太大|打不开"),
    "xlsx bomb": lambda b: ("a.xlsx", altered(b, **{"xl/styles.xml": lambda _: ZEROS}), "太大"),
    "far corner": lambda _: ("a.xlsx", far_corner(), "打不开"),
    "far corner of an xls": lambda _: (
        "a.xls",
        books.xls([["a"]], last=(65_535, 65_535)),
        "打不开",
    ),
    "ods of billions": lambda _: (
        "a.ods",
        books.ods([["x"]], repeated_rows=1_048_576, repeated_columns=16_384),
        "打不开",
    ),
    "entity bomb": lambda b: ("a.xlsx", entities(b), "打不开"),
    "traversal": lambda _: ("a.zip", archive(**{"../a/b.md": "x"}), "不安全"),
    "absolute": lambda _: ("a.zip", archive(**{"/etc/b.md": "x"}), "不安全"),
    "windows path": lambda _: ("a.zip", archive(**{"C:\\b.md": "x"}), "不安全"),
    "nested": lambda _: ("a.zip", archive(**{"a/b.md": archive(x="y")}), "又有压缩包"),
    "encrypted zip": lambda _: ("a.zip", encrypted(archive(**{"a/b.md": "x"})), "加了密码"),
    "encrypted xlsx": lambda _: ("a.xlsx", OLD, "加了密码"),
    "truncated zip": lambda _: ("a.zip", archive(**{"a/b.md": "x" * 999})[:-30], "打不开"),
    "truncated xlsx": lambda b: ("a.xlsx", b[: len(b) // 2], "打不开"),
    "broken xls": lambda _: ("a.xls", OLD, "打不开"),
    "no markdown": lambda _: ("a.zip", archive(**{"a/": ""}), r"没有 \.md 文件"),
    "program": lambda _: ("a.zip", archive(**{"a/b.exe": "MZ"}), r"不是 \.md 文件"),
    "zip is no xlsx": lambda _: ("a.xlsx", archive(a="b"), "打不开"),
    "png as xlsx": lambda _: ("a.xlsx", PNG, "扩展名“.xlsx”不符"),
    "png as csv": lambda _: ("a.csv", PNG, "不是文本"),
    "png as zip": lambda _: ("a.zip", PNG, "扩展名“.zip”不符"),
    "html as xls": lambda _: ("a.xls", b"<html><table>", "扩展名“.xls”不符"),
    "NUL": lambda _: ("a.csv", b"a,b\n\0,c", "不是文本"),
    "UTF-16": lambda _: ("a.csv", "编号,问法".encode("utf-16"), "UTF-16"),
    "no encoding": lambda _: ("a.csv", b"\xff\xff\xff", "编码不认识"),
    "1 MB cell": lambda _: ("a.csv", ("标准问法\n" + "字" * 350_000).encode(), "缺少"),
    "too large": lambda _: ("a.csv", b"a" * (10 * MEGABYTE + 1), "文件有 11 MB，最多 10 MB"),
    "empty": lambda _: ("a.csv", b"", "没有内容"),
    "mark alone": lambda _: ("a.csv", b"\xef\xbb\xbf", "没有内容"),
    "unknown kind": lambda _: ("a.exe", b"MZ", "不认识的文件类型"),
    "no kind": lambda _: ("passwd", b"x", "不认识的文件类型“passwd”"),
    "wrong header": lambda _: ("a.csv", b"name,text\n1,2", "表头“name”不认识"),
    "open quote": lambda _: ("a.csv", b'"name', "引号不成对"),
}


@pytest.mark.parametrize("name", UPLOADS)
def test_a_hostile_file_is_refused_with_a_sentence(name, book):
    file, data, sentence = UPLOADS[name](book)
    with pytest.raises(InvalidInput, match=sentence):
        reading.read(file, data)


def test_an_archive_that_lies_about_its_size_is_counted():
    data = lying("a/b.md", b"x" * 5000)
    with pytest.raises(InvalidInput, match=r"打不开|太大"):
        reading.read("a.zip", data, Limits(unpacked=100))


def test_too_many_members():
    data = archive(**{f"a/{n}.md": "" for n in range(4)})
    with pytest.raises(InvalidInput, match="最多 3 个"):
        reading.read("a.zip", data, Limits(members=3))


@pytest.mark.parametrize("kind", ["xlsx", "zip"])
def test_rows_are_counted_in_every_kind(kind, shipped):
    write = {"xlsx": sheets.to_xlsx, "zip": sheets.to_zip}[kind]
    data = write(list(shipped.values())[:4])
    assert len(reading.read(f"a.{kind}", data, Limits(rows=4)).rows) == 4
    with pytest.raises(InvalidInput, match="最多 3 行"):
        reading.read(f"a.{kind}", data, Limits(rows=3))


def test_text_that_is_shared_by_many_cells_is_counted_as_often(shipped):
    entry = next(iter(shipped.values()))
    data = sheets.to_xlsx([entry] * 50)
    with pytest.raises(InvalidInput, match="解开后太大"):
        reading.read("a.xlsx", data, Limits(unpacked=70_000))
    assert len(reading.read("a.xlsx", data, Limits(unpacked=700_000)).rows) == 50


def test_a_workbook_that_takes_too_long_is_left(book):
    with pytest.raises(InvalidInput, match="另存为 CSV"):
        reading.read("a.xlsx", book, Limits(seconds=0))


def test_a_workbook_that_takes_too_much_memory_is_left(book):
    with pytest.raises(InvalidInput, match="打不开"):
        reading.read("a.xlsx", book, Limits(memory=1000))


@pytest.mark.parametrize("head", ["只有表头", "两次"])
def test_a_header_alone_or_twice(sheet, head):
    line, row = sheet({}).decode("utf-8-sig").split("\r\n", 1)
    text = line if head == "只有表头" else f'{line},"编号"\r\n{row}'
    with pytest.raises(InvalidInput, match=head):
        reading.read("a.csv", text.encode())


def test_every_row_is_read_where_one_is_broken(sheet):
    read = reading.read("a.csv", sheet({"answer": "字" * 30_000}, {"id": "", "question": "问"}))
    assert [bool(row.faults) for row in read.rows] == [True, True]


MARKDOWN = [
    "", "---", "---\n---\n", "---\na: &a [*a]\n---\nx", "---\n- a\n---\nx", "---\nid: [\n---\nx",
    "---\nid: !!int ''\n---\nx", "---\n? [a]\n: b\n---\nx", "---\n<<: x\n---\nx",
    "---\na: " + "[" * 5000 + "\n---\nx", "---\n=: 1\n---\nx", "---\nid: 2026-99-99\n---\nx",
]  # fmt: skip


@pytest.mark.parametrize("text", MARKDOWN)
def test_hostile_markdown_is_a_fault_of_its_row(text):
    (row,) = reading.read("a.md", text.encode() or b"\n").rows
    assert row.entry is None
    assert len(row.faults) == 1


def survives(name, data):
    with contextlib.suppress(InvalidInput):
        read = reading.read(name, data, Limits(seconds=20))
        assert all(row.entry or row.faults for row in read.rows)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["a.csv", "a.zip", "a.md"]), st.binary(max_size=300))
def test_any_bytes(name, data):
    survives(name, data)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(max_size=50))
def test_any_front_matter(head, body):
    survives("a.md", f"---\n{head}\n---\n{body}".encode(errors="replace"))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_cells_below_a_good_header(data, sheet):
    head = sheet({}).decode("utf-8-sig").split("\r\n", 1)[0]
    rows = data.draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
    survives("a.csv", f"{head}\r\n{rows}".encode())


@settings(max_examples=300, deadline=None)
@given(st.integers(0), st.integers(0, 255))
def test_an_archive_with_one_byte_changed(at, byte):
    data = bytearray(archive(**{"a/b.md": "---\nid: x\n---\ny", "a/c.md": "z" * 50}))
    data[at % len(data)] = byte
    survives("a.zip", bytes(data))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=st.integers(0), byte=st.integers(0, 255))
def test_a_workbook_with_one_byte_changed(book, at, byte):
    data = bytearray(book)
    data[at % len(data)] = byte
    survives("a.xlsx", bytes(data))


def test_the_process_of_its_own_needs_nothing_of_ours():
    tree = ast.parse(Path(taken_apart.__file__).read_text(encoding="utf-8"))
    names = [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    names += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    assert names
    assert not [name for name in names if name.startswith(("bot", "knowledge", "intents"))]
