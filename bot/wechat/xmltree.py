"""Pushes in XML to plain trees: expat, flat, with every cap checked while reading."""

from __future__ import annotations

from typing import Any, TypeAlias
from xml.parsers import expat

from bot.wechat.refusals import Malformed

Tree: TypeAlias = "dict[str, Any]"  # a value is a text, a Tree, or a list of both

TOP_MAX = 64
DEPTH_MAX = 6
ELEMENTS_MAX = 512
ATTRIBUTES_MAX = 8


def parse(body: bytes) -> Tree:
    """Return the elements inside `<xml>`: texts as they are, elements with children as trees.

    Elements repeated inside a child become a list; one alone stays single (as in JSON pushes, where
    a list of one may come as an object). Text between elements is dropped, attributes are ignored.

    Raises:
        Malformed: not well-formed UTF-8 XML, a DOCTYPE or processing instruction, over a cap, or a
            top-level element given twice.
    """
    if b"\0" in body:  # expat detects UTF-16 whatever encoding it is told
        raise Malformed("The XML is not UTF-8.")
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.chunks.append
    parser.StartDoctypeDeclHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat takes no keywords
    except expat.ExpatError:
        raise Malformed("The XML is not well-formed.") from None
    return reader.top


class _Reader:
    """Builds the tree while expat walks: `open` holds the trees of the elements not yet closed.

    Top-level elements take the short way through `start` and `end`: they are nearly all there is.
    """

    __slots__ = ("chunks", "left", "open", "top")

    def __init__(self) -> None:
        self.chunks: list[str] = []  # the text since the last tag
        self.top: Tree = {}
        self.open: list[Tree | None] = []  # None: an element without children so far
        self.left = ELEMENTS_MAX

    def start(self, name: str, attributes: list[str]) -> None:
        opened = self.open
        if len(opened) == 1:
            top = self.top
            if name in top or len(top) >= TOP_MAX:
                raise Malformed("An element stands twice, or there are too many.")
            opened.append(None)
        else:
            self._start_deeper(name)
        if attributes and len(attributes) > 2 * ATTRIBUTES_MAX:
            raise Malformed("An element has too many attributes.")
        self.chunks.clear()

    def end(self, name: str) -> None:
        opened = self.open
        tree = opened.pop()
        value = "".join(self.chunks) if tree is None else tree
        if len(opened) == 1:
            self.top[name] = value
        elif opened:
            self._end_deeper(name, value)

    def _start_deeper(self, name: str) -> None:
        opened = self.open
        if not opened:
            if name != "xml":
                raise Malformed("The root element is not `xml`.")
            opened.append(self.top)
            return
        self.left -= 1
        if len(opened) >= DEPTH_MAX or self.left < 0:
            raise Malformed("The XML is too deep or too wide.")
        if opened[-1] is None:
            opened[-1] = {}
        opened.append(None)

    def _end_deeper(self, name: str, value: str | Tree) -> None:
        parent = self.open[-1]
        assert parent is not None, "an element that closes has an open parent"
        if name in parent:
            _repeat(parent, name, value)
        else:
            parent[name] = value


def _repeat(parent: Tree, name: str, value: str | Tree) -> None:
    before = parent[name]
    if isinstance(before, list):
        before.append(value)
    else:
        parent[name] = [before, value]


def _refuse(*_: object) -> None:
    raise Malformed("A DOCTYPE or processing instruction is not allowed.")
