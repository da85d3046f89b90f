"""Merging: who asked for it, whether that still holds, what stands in its way, and the commit's words."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from bot.core.actors import MAINTAINER_ASSOCIATIONS
from bot.core.facts import Fact
from bot.core.flow import Status, Who
from bot.core.heads import looked_at
from bot.core.limits import LABEL_NAME
from bot.core.merge_texts import body_text, title_text
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
REFUSED = "merge refused"  # what GitHub said; the detail's first line is what had been seen then
QUEUED = "merge queue"  # it was put into the merge queue
DEQUEUED = "merge dequeued"  # it was taken out of the merge queue
DELAYED = "merge delayed"  # it could not be told yet; the detail is how often in a row
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

    @model_validator(mode="after")
    def _agrees(self) -> "MergeConfig":
        blocking = {label.casefold() for label in self.blocking_labels}
        if any(label.casefold() in blocking for label in (*self.needs_labels, self.label)):
            raise ValueError("without a label in `blocking_labels` that it waits for elsewhere")
        return self


@dataclass(frozen=True, slots=True)
class QueuePlace(Fact):
    """Where a pull request is that was put into a merge queue.

    Args:
        state: ``queued``; ``out`` where it was taken out, and ``merged``; "" where it was never in.
        unchecked: the commit that the queue made of it and that waits for Usher's check; "" without one.
    """

    state: Literal["", "queued", "out", "merged"] = ""
    unchecked: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """That a pull request shall be merged as it is.

    Args:
        by: the login of who said so; "" where the label does.
        at: when (UTC); None where the label does.
        method: how; "" where nobody said.
        vouchers: people one of whom must have write rights when it is merged; nobody where a bot's own pull
            request in the repository is asked for by the label.
    """

    by: str = ""
    at: datetime | None = None
    method: str = ""
    vouchers: tuple[str, ...] = ()


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
        asking = tuple(dict.fromkeys(word.by for word in (last, *said)))  # the rights of any of them will do
        return Wish(last.by, last.at, last.detail.partition(" ")[2] or config.method, asking)
    if not is_labelled(pull, config):
        return None
    if pull.author.is_bot and not pull.is_fork:
        return Wish(method=config.method)
    author = (pull.author.login,) if _may_be_a_writers(pull) else ()
    vouchers = (*author, *_approving(pull, reviews, heads))
    return Wish(method=config.method, vouchers=vouchers) if vouchers else None


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
    approved = ", ".join(verdicts(pull, reviews, MAINTAINER_ASSOCIATIONS, dismiss_stale=False).approved)
    base, asked = f"{pull.base} {pull.base_sha[:12]}".strip(), wish.by or "label"
    return f"{_state(pull)}; into {base}; asked by {asked}; approved by {approved or 'nobody'}"


def seen_now(pull: PullRequest, seen: str) -> str:
    """What had been seen, with GitHub's word on the pull request as it is now, where it has one."""
    if not is_known(pull):
        return seen
    _state_then, mark, rest = seen.partition("; ")
    return f"{_state(pull)}{mark}{rest}"


def is_known(pull: PullRequest) -> bool:
    """Whether GitHub has found out what stands in the way of a merge; until then nothing is asked of it."""
    return pull.merge_state not in {"", "unknown"}


def is_blocked(pull: PullRequest, words: Words) -> bool:
    """Whether GitHub blocks the merge: while it does not know, whether it did when it refused this head."""
    return pull.merge_state == "blocked" or (
        not is_known(pull) and refusal_of(pull, words)[0].startswith("blocked;")
    )


def refused(pull: PullRequest, words: Words, seen: str) -> str:
    """What GitHub said to the same earlier; "" where it was not asked, or something has changed since.

    While it does not know how a pull request stands, that counts as unchanged: its deliveries often say so
    of one that it calls blocked when it is asked.
    """
    before, said = refusal_of(pull, words)
    return said if before == (seen if is_known(pull) else _with_state_of(before, seen)) else ""


def refusal_of(pull: PullRequest, words: Words) -> tuple[str, str]:
    """What had been seen when GitHub refused this head, and what it said; "" where it did not."""
    for word in words.of(REFUSED):
        if word.sha == pull.head_sha:
            seen, _, said = word.detail.partition("\n")
            return seen, said
    return "", ""


def commit_texts(pull: PullRequest, reviews: Reviews, words: Words, config: MergeConfig) -> tuple[str, str]:
    """The title and the message of the commit; "" for GitHub's own."""
    approved = verdicts(
        pull,
        reviews,
        MAINTAINER_ASSOCIATIONS,
        dismiss_stale=True,
        words=words.of("approve"),
        heads=looked_at(words, pull.head_sha),
    ).approved
    values = {
        "TITLE": title_text(pull.title),
        "NUMBER": str(pull.number),
        "BODY": body_text(pull.body),
        "AUTHOR": pull.author.login,
        "REVIEWED_BY": ", ".join(approved),
    }
    title = " ".join(filled(config.commit_title, values).split())
    return title, filled(config.commit_message, values).strip()


def said_at(word: Word) -> datetime:
    """When it was said, for comparing."""
    return word.at or _NEVER


def _state(pull: PullRequest) -> str:
    return pull.merge_state if pull.merge_state in {"blocked", "behind"} else "open"


def _with_state_of(before: str, seen: str) -> str:
    return f"{before.partition('; ')[0]}; {seen.partition('; ')[2]}"


def _may_be_a_writers(pull: PullRequest) -> bool:
    """Whether its author may have write rights, and so all who can put commits there.

    Triagers have the same association, and may ask for the merge of any branch: rights are asked for later.
    """
    return not pull.is_fork and pull.association in MAINTAINER_ASSOCIATIONS


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
