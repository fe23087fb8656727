"""A plain harmless answer outweighs a weak guess of danger; what a rule found stays."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.entry import Entry
from knowledge.search import Found

#: The entry's risk is no higher.
HARMLESS = 1
#: So sure must the base be that its first hit is meant; or somewhat sure, and the hit so near. Of
#: 37,982 sentences of danger (intents/crisis/examples) 0.03 % of severity 3, 0.05 % of 2 and 0.2 %
#: of 1 are answered so, whatever the model says of them (docs/decisions/0008).
SURE, SOMEWHAT, NEAR = 0.9, 0.7, 0.8


def is_plain(found: Found, entries: Mapping[str, Entry]) -> bool:
    """Say whether a search among these entries came to a sure answer that no danger belongs to."""
    if not found.hits or entries[found.hits[0].entry].risk > HARMLESS:
        return False
    is_near = found.probability >= SOMEWHAT and found.hits[0].score >= NEAR
    return is_near or found.probability >= SURE
