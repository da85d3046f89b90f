"""What the reviews of a pull request come to: who approved, who asked for changes, who has still to look."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.core.actors import MAINTAINER_ASSOCIATIONS, Actor
from bot.core.codeowners import CodeOwners, Ownership
from bot.core.pull_context import Word
from bot.core.pulls import ChangedFile, PullRequest, Review, Reviews

BY_WORD = "BY WORD"  # the association of who approved by command, once it is known that theirs counts


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The reviewers' word as it stands, by login, in the order in which they gave it first.

    Args:
        approved: approvals that count.
        outdated: approvals of an earlier commit, where those do not count.
        objecting: who asked for changes and has had no answer.
        answered: who asked for changes and is to look again: the author pushed, wrote a review comment of
            their own since, or asked for another look.
    """

    approved: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    objecting: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unowned:
    """A change that none of its code owners has agreed to.

    Args:
        path: the first such file.
        owners: its owners, as CODEOWNERS names them.
        is_known: False where it cannot be told who they are: teams that are not known, and e-mail addresses.
    """

    path: str
    owners: tuple[str, ...]
    is_known: bool


def verdicts(
    pull: PullRequest,
    reviews: Reviews,
    associations: Collection[str],
    *,
    dismiss_stale: bool,
    words: Iterable[Word] = (),
    heads: Collection[str] = (),
) -> Verdicts:
    """Count the reviews as GitHub does: the latest verdict of each person, never the author's or a bot's.

    Args:
        pull: the pull request.
        reviews: all of them.
        associations: whose word counts, such as ``MEMBER``.
        dismiss_stale: True where an approval is for the commit that was looked at and no later one.
        words: approvals by command, which are always for that commit alone. The detail of each has the
            association of who gave it, and the number of their account.
        heads: the commits that are as good as the present one (``looked_at``); none: this one alone.
    """
    heads = {*heads, pull.head_sha}
    found, counting = reviews.latest(), [word for word in words if _counts(word, associations)]
    standing = {**found, **_spoken(found, counting, heads, dismiss_stale=dismiss_stale)}
    counted = {
        login: review
        for login, review in standing.items()
        if review.association in {*associations, BY_WORD}
        and not _is_by(review, pull)
        and not review.author.is_bot
    }
    approved = [login for login, review in counted.items() if review.state == "approved"]
    outdated = [
        login for login in approved if _is_outdated(counted[login], heads, dismiss_stale=dismiss_stale)
    ]
    asking = [login for login, review in counted.items() if review.state == "changes_requested"]
    answered = [login for login in asking if _is_answered(counted[login], pull, reviews, heads)]
    return Verdicts(
        approved=tuple(login for login in approved if login not in outdated),
        outdated=tuple(outdated),
        objecting=tuple(login for login in asking if login not in answered),
        answered=tuple(answered),
    )


def has_looked(pull: PullRequest, reviews: Reviews, words: Iterable[Word] = ()) -> bool:
    """Whether any person but the author has written a review, or given one by command."""
    if any(word.word in {"approve", "lgtm"} for word in words):
        return True
    return any(not _is_by(review, pull) and not review.author.is_bot for review in reviews.reviews)


def lines_of(files: Iterable[ChangedFile], owners: CodeOwners) -> dict[str, Ownership]:
    """The line of CODEOWNERS that counts for each changed path that has owners; a moved file has two."""
    paths = [path for file in files for path in _places(file)]
    found = {path: owners.of(path) for path in dict.fromkeys(paths)}
    return {path: line for path, line in found.items() if line is not None and line.owners}


def unowned(
    lines: Mapping[str, Ownership], agreed: Iterable[str], teams: Mapping[str, frozenset[str]]
) -> tuple[Unowned, ...]:
    """Say which changes miss the word of a code owner: one entry for each set of owners.

    Args:
        lines: of ``lines_of``.
        agreed: logins who approved, and the author's, whose consent to their own change goes without saying.
        teams: ``org/team`` -> logins, of the teams that are known.
    """
    agreeing = {login.casefold() for login in agreed}
    known = {slug.casefold(): {login.casefold() for login in members} for slug, members in teams.items()}
    missing: dict[tuple[str, ...], Unowned] = {}
    for path, line in lines.items():
        people = [_people(owner, known) for owner in line.owners]
        if line.owners not in missing and not any(agreeing & found for found in people if found):
            is_known = any(found is not None for found in people)
            missing[line.owners] = Unowned(path, line.owners, is_known)
    return tuple(missing.values())


def _counts(word: Word, associations: Collection[str]) -> bool:
    """Whether the association of who approved by command counts: write rights come with one of three."""
    association = word.detail.partition(" ")[0]
    return association in associations or MAINTAINER_ASSOCIATIONS.issubset(associations)


def _spoken(
    latest: Mapping[str, Review], words: Iterable[Word], heads: Collection[str], *, dismiss_stale: bool
) -> dict[str, Review]:
    """Approvals by command as reviews, of those people whose last verdict they are."""
    known = {login.casefold(): login for login in latest}
    accounts = {str(review.author.id): login for login, review in latest.items()}
    spoken = {}
    for word in words:
        account = word.detail.partition(" ")[2] or f"@{word.by}"  # who took another name is still one person
        login = accounts.setdefault(account, known.get(word.by.casefold(), word.by))
        by_word = Review(Actor(None, login), "approved", BY_WORD, word.sha, word.at)
        if login not in latest or _outweighs(by_word, latest[login], heads, dismiss_stale=dismiss_stale):
            spoken[login] = by_word
    return spoken


def _outweighs(by_word: Review, review: Review, heads: Collection[str], *, dismiss_stale: bool) -> bool:
    """Whether an approval by command counts in place of a person's latest review."""
    if review.state == "commented" or review.at is None or by_word.at is None:
        return review.state == "commented"
    if review.at >= by_word.at:
        return False
    # An approval that still holds is not lost by one of an earlier commit.
    holds = review.state == "approved" and not _is_outdated(review, heads, dismiss_stale=dismiss_stale)
    return not (holds and by_word.sha not in heads)


def _is_outdated(approval: Review, heads: Collection[str], *, dismiss_stale: bool) -> bool:
    return approval.sha not in heads and (dismiss_stale or approval.association == BY_WORD)


def _people(owner: str, teams: Mapping[str, set[str]]) -> set[str] | None:
    """The logins behind an owner; None where they are not known."""
    name = owner.removeprefix("@").casefold()
    if "/" in name:
        return teams.get(name)
    return {name} if owner.startswith("@") else None


def _places(file: ChangedFile) -> tuple[str, ...]:
    return (file.path, file.previous) if file.status == "renamed" and file.previous else (file.path,)


def _is_by(review: Review, pull: PullRequest) -> bool:
    return review.author.login.casefold() == pull.author.login.casefold()


def _is_answered(review: Review, pull: PullRequest, reviews: Reviews, heads: Collection[str]) -> bool:
    if review.author.login in pull.requested_reviewers or review.sha not in heads:
        return True
    own = [each.at for each in reviews.reviews if _is_by(each, pull)]
    return review.at is not None and any(at is not None and at > review.at for at in own)
