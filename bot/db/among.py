"""`column IN (thousands of texts)` with one parameter: compiled once, whatever their number."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, any_, bindparam, func, select


def among(
    tx: Connection, column: ColumnElement[Any], texts: Collection[str]
) -> ColumnElement[bool]:
    """Return the condition that a column is one of these texts; it finds them by an index."""
    if tx.dialect.name == "sqlite":
        said = json.dumps(list(texts), ensure_ascii=False)
        listed = func.json_each(bindparam(None, said, String)).table_valued("value")
        return column.in_(select(listed.c.value))
    from sqlalchemy.dialects import postgresql

    return column == any_(bindparam(None, list(texts), postgresql.ARRAY(String)))


def among_named(column: ColumnElement[Any], name: str, *, is_sqlite: bool) -> ColumnElement[bool]:
    """Return the same condition for a statement that is made once: its parameter has a name.

    The value is `listed` of the texts.
    """
    if is_sqlite:
        each = func.json_each(bindparam(name, type_=String)).table_valued("value")
        return column.in_(select(each.c.value))
    from sqlalchemy.dialects import postgresql

    return column == any_(bindparam(name, type_=postgresql.ARRAY(String)))


def listed(tx: Connection, texts: Collection[str]) -> str | list[str]:
    """Return texts as the parameter of `among_named`."""
    if tx.dialect.name == "sqlite":
        return json.dumps(list(texts), ensure_ascii=False)
    return list(texts)
