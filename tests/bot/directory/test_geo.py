"""Distances, against known ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory import geo

TOWER, AIRPORT = (23.1064, 113.3245), (23.3924, 113.2988)
LAT = st.floats(22.3, 24.2)
LNG = st.floats(112.7, 114.3)


def test_a_known_distance():
    # one degree of latitude on this sphere, and the tower to the airport
    assert geo.metres(23, 113, 24, 113) == pytest.approx(111_195, rel=1e-4)
    assert geo.metres(*TOWER, *AIRPORT) == pytest.approx(31_900, rel=0.01)
    assert geo.metres(*TOWER, *TOWER) == 0


@given(LAT, LNG, LAT, LNG)
def test_the_way_back_is_as_long(lat, lng, other_lat, other_lng):
    there = geo.metres(lat, lng, other_lat, other_lng)
    assert there == pytest.approx(geo.metres(other_lat, other_lng, lat, lng), abs=1e-3)


@given(LAT, LNG, LAT, LNG, st.floats(100, 60_000))
def test_whatever_is_in_reach_is_in_the_box(lat, lng, other_lat, other_lng, reach):
    south, north, west, east = geo.box(lat, lng, reach)
    if geo.metres(lat, lng, other_lat, other_lng) <= reach * 0.999:
        assert south <= other_lat <= north
        assert west <= other_lng <= east


@pytest.mark.parametrize(
    ("metres", "said"),
    [(0, ("50", False)), (130, ("150", False)), (960, ("950", False)), (976, ("1.0", True)),
     (12_340, ("12.3", True))],
)  # fmt: skip
def test_a_distance_is_said_roundly(metres, said):
    assert geo.rounded(metres) == said
