"""Every rule, in the order in which their actions are planned.

To add one: its file here, its test, its templates, its section in ``docs/rules.md``, and a line below.
"""

from bot.core.rule import Rule
from bot.rules.label_command import label_command
from bot.rules.learn import learn
from bot.rules.triage import triage
from bot.rules.usher_command import usher_command
from bot.rules.welcome import welcome

RULES: tuple[Rule, ...] = (
    triage,
    welcome,
    label_command,
    usher_command,
    learn,
)
