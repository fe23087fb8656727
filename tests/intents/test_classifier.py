"""The fitted classifier: its file, its sources, and what it may overrule."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from intents import classifier, grams, training, variants
from intents.errors import CatalogueError
from knowledge import files, text
from knowledge.entry import Status

#: Gates; lowering one is a reviewed edit.
LARGEST_FILE, STOLEN = 1_000_000, 0.005


@pytest.fixture(scope="module")
def fitted():
    return classifier.load()


def best(fitted, message):
    plain = text.normalise(message)
    return fitted.best(plain, variants.mapped(plain))


def test_the_file_was_fitted_on_the_sentences_there_are(understander, fitted):
    digest = training.digest(training.sentences(understander.catalogue))
    assert fitted.sources == digest, "intents/classifier.npz is stale: run scripts/fit-intents"


def test_it_knows_every_intent_read_from_text_but_the_numbers(understander, fitted):
    known = understander.catalogue
    read = {i.name for i in known.intents.values() if not i.event}
    assert set(fitted.labels) == read - {"number_choice"}
    assert fitted.default == known.default


def test_the_file_is_small_and_holds_only_arrays():
    assert classifier.PATH.stat().st_size < LARGEST_FILE
    with np.load(classifier.PATH, allow_pickle=False) as file:
        assert int(file["format"]) == classifier.FORMAT


def test_an_example_is_likeliest_of_its_own_intent(understander, fitted):
    told = [s for s in training.sentences(understander.catalogue) if s.source == "example"]
    commands = [s for s in told if s.label != fitted.default]
    right = [best(fitted, s.text).intent == s.label for s in commands]
    assert sum(right) >= len(right) * 0.95


def test_hardly_any_wording_of_the_base_is_taken_for_a_command(understander):
    asked = [
        wording
        for entry in files.load()
        if entry.status is Status.PUBLISHED and not entry.topic.startswith("svc")
        for wording in entry.askings()
    ]
    rules = [understander.understand(wording).rule for wording in asked]
    stolen = [rule for rule in rules if rule.startswith("classifier:")]
    assert len(stolen) <= len(asked) * STOLEN


def test_a_probability_is_one_and_a_short_message_needs_less(fitted):
    short, long = fitted.bounds
    assert 0 <= short <= long
    guess = best(fitted, "退订")
    assert 0 < guess.probability <= 1
    assert guess == fitted.guess("退订", "退订")
    votes = fitted.votes(classifier.numbers("退订", "退订"))
    assert fitted.labels[int(votes.argmax())] == guess.intent


def test_what_is_long_or_empty_is_never_a_command(fitted):
    assert fitted.guess("", "") is None
    long = "退订" * (classifier.LONGEST // 2 + 1)
    assert fitted.guess(long, long) is None


def test_both_spellings_are_seen_and_ends_are_marked():
    assert classifier.features("退订", "退订") - classifier._sounds("退订") == {
        "<",
        "退",
        "订",
        ">",
        "<退",
        "退订",
        "订>",
        "<退订",
        "退订>",
    }
    assert classifier.features("唔", "不") >= {"唔", "不"}
    assert classifier._sounds("证书") == classifier._sounds("政书")
    assert classifier.features("退 订", "退 订") == classifier.features("退订", "退订")


@pytest.mark.parametrize(
    ("plain", "mapped"),
    [
        ("退订", "退订"),
        ("唔知點算", "不知道怎么办"),
        ("a", "a"),
        ("", ""),
        ("点 算\U00020bb7", "怎么办"),
    ],
)
def test_the_numbers_of_a_message_are_those_of_its_features(plain, mapped):
    mapped = plain if mapped == plain else mapped
    seen = sorted(classifier.features(plain, mapped))
    assert sorted(grams.of(seen).tolist()) == classifier.numbers(plain, mapped).tolist()
    assert len(set(grams.of(seen).tolist())) == len(seen)


def test_scikit_learn_is_not_imported_to_serve():
    code = "import sys, intents; intents.load().understand('退订'); print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_file_that_is_away_damaged_or_of_another_format_is_refused(tmp_path):
    path = tmp_path / "classifier.npz"
    with pytest.raises(CatalogueError, match="cannot be read"):
        classifier.load(path)
    path.write_bytes(classifier.PATH.read_bytes()[:500])
    with pytest.raises(CatalogueError, match="cannot be read"):
        classifier.load(path)
    with np.load(classifier.PATH) as file:
        arrays = {name: file[name] for name in file.files}
    np.savez(path, **arrays | {"format": np.array(0)})
    with pytest.raises(CatalogueError, match="run scripts/fit-intents"):
        classifier.load(path)
    np.savez(path, **arrays | {"weights": arrays["weights"][1:]})
    with pytest.raises(CatalogueError, match="do not belong together"):
        classifier.load(path)


def test_a_changed_sentence_changes_the_digest(understander):
    told = training.sentences(understander.catalogue)
    assert training.digest(told) == training.digest(reversed(told))
    assert training.digest(told) != training.digest(told[1:])


def test_sentences_drawn_from_patterns_are_always_the_same(understander):
    told = training.sentences(understander.catalogue)
    assert told == training.sentences(understander.catalogue)
    assert {s.source for s in told} == {"example", "spoken", "pattern"}


def test_questions_are_those_no_pattern_knows(understander):
    told = list(training.questions(understander.catalogue))
    assert {s.source for s in told} == {"wording", "service", "near", "topic", "ordinary"}
    for sentence in told:
        assert (
            understander.understand(sentence.text).rule.partition(":")[0]
            in {
                "default",
                "classifier",
            }
            or understander.understand(sentence.text).crisis
        )


def test_two_letters_are_not_taken_for_a_character():
    # Python's own hash of a text is that of its bytes, and these have the same
    assert "整".encode("utf-16-le") == b"te"
    assert grams.of(["te"]) != grams.of(["整"])
