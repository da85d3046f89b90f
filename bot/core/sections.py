"""Sections of the config file that several rules share. A section of one rule stands beside that rule."""

from pydantic import Field

from bot.core.limits import LABEL_NAME
from bot.core.rule import Section


class CommandsConfig(Section):
    """Commands in comments."""

    create_labels: bool = Field(
        default=False,
        description="`true` lets `/label` create a label that the repository does not have yet.",
    )
    hold_label: str = Field(
        default="do-not-merge/hold",
        min_length=1,
        max_length=LABEL_NAME,
        description="The label that `/hold` puts on a pull request and `/hold cancel` takes off.",
    )
    lgtm_label: str = Field(
        default="lgtm",
        min_length=1,
        max_length=LABEL_NAME,
        description="The label that `/lgtm` puts on a pull request; a push takes it off.",
    )
