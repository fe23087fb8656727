"""XML and JSON of pushes and replies: nested fields to text and back, with nothing forgiven."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

Fields = dict[str, Any]
LISTS = frozenset({"item", "List"})  # the only nodes that may repeat
DEPTH_MAX = 8


class Malformed(ValueError):
    """The document is not well-formed; the message says where."""


@dataclass
class Element:
    """One XML node."""

    name: str
    text: str = ""
    children: list[Element] = field(default_factory=list)


def cdata(text: str) -> str:
    """Return a CDATA section; an end mark inside the text is split over two sections."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def to_xml(fields: Fields) -> str:
    """Return a push as XML; texts become CDATA, numbers stay bare, lists repeat their node."""
    return "<xml>" + "\n".join(_node(name, value) for name, value in fields.items()) + "\n</xml>"


def _node(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_node(name, item) for item in value)
    if isinstance(value, dict):
        inner = "".join(_node(key, item) for key, item in value.items())
    elif isinstance(value, int | float):
        inner = str(value)
    else:
        inner = cdata(str(value))
    return f"<{name}>{inner}</{name}>"


def to_json(fields: Fields, *, single_as_object: bool) -> str:
    """Return a push as JSON; a list of one element may come as that element."""
    shape = _collapse(fields) if single_as_object else fields
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def _collapse(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _collapse(item) for key, item in value.items()}
    if isinstance(value, list):
        return _collapse(value[0]) if len(value) == 1 else [_collapse(item) for item in value]
    return value


def parse_xml(body: bytes) -> Element:
    """Return the root node.

    Raises:
        Malformed: not well-formed, a document type, or deeper than any real reply.

    """
    root = Element("")
    open_nodes = [root]

    def start(name: str, _attributes: Any) -> None:
        if len(open_nodes) > DEPTH_MAX:
            raise Malformed("nested too deeply")
        node = Element(name)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def end(_name: str) -> None:
        open_nodes.pop()

    def text(data: str) -> None:
        open_nodes[-1].text += data

    def doctype(*_args: Any) -> None:
        raise Malformed("a DOCTYPE is not allowed")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat takes no keywords
    except expat.ExpatError as error:
        raise Malformed(str(error)) from error
    return root.children[0]


def as_fields(node: Element) -> Fields:
    """Return the children as nested fields; list nodes gather, of other repeats the first wins."""
    fields: Fields = {}
    for child in node.children:
        value = as_fields(child) if child.children else child.text
        if child.name in LISTS:
            fields.setdefault(child.name, []).append(value)
        else:
            fields.setdefault(child.name, value)
    return fields


def duplicates(node: Element) -> list[str]:
    """Return the names of nodes that stand twice where one is allowed."""
    names = [child.name for child in node.children if child.name not in LISTS]
    twice = sorted({name for name in names if names.count(name) > 1})
    return twice + [name for child in node.children for name in duplicates(child)]
