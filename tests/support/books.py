"""Workbooks that no library of ours writes: an old .xls and an .ods, made by hand."""

import io
import struct
import zipfile
from xml.sax.saxutils import escape

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512


def ods(rows, *, repeated_rows=1, repeated_columns=1):
    """A spreadsheet of OpenDocument; the last cell may say that it stands many times."""
    table = "".join(
        f'<table:table-row table:number-rows-repeated="{repeated_rows}">'
        + "".join(
            f'<table:table-cell office:value-type="string" '
            f'table:number-columns-repeated="{repeated_columns}">'
            f"<text:p>{escape(cell)}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="a">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", 0)
        made.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        made.writestr("content.xml", content)
    return out.getvalue()


def xls(rows, *, last=None):
    """A workbook of Excel 97: records in a compound file; `last` puts one cell far away."""
    cells = b"".join(_label(r, c, cell) for r, row in enumerate(rows) for c, cell in enumerate(row))
    if last:
        cells += _label(*last, "z")
    page = _begin(0x0010) + cells + _record(0x000A)
    bound = len(_begin(0)) + len(_bound(0)) + len(_record(0x000A))
    stream = _begin(0x0005) + _bound(bound) + _record(0x000A) + page
    return _compound(stream.ljust(4096, b"\0"))


def _record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def _label(row, column, text):
    head = struct.pack("<HHHHB", row, column, 0, len(text), 1)
    return _record(0x0204, head + text.encode("utf-16-le"))


def _begin(kind):
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0x07CC, 0, 0))


def _bound(position):
    return _record(0x0085, struct.pack("<IBBBB", position, 0, 0, 1, 0) + b"a")


def _compound(stream):
    """One table of sectors, one sector of names, then the stream."""
    count = -(-len(stream) // _SECTOR)
    chain = [_FAT, _END, *range(3, 2 + count), _END]
    assert len(chain) <= _SECTOR // 4
    table = struct.pack("<128I", *chain, *([_FREE] * (128 - len(chain))))
    names = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, _END, 0, _END, 0,
    )  # fmt: skip
    head += struct.pack("<109I", 0, *([_FREE] * 108))
    return head + table + names.ljust(_SECTOR, b"\0") + stream.ljust(count * _SECTOR, b"\0")


def _entry(name, kind, start, size, child=_FREE):
    letters = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        letters, len(letters) + 2, kind, 1, _FREE, _FREE, child, b"", 0, 0, 0, start, size,
    )  # fmt: skip
