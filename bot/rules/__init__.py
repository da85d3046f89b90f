"""Every rule, in the order in which they are asked and their actions planned.

To add one: its file here, its test, its templates, its section in ``docs/rules.md``, and a line below. A rule
that reports items for the checklist of pull requests stands before ``contribution_flow``, which shows them.
"""

from bot.core.rule import Rule
from bot.rules.assign_command import assign_command
from bot.rules.commits import commits
from bot.rules.contribution_flow import contribution_flow
from bot.rules.docs_follow_up import docs_follow_up
from bot.rules.documentation import documentation
from bot.rules.hold import hold
from bot.rules.idle_command import idle_command
from bot.rules.label_command import label_command
from bot.rules.learn import learn
from bot.rules.lgtm import lgtm
from bot.rules.linked_issue import linked_issue
from bot.rules.merge import merge
from bot.rules.merge_command import merge_command
from bot.rules.merge_readiness import merge_readiness
from bot.rules.path_labels import path_labels
from bot.rules.post_merge import post_merge
from bot.rules.pull_command import pull_command
from bot.rules.ready_command import ready_command
from bot.rules.release import release
from bot.rules.release_command import release_command
from bot.rules.release_gate import release_gate
from bot.rules.report_issue import report_issue
from bot.rules.retitle_command import retitle_command
from bot.rules.review import review
from bot.rules.review_command import review_command
from bot.rules.review_sheet import review_sheet
from bot.rules.size import size
from bot.rules.skip_command import skip_command
from bot.rules.testing import testing
from bot.rules.title import title
from bot.rules.triage import triage
from bot.rules.usher_command import usher_command
from bot.rules.welcome import welcome

RULES: tuple[Rule, ...] = (
    triage,
    welcome,
    title,
    commits,
    linked_issue,
    path_labels,
    size,
    hold,
    lgtm,
    review,
    testing,
    documentation,
    review_sheet,
    docs_follow_up,
    post_merge,
    release,
    merge_readiness,
    contribution_flow,
    merge,
    release_gate,
    report_issue,
    label_command,
    usher_command,
    idle_command,
    skip_command,
    pull_command,
    merge_command,
    assign_command,
    retitle_command,
    ready_command,
    review_command,
    release_command,
    learn,
)
