"""Merging: who asked for it, whether that still holds, what stands in its way, and the commit's words."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.core.events import MAINTAINER_ASSOCIATIONS
from bot.core.facts import Fact
from bot.core.flow import Status, Who
from bot.core.limits import LABEL_NAME
from bot.core.phrases import Phrase
from bot.core.pull_actions import RecordWord
from bot.core.pull_context import Word, Words
from bot.core.pulls import PullRequest, Reviews
from bot.core.release.templates import filled, only
from bot.core.rule import Section
from bot.core.verdicts import verdicts

METHODS = ("squash", "merge", "rebase")  # the first that the repository allows is used

#: What is kept of a pull request's way into its base: each is a word with the head that it was about.
ASKED = "merge"  # a person asked for it; the detail is the base, and the method where they named one
UPDATED = "merge update"  # Usher updated the branch; the detail has the heads before, which people looked at
REFUSED = "merge refused"  # what GitHub said; the detail's first line is what had been seen then
QUEUED = "merge queue"  # it was put into the merge queue
DEQUEUED = "merge dequeued"  # it was taken out of the merge queue
GITHUB = "GitHub"  # who said so, where it was no person

_VARIABLES = frozenset({"TITLE", "NUMBER", "BODY", "AUTHOR", "REVIEWED_BY"})
_NEVER = datetime.min.replace(tzinfo=UTC)


Label = Annotated[str, Field(min_length=1, max_length=LABEL_NAME)]
Labels = Annotated[tuple[Label, ...], Field(max_length=20)]


class MergeConfig(Section):
    """Merging pull requests that somebody asked to be merged."""

    label: str = Field(
        default="",
        max_length=LABEL_NAME,
        description="A label that asks for the merge, such as `automerge`; empty: only `/merge` does.",
    )
    method: Literal["", "merge", "squash", "rebase"] = Field(
        default="",
        description="How to merge; empty: the first of squash, merge and rebase that the repository allows.",
    )
    commit_title: Annotated[str, Field(max_length=250), AfterValidator(only(_VARIABLES))] = Field(
        default="",
        description="The commit's first line, with `$TITLE`, `$NUMBER`, `$AUTHOR`; empty: GitHub's own.",
    )
    commit_message: Annotated[str, Field(max_length=5_000), AfterValidator(only(_VARIABLES))] = Field(
        default="",
        description="The rest of the commit's message, with these and `$BODY`, `$REVIEWED_BY`; empty:"
        " GitHub's own.",
    )
    update_branch: bool = Field(
        default=True,
        description="Bring the branch up to date before the merge where the branch protection wants that.",
    )
    delete_branch: bool = Field(
        default=False, description="`true` deletes the branch after the merge; never one of a fork."
    )
    needs_labels: Labels = Field(
        default=(), description="Labels that all have to be on it before Usher merges."
    )
    blocking_labels: Labels = Field(
        default=("do-not-merge",), description="Labels with which Usher does not merge."
    )


@dataclass(frozen=True, slots=True)
class QueuePlace(Fact):
    """Where a pull request is that was put into a merge queue.

    Args:
        state: ``queued``; ``out`` where it was taken out, and ``merged``; "" where it was never in.
    """

    state: Literal["", "queued", "out", "merged"] = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """That a pull request shall be merged as it is.

    Args:
        by: the login of who said so; "" where the label does.
        at: when (UTC); None where the label does.
        method: how; "" where nobody said.
        vouchers: people one of whom must have write rights when it is merged; nobody where all who could
            push to it have them.
    """

    by: str = ""
    at: datetime | None = None
    method: str = ""
    vouchers: tuple[str, ...] = ()


def looked_at(words: Words, head: str) -> frozenset[str]:
    """The heads whose lookers have seen what is there: this one, and those that Usher itself updated."""
    heads = {head}
    for word in words.of(UPDATED):
        if word.sha == head:
            heads |= set(word.detail.split())
    return frozenset(heads)


def wish_of(pull: PullRequest, words: Words, reviews: Reviews, config: MergeConfig) -> Wish | None:
    """Who wants it merged as it is; None where nobody does, or did so before somebody pushed."""
    if is_dequeued(pull, words):
        return None
    heads = looked_at(words, pull.head_sha)
    said = [
        word
        for word in words.of(ASKED)
        if word.sha in heads and word.detail.partition(" ")[0] == pull.base  # which the author may change
    ]
    if said:
        last = max(said, key=said_at)
        return Wish(last.by, last.at, last.detail.partition(" ")[2] or config.method, (last.by,))
    if not is_labelled(pull, config):
        return None
    if _is_pushed_by_writers(pull):
        return Wish(method=config.method)
    approving = _approving(pull, reviews, heads)
    return Wish(method=config.method, vouchers=approving) if approving else None


def asking(by: str, pull: PullRequest, method: str, at: datetime | None, reason: str) -> RecordWord:
    """A person's word that a pull request be merged as it is, into the base that it has."""
    detail = f"{pull.base} {method}".strip()
    when = at.isoformat() if at else ""
    return RecordWord(word=ASKED, by=by, sha=pull.head_sha, detail=detail, at=when, reason=reason)


def is_labelled(pull: PullRequest, config: MergeConfig) -> bool:
    """Whether it has the label that asks for the merge."""
    return bool(config.label) and pull.has_label(config.label)


def queue_of(pull: PullRequest, words: Words, place: QueuePlace) -> Literal["", "queued", "out"]:
    """Whether it is in the merge queue, or was taken out of it and nobody has asked again."""
    if place.state == "queued":
        return "queued"
    return "out" if place.state == "out" or is_dequeued(pull, words) else ""


def is_dequeued(pull: PullRequest, words: Words) -> bool:
    """Whether it was taken out of the merge queue as it is; who asks again makes Usher forget that."""
    return any(word.sha == pull.head_sha for word in words.of(DEQUEUED))


def obstacle(pull: PullRequest, config: MergeConfig) -> tuple[Status, Phrase, Who] | None:
    """What people have to do first, whoever asked."""
    if pull.merge_state == "dirty" or pull.mergeable is False:
        text = "conflicts with `{base}`: bring the branch up to date and resolve them"
        who: Who = "maintainers" if pull.author.is_bot else "author"
        return Status.MISSING, Phrase(text, {"base": pull.base}), who
    if pull.is_draft:
        return Status.WAITING, Phrase("not while it is a draft"), "author"
    for label in config.blocking_labels:
        if pull.has_label(label):
            text = "held back by the label {label}"
            return Status.MISSING, Phrase(text, {"label": label}), "maintainers"
    for label in config.needs_labels:
        if not pull.has_label(label):
            return Status.WAITING, Phrase("needs the label {label}", {"label": label}), "maintainers"
    return None


def seen_of(pull: PullRequest, wish: Wish, reviews: Reviews) -> str:
    """What GitHub's answer depends on, in one line.

    Where it refused, it is asked again when this changes, or when somebody says so.
    """
    state = pull.merge_state if pull.merge_state in {"blocked", "behind"} else "open"
    approved = verdicts(pull, reviews, MAINTAINER_ASSOCIATIONS, dismiss_stale=False).approved
    return f"{state}; asked by {wish.by or 'label'}; approved by {', '.join(approved) or 'nobody'}"


def refusal_of(pull: PullRequest, words: Words) -> tuple[str, str]:
    """What had been seen when GitHub refused this head, and what it said; "" where it did not."""
    for word in words.of(REFUSED):
        if word.sha == pull.head_sha:
            seen, _, said = word.detail.partition("\n")
            return seen, said
    return "", ""


def commit_texts(pull: PullRequest, reviews: Reviews, config: MergeConfig) -> tuple[str, str]:
    """The title and the message of the commit; "" for GitHub's own."""
    approved = verdicts(pull, reviews, MAINTAINER_ASSOCIATIONS, dismiss_stale=False).approved
    values = {
        "TITLE": pull.title,
        "NUMBER": str(pull.number),
        "BODY": pull.body,
        "AUTHOR": pull.author.login,
        "REVIEWED_BY": ", ".join(approved),
    }
    title = " ".join(filled(config.commit_title, values).split())
    return title, filled(config.commit_message, values).strip()


def said_at(word: Word) -> datetime:
    """When it was said, for comparing."""
    return word.at or _NEVER


def _is_pushed_by_writers(pull: PullRequest) -> bool:
    """Whether nobody without write rights can have put commits there."""
    return not pull.is_fork and (pull.association in MAINTAINER_ASSOCIATIONS or pull.author.is_bot)


def _approving(pull: PullRequest, reviews: Reviews, heads: frozenset[str]) -> tuple[str, ...]:
    """Who of the maintainers approved what is there, and no earlier state."""
    found = {
        login
        for head in heads
        for login in verdicts(
            replace(pull, head_sha=head), reviews, MAINTAINER_ASSOCIATIONS, dismiss_stale=True
        ).approved
    }
    return tuple(sorted(found))
