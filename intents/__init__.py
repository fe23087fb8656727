"""What parents mean: the crisis screen, sentence patterns, slots."""

from intents.crisis import Crisis
from intents.understand import Understander, Understanding, load

__all__ = ["Crisis", "Understander", "Understanding", "load"]
