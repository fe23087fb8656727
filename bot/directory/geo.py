"""Distances on the ground."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

#: Metres; the mean radius of the earth (IUGG).
_RADIUS = 6_371_008.8
#: Metres of one degree of latitude.
_DEGREE = 111_195.0
_KILOMETRE = 1000
_ROUND = 50


def metres(lat: float, lng: float, other_lat: float, other_lng: float) -> float:
    """Return the great-circle distance between two places in degrees (haversine)."""
    north, east = radians(other_lat - lat), radians(other_lng - lng)
    chord = sin(north / 2) ** 2
    chord += cos(radians(lat)) * cos(radians(other_lat)) * sin(east / 2) ** 2
    return 2 * _RADIUS * asin(min(1.0, sqrt(chord)))


def box(lat: float, lng: float, reach: float) -> tuple[float, float, float, float]:
    """Return south, north, west and east of a box that holds a circle of `reach` metres."""
    up = reach / _DEGREE
    aside = up / max(0.01, cos(radians(lat)))
    return lat - up, lat + up, lng - aside, lng + aside


def rounded(distance: float) -> tuple[str, bool]:
    """Return a distance as people say it, and whether it is in kilometres (else metres)."""
    if distance >= _KILOMETRE - _ROUND / 2:
        return f"{distance / _KILOMETRE:.1f}", True
    return str(max(_ROUND, round(distance / _ROUND) * _ROUND)), False
