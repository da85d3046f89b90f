"""Documentation that was waived is not forgotten: once the pull request is merged, an issue stands for it."""

from bot.core.docs_needs import is_left_for_later
from bot.core.docs_settings import DocsConfig
from bot.core.events import PullEvent
from bot.core.facts import Facts
from bot.core.pull_actions import UpsertIssue
from bot.core.pull_context import Skips
from bot.core.pulls import ChangedFiles, PullRequest
from bot.core.rule import rule


@rule(
    on=PullEvent,
    needs=(PullRequest, Skips, ChangedFiles),
    config=DocsConfig,
    section="docs",
    spares=lambda config: () if _is_wanted(config) else (ChangedFiles,),
)
def docs_follow_up(_event: PullEvent, config: DocsConfig, facts: Facts) -> list[UpsertIssue]:
    """Open an issue for documentation that was waived, once the pull request is merged."""
    pull, waived = facts[PullRequest], facts[Skips].of("docs")
    if not pull.is_merged or waived is None or not _is_wanted(config):
        return []
    if not is_left_for_later(config, facts[ChangedFiles], waived):
        return []
    return [
        UpsertIssue(
            purpose=f"docs-follow-up {pull.number}",
            title=f"Document #{pull.number}: {pull.title}",
            template="docs-follow-up",
            context={
                "number": pull.number,
                "title": pull.title,
                "by": waived.by,
                "why": waived.reason,
            },
            labels=(config.follow_up_label,),
            reason=f"#{pull.number} was merged, and {waived.by} had waived its documentation with /skip docs",
        )
    ]


def _is_wanted(config: DocsConfig) -> bool:
    return config.follow_up and not config.is_silent
