"""From fact type to how it is obtained. Each fact is obtained once per event."""

from bot.gather.configs import ConfigSource
from bot.gather.facts import Gatherer, Situation

__all__ = ["ConfigSource", "Gatherer", "Situation"]
