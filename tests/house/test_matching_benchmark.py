"""The parts of `scripts/bench matching` that need none of the peers."""

import importlib
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "scripts" / "benchmarks"
SAME = {"是": ["事", "市"], "事": ["是", "市"], "的": []}


@pytest.fixture
def figures(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    return importlib.import_module("figures")


@pytest.fixture
def variants(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    return importlib.import_module("variants")


def test_the_border_lets_no_more_than_a_twentieth_of_the_far_questions_through(figures):
    far = np.arange(100) / 100  # five are above 0.94
    inside = np.array([0.94, 0.95, 0.99, 0.5])
    right = np.array([True, True, False, True])
    assert figures.answered_at(inside, right, far) == 0.25


def test_equal_confidences_are_let_through_together_or_not_at_all(figures):
    inside, right = np.array([0.5, 0.5]), np.array([True, True])
    assert figures.answered_at(inside, right, np.full(20, 0.5)) == 0.0
    assert figures.answered_at(inside, right, np.array([])) is None


def test_the_lead_is_over_the_best_peer_of_each_figure(figures):
    ours, a, b = (
        {"R@1": x, "R@3": y, "R@10": z} for x, y, z in ((3, 4, 1), (1, 3, None), (2, 1, None))
    )
    assert figures.lead(ours, [a, b]) == {"R@1": 1, "R@3": 1, "R@10": None}


def test_a_slip_is_the_same_every_time_and_changes_as_many_characters(variants):
    text = "这是什么事"
    one = variants.slip(text, SAME, 1)
    assert one == variants.slip(text, SAME, 1)
    assert sum(a != b for a, b in zip(text, one, strict=True)) == 1
    assert sum(a != b for a, b in zip(text, variants.slip(text, SAME, 2), strict=True)) == 2


def test_a_text_without_homophones_keeps_its_characters(variants):
    assert variants.slip("好的", SAME, 2) == "好的"
