"""The body of a push, XML or JSON, as one tree, and the form a reply must have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from bot.wechat import jsontree, xmltree

if TYPE_CHECKING:
    from bot.wechat.xmltree import Tree

Form: TypeAlias = Literal["xml", "json"]


def form(body: bytes) -> Form:
    """Say what a body is by its first character; the Content-Type of real pushes is not reliable.

    Source: WECHAT.md 2.1 and R18 (the data format is a choice in the platform's console).
    """
    return "json" if body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else "xml"


def parse(body: bytes) -> tuple[Form, Tree]:
    """Return the form and the fields of a push.

    Raises:
        Malformed: see `xmltree.parse` and `jsontree.parse`.
    """
    kind = form(body)
    return kind, (xmltree if kind == "xml" else jsontree).parse(body)
