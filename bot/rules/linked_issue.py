"""Linked issue: which issues a pull request closes, and on request that it closes one."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from bot.core.conventional import parse
from bot.core.events import PullEvent
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.phrases import Phrase
from bot.core.pulls import PullRequest
from bot.core.references import Reference, references
from bot.core.rule import Section, rule

_SHOWN = 5  # issues in one sentence
_WAIVE = "; a maintainer can waive it with `/skip issue <reason>`"

Names = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], Field(max_length=200)]


class LinkedIssueConfig(Section):
    """The issue that a pull request solves."""

    required: bool = Field(
        default=False, description="`true` holds a pull request up until it is linked to an issue."
    )
    any_mention: bool = Field(
        default=False, description="`true` is content with an issue that is named without a closing keyword."
    )
    exempt_labels: Names = Field(default=(), description="Labels of pull requests that need no issue.")
    exempt_types: Names = Field(
        default=(), description="Types in conventional titles that need no issue, such as `docs`."
    )
    exempt_lines: int = Field(
        default=0,
        ge=0,
        le=100_000,
        description="Pull requests of so many changed lines or fewer need no issue.",
    )


@rule(on=PullEvent, needs=(PullRequest,), config=LinkedIssueConfig, section="linked_issue")
def linked_issue(event: PullEvent, config: LinkedIssueConfig, facts: Facts) -> list[Item]:
    """Show which issues a pull request closes, or ask for one."""
    pull = facts[PullRequest]
    if not pull.is_open:
        return []
    status, text = _state(event, pull, config)
    return [Item("issue", "Linked issue", Stage.OPENED, status, text, needed=config.required)]


def _state(event: PullEvent, pull: PullRequest, config: LinkedIssueConfig) -> tuple[Status, Phrase]:
    named = _named(event, pull)
    if closed := tuple(issue for issue in named if issue.is_closing):
        return Status.DONE, _closing(closed, event, pull)
    if named and config.any_mention:
        return Status.DONE, Phrase("about {issues}", {"issues": _listed(named)})
    if reason := _exemption(pull, config):
        return Status.NOT_APPLICABLE, reason
    if not config.required:
        return Status.NOT_APPLICABLE, Phrase("none needed; `Closes #N` in the description would link one")
    return Status.MISSING, _request(named, config)


def _request(named: Sequence[Reference], config: LinkedIssueConfig) -> Phrase:
    """What to do for an issue to be linked."""
    if config.any_mention:
        return Phrase("name the issue, as in `#N`, in the description" + _WAIVE)
    if not named:
        return Phrase("name the issue that this solves, as in `Closes #N`, in the description" + _WAIVE)
    text = "only mentions {issues}: if it solves that, put `Closes` before it in the description"
    return Phrase(text + _WAIVE, {"issues": _listed(named)})


def _named(event: PullEvent, pull: PullRequest) -> list[Reference]:
    """The issues that the description names, then those in the title; the pull request itself is none."""
    own = event.repository.full_name
    found = (*references(pull.body, own), *_mentions(pull.title, own))
    return [issue for issue in found if issue.repository or issue.number != pull.number]


def _mentions(title: str, own: str) -> list[Reference]:
    """A title closes nothing, whatever it says."""
    return [Reference(found.number, found.repository) for found in references(title, own)]


def _closing(closed: Sequence[Reference], event: PullEvent, pull: PullRequest) -> Phrase:
    """GitHub heeds the keywords where the pull request goes to the default branch, and only there."""
    issues, default = _listed(closed), event.repository.default_branch
    if pull.base == default:
        return Phrase("closes {issues}", {"issues": issues})
    text = "solves {issues}; GitHub closes it only when this reaches `{default}`"
    return Phrase(text, {"issues": issues, "default": default})


def _exemption(pull: PullRequest, config: LinkedIssueConfig) -> Phrase | None:
    """Why a pull request needs no issue; None where it does."""
    if pull.author.is_bot:
        return Phrase("not asked of bots")
    if label := next((name for name in config.exempt_labels if pull.has_label(name)), ""):
        return Phrase("not asked for with the label `{label}`", {"label": label})
    said = parse(pull.title)
    if said and said.type in {name.casefold() for name in config.exempt_types}:
        return Phrase("not asked for with the type `{type}`", {"type": said.type})
    lines = pull.additions + pull.deletions
    if 0 < lines <= config.exempt_lines:
        return Phrase("not asked of {most} changed lines or fewer", {"most": config.exempt_lines})
    return None


def _listed(issues: Sequence[Reference]) -> str:
    names = list(dict.fromkeys(map(str, issues)))
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
