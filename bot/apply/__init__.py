"""Effects: the executor of plans, and its undoing. Nothing else writes to GitHub."""

from bot.apply.executor import EXECUTORS, Executor
from bot.apply.undo import UNDO

__all__ = ["EXECUTORS", "UNDO", "Executor"]
