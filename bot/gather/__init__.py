"""From fact type to how it is obtained. Each fact is obtained once per event."""

from bot.gather.configs import ConfigSource
from bot.gather.facts import Gatherer
from bot.gather.situation import Situation

__all__ = ["ConfigSource", "Gatherer", "Situation"]
