from knowledge import check, coverage, files, hotlines
from knowledge.topics import topics


def test_every_file_loads():
    assert len(files.load()) >= 210


def test_the_check_finds_nothing():
    assert [str(fault) for fault in check.check()] == []


def test_all_leaves_are_covered(entries):
    assert len({e.topic for e in entries}) == len(topics()) == 89


def test_every_answer_fills_without_a_placeholder_left(entries):
    for entry in entries:
        filled = hotlines.fill(entry.answer)
        assert not {"{", "}"} & set(filled), entry.id


def test_every_answer_fits_one_message_with_room_for_its_footer(entries):
    for entry in entries:
        assert len(hotlines.fill(entry.answer).encode()) <= 1500, entry.id


def test_only_these_ages_are_without_an_entry(entries):
    """Known gaps; a new one fails here, a filled one is taken off the list."""
    assert coverage.holes(coverage.counts(entries)) == [
        ("pol.migrant", "a0_3"),
        ("sp.support", "a0_3"),
        ("safe.fraud", "a0_3"),
    ]


def test_entries_were_reviewed_before_they_are_due(entries):
    for entry in entries:
        assert entry.reviewed_on < entry.review_due, entry.id
        assert all(s.checked <= entry.reviewed_on for s in entry.sources), entry.id
