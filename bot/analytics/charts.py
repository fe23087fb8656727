"""A sheet as an option of ECharts: plain data; the page brings the colours."""

from __future__ import annotations

from typing import Any

from bot.analytics.sheet import Sheet


def option(sheet: Sheet) -> dict[str, Any]:
    """Return what ECharts draws of a sheet; what is not shown is a gap."""
    names = {"type": "category", "data": list(sheet.labels)}
    values: dict[str, Any] = {"type": "value", "axisLabel": {"hideOverlap": True}}
    if sheet.unit:
        values["axisLabel"]["formatter"] = f"{{value}}{sheet.unit}"
        values["max"] = 100 if sheet.stacked else None
    made: dict[str, Any] = {"series": [_series(sheet, name) for name in sheet.series]}
    if len(sheet.series) > 1:
        made["legend"] = {}
    if sheet.form == "bars":
        made |= {"xAxis": values, "yAxis": names | {"inverse": True}}
    else:
        made |= {"xAxis": names, "yAxis": values}
    made["grid"] = {"containLabel": True}
    return made


def _series(sheet: Sheet, name: str) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "bar", "name": name, "data": list(sheet.series[name])}
    if sheet.stacked:
        made |= {"stack": "all", "itemStyle": {"borderRadius": 0}}
    return made


def height(sheet: Sheet) -> str:
    """Return how high the chart is drawn, as a size of the chart macro."""
    if sheet.form == "bars":
        return "lg" if len(sheet.labels) > 6 else "md"  # noqa: PLR2004 - lines that fit
    return "md"
