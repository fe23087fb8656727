from __future__ import annotations

import numpy as np
import pytest
import yaml

from intents import crisis, crisis_kinds, crisis_runs, folding, second_look
from intents.crisis import FOLDER
from intents.crisis_rules import CATEGORIES
from intents.errors import CatalogueError
from knowledge import text as words

FITTED = FOLDER / "second_look.npz"
#: Gates over the fitted sentences; scripts/fit-second-look prints what is reached out of fold.
RECALL, FALSE_ALARMS, LARGEST_FILE, REPEATED = 0.97, 0.05, 2_000_000, 0.002


@pytest.fixture(scope="module")
def fold():
    return folding.load(FOLDER / "fold.yaml")


@pytest.fixture(scope="module")
def kinds(fold):
    return crisis_kinds.load(FOLDER / "kinds.yaml", fold)


@pytest.fixture(scope="module")
def look(kinds):
    return second_look.load(FITTED, kinds)


def groups(pattern):
    for path in sorted((FOLDER / "examples").glob(pattern)):
        yield from yaml.safe_load(path.read_text(encoding="utf-8")).items()


def danger():
    return [(c, int(n), t) for c, told in groups("danger*.yaml") for n in told for t in told[n]]


def ordinary():
    return [t for _, texts in groups("ordinary*.yaml") for t in texts]


def alarms(texts):
    return [found for found in map(crisis.screen, texts) if found is not None]


def test_fitted_sentences_are_known():
    texts = [t for _, severity, t in danger() if severity > 1]
    assert len(alarms(texts)) >= len(texts) * RECALL
    assert len(alarms(ordinary())) <= len(ordinary()) * FALSE_ALARMS


def test_the_examples_are_many_cover_every_category_and_hardly_repeat():
    assert len(danger()) >= 3000
    assert len(ordinary()) >= 2500
    assert {(c, n) for c, n, _ in danger()} == {(c, n) for c in CATEGORIES for n in (1, 2, 3)}
    for texts in ([t for *_, t in danger()], ordinary()):
        # authors who saw nothing of each other write a short sentence twice now and then
        assert len(texts) - len(set(texts)) <= len(texts) * REPEATED


def test_no_sentence_is_both():
    assert {t for *_, t in danger()}.isdisjoint(ordinary())


def test_an_alarm_of_the_second_look_names_itself_and_asks():
    found = next(alarm for alarm in alarms(t for *_, t in danger()) if not alarm.by_rule)
    assert found.rule == f"second_look.{found.category}"
    assert found.needs_check
    assert found.severity in {1, 2, 3}


def test_an_alarm_can_be_explained_by_the_runs_that_weigh_most():
    screen = crisis.load()
    shares = screen.why(words.normalise("他说要从楼上跳下去"))
    assert shares
    assert [share for _, share in shares] == sorted((s for _, s in shares), reverse=True)
    assert all(isinstance(run, str) and share > 0 for run, share in shares)


def test_a_known_command_is_never_taken_for_danger(understander):
    known = understander.catalogue
    for intent in known.intents.values():
        for text in intent.examples if intent.name != known.default else ():
            found = understander.understand(text).crisis
            assert found is None or found.by_rule, text


def test_words_of_one_kind_are_written_alike_and_read_by_name(kinds):
    assert kinds.write("爸爸打弟弟").signs == kinds.write("奶奶踢妹妹").signs
    assert kinds.read(kinds.write("爸爸打弟弟").signs) == "<family><hit><child>"


def test_signs_know_where_they_start(kinds):
    told = kinds.write("昨天爸爸打弟弟了")
    assert len(told.signs) == len(told.starts)
    assert "".join(kinds.read(s) for s in told.signs) == "<time><family><hit><child>了"
    assert told.starts == [0, 2, 4, 5, 7]


def test_a_short_message_is_one_window_and_a_long_one_many():
    assert second_look.windows("短") == ([(0, 1)], [])
    signs = " ".join(["孩子写作业很慢"] * 30)
    wide, narrow = second_look.windows(signs)
    assert len(narrow) > len(wide) > 5
    assert all(0 < end - begin <= second_look.WINDOW for begin, end in wide)
    assert all(0 < end - begin <= second_look.WINDOW / 2 for begin, end in narrow)
    for spans in (wide, narrow):
        assert (spans[0][0], spans[-1][1]) == (0, len(signs))
    unbroken = second_look.windows("字" * 300).wide
    assert all(end - begin <= second_look.WINDOW for begin, end in unbroken)
    assert unbroken[-1][1] == 300


def test_grave_clauses_are_found_in_a_story_of_any_length(look, fold):
    clause = "她说不想活了 手腕上一道道都是血"
    story = "孩子今年三年级 写作业总是很慢 "
    short, long = (fold.fold(words.normalise(story * n + clause)) for n in (6, 40))
    assert look.look(fold.fold(words.normalise(story * 6))) is None
    assert look.look(short)
    assert look.look(long)


def tiny(kinds, **bounds):
    """Return a model that knows one character, which scores 1."""
    known = crisis_runs.runs(kinds.write("救"))[:1]
    given = {"level": 0.5, "rise": 0.0, "less": 0.0, "today": 9.0, "now": 9.0, "known": 0.0}
    given |= {name: value for name, value in bounds.items() if name != "leaning"}
    votes = np.zeros((1, second_look.COLUMNS), dtype=np.float32)
    biases = np.zeros(1 + second_look.COLUMNS, dtype=np.float32)
    biases[1:] = bounds.get("leaning", 0.0)
    weights, levels = np.array([100], dtype=np.int8), np.array([*given.values()])
    fitted = second_look.Fitted(known, weights, 0.01, known, votes, biases, levels)
    return second_look.SecondLook(kinds, fitted)


def test_a_longer_message_needs_a_higher_score(kinds):
    short, long = "救甲乙丙", "救" + "甲乙丙" * 13
    assert tiny(kinds).look(short)
    assert tiny(kinds).look(long)
    assert tiny(kinds, rise=1.0).look(short)
    assert tiny(kinds, rise=1.0).look(long) is None
    assert second_look.longer(second_look.MIDDLE) == 0
    assert second_look.longer(second_look.MOST) == second_look.longer(10 * second_look.MOST)


def test_what_is_like_no_kind_of_danger_must_look_graver(kinds):
    text = "救甲乙丙"
    assert tiny(kinds, known=0.2, leaning=-2.0).look(text)
    assert tiny(kinds, known=0.3, leaning=-2.0).look(text) is None
    assert tiny(kinds, known=0.3, leaning=2.0).look(text).score == pytest.approx(1.0)


def test_one_window_counts_half_and_all_of_them_the_other_half(kinds):
    story = " ".join(["甲乙丙丁戊己庚辛壬癸" * 2] * 8)
    wide = len(second_look.windows(story).wide)
    one = tiny(kinds).score("救" + story[1:])
    assert one == pytest.approx(0.5 + 0.5 / wide)
    each = tiny(kinds).score(" ".join(["救乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸"] * 8))
    assert each > 2 * one


def test_less_is_enough_for_what_looks_urgent(kinds):
    words = "救甲乙丙"
    assert tiny(kinds, level=1.2, less=0.5).look(words) is None
    urgent = tiny(kinds, level=1.2, less=0.5, now=-1.0).look(words)
    assert urgent.severity == 3
    assert tiny(kinds, level=1.6, less=0.5, now=-1.0).look(words) is None


def test_the_model_names_the_kind_of_what_a_rule_found():
    found = crisis.screen("她把一整盒头孢就着白酒喝了")
    assert found.rule.startswith("medical.")
    assert found.category == "self_harm"


def test_the_fitted_file_is_small_and_holds_only_arrays():
    assert FITTED.stat().st_size < LARGEST_FILE
    with np.load(FITTED, allow_pickle=False) as file:
        assert int(file["format"]) == second_look.FORMAT


def test_a_file_that_is_away_damaged_or_of_another_format_is_refused(tmp_path, kinds):
    path = tmp_path / "second_look.npz"
    with pytest.raises(CatalogueError, match="cannot be read"):
        second_look.load(path, kinds)
    path.write_bytes(FITTED.read_bytes()[:500])
    with pytest.raises(CatalogueError, match="cannot be read"):
        second_look.load(path, kinds)
    with np.load(FITTED) as file:
        arrays = {name: file[name] for name in file.files}
    np.savez(path, **arrays | {"format": np.array(0)})
    with pytest.raises(CatalogueError, match="is not of format"):
        second_look.load(path, kinds)
    np.savez(path, **arrays | {"weights": arrays["weights"][1:]})
    with pytest.raises(CatalogueError, match="do not belong together"):
        second_look.load(path, kinds)


def test_a_kind_without_a_name_of_small_letters_is_refused(write, fold):
    path = write("kinds.yaml", "K: 孩子\n")
    with pytest.raises(CatalogueError, match=r"kinds\.yaml:1: `K` is no name of a kind"):
        crisis_kinds.load(path, fold)
