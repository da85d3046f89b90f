"""Sections of the config file that several rules share. A section of one rule stands beside that rule."""

from pydantic import Field

from bot.core.rule import Section


class CommandsConfig(Section):
    """Commands in comments."""

    create_labels: bool = Field(
        default=False,
        description="`true` lets `/label` create a label that the repository does not have yet.",
    )
