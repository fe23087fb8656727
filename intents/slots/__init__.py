"""What a message says beside its intent: places, children, a moment, a number chosen, and more."""

from intents.slots.ages import BANDS, Ages, load_ages
from intents.slots.reader import NAMES, Reading, Slots, load, load_choices

__all__ = ["BANDS", "NAMES", "Ages", "Reading", "Slots", "load", "load_ages", "load_choices"]
