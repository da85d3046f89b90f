"""Welcome: a first issue, a first pull request and a first merge, each greeted once."""

from pydantic import Field

from bot.core.actions import Action, UpsertComment
from bot.core.actors import MAINTAINER_ASSOCIATIONS
from bot.core.events import (
    IssueOpened,
    PullRequestMerged,
    PullRequestOpened,
    Thread,
    ThreadEvent,
)
from bot.core.facts import AuthorHistory, Facts
from bot.core.rule import Section, rule

_TEXT = 2_000  # characters of the maintainers' own Markdown in one comment


class WelcomeConfig(Section):
    """Greetings for newcomers."""

    issue: bool = Field(default=True, description="Greet a person's first issue.")
    pull_request: bool = Field(default=True, description="Greet a person's first pull request.")
    merge: bool = Field(default=True, description="Thank a person for their first merged pull request.")
    message_issue: str = Field(
        default="", max_length=_TEXT, description="Your own Markdown, added to the greeting of a first issue."
    )
    message_pull_request: str = Field(
        default="",
        max_length=_TEXT,
        description="Your own Markdown, added to the greeting of a first pull request.",
    )
    message_merge: str = Field(
        default="", max_length=_TEXT, description="Your own Markdown, added to the thanks for a first merge."
    )


@rule(
    on=(IssueOpened, PullRequestOpened, PullRequestMerged),
    needs=(AuthorHistory,),
    config=WelcomeConfig,
    section="welcome",
)
def welcome(event: ThreadEvent, config: WelcomeConfig, facts: Facts) -> list[Action]:
    """Greet a newcomer's first issue, first pull request and first merge."""
    before = facts[AuthorHistory]
    if not _is_newcomer(event.thread):
        return []
    match event:
        case IssueOpened() if config.issue and before.issues == 0:
            return [_greeting(event.thread, "welcome", config.message_issue, "issue")]
        case PullRequestOpened() if config.pull_request and before.pulls == 0:
            is_draft = event.pull is not None and event.pull.is_draft
            first = "draft" if is_draft else "pull request"
            return [_greeting(event.thread, "welcome", config.message_pull_request, first)]
        case PullRequestMerged() if config.merge and before.merged == 0:
            return [_greeting(event.thread, "first-merge", config.message_merge, "merged pull request")]
        case _:
            return []


def _is_newcomer(thread: Thread) -> bool:
    """Whether the author is a person (not a bot, not a deleted account) from outside the team."""
    author = thread.author
    return author.id is not None and not author.is_bot and thread.association not in MAINTAINER_ASSOCIATIONS


def _greeting(thread: Thread, purpose: str, message: str, first: str) -> UpsertComment:
    context = {"author": thread.author.login, "message": message}
    if purpose == "welcome":
        context["first"] = first
    return UpsertComment(
        purpose=purpose,
        template=purpose,
        context=context,
        reason=f"the first {first} of {thread.author.login} here",
    )
