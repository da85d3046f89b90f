"""Review: who has approved, who asked for changes, whose turn it is, and on request whom to ask."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from bot.core.actions import Action, RequestReviewers
from bot.core.codeowners import CodeOwners, parse
from bot.core.events import PullEvent
from bot.core.facts import Fact, Facts, Now
from bot.core.flow import Item, Stage, Status, Who
from bot.core.heads import looked_at
from bot.core.phrases import Phrase
from bot.core.pull_context import CodeOwnersFile, ReviewLoad, ReviewRequests, TeamMembers, Words
from bot.core.pulls import ChangedFiles, PullRequest, Reviews
from bot.core.reviewers import candidates
from bot.core.rule import Section, rule
from bot.core.verdicts import Unowned, Verdicts, has_looked, lines_of, unowned, verdicts

_NAMED = 3  # people named in one sentence
_NO_OWNERS = ". `{file}` has more than 3 MB: neither GitHub nor Usher reads the code owners in it"
_REQUESTED = 15  # reviewers that GitHub lets one pull request have


def _day(value: object) -> object:
    """Refuse numbers, which would be read as seconds since 1970."""
    if isinstance(value, int | float):
        raise ValueError("a day such as `2025-12-31`")  # noqa: TRY004 - a TypeError would escape the check
    return value


def _login(value: str) -> str:
    return value.removeprefix("@").casefold()


def _not_empty(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise ValueError("a list of one or more")
    return values


Login = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_login)]
Day = Annotated[date, BeforeValidator(_day)]
Association = Literal["OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR"]


class ReviewConfig(Section):
    """The review of a pull request."""

    approvals: int = Field(default=1, ge=0, le=10, description="How many people have to approve.")
    associations: Annotated[tuple[Association, ...], AfterValidator(_not_empty)] = Field(
        default=("OWNER", "MEMBER", "COLLABORATOR"),
        description="Whose review counts, by their association. The author's and bots' never do.",
    )
    dismiss_stale: bool = Field(
        default=False,
        description="`true`: an approval counts for the commit that was looked at and no later one.",
    )
    code_owners: bool = Field(
        default=False, description="`true`: each changed file that has code owners needs the approval of one."
    )
    reviewers: int = Field(
        default=0, ge=0, le=_REQUESTED, description="How many people to ask for a review; 0 asks nobody."
    )
    absent: dict[Login, Literal[True] | Day] = Field(
        default_factory=dict,
        max_length=1_000,
        description="Who is away and not to be asked: their last day away; `true` for until you say.",
    )
    never: frozenset[Login] = Field(
        default=frozenset(), max_length=1_000, description="Logins of people who are never to be asked."
    )


def _needless(config: ReviewConfig) -> tuple[type[Fact], ...]:
    """What nobody uses where people are not asked, and where no code owner has to approve."""
    of_owners = () if config.code_owners or config.reviewers else (ChangedFiles, CodeOwnersFile, TeamMembers)
    return of_owners if config.reviewers else (*of_owners, ReviewLoad, Now)


@rule(
    on=PullEvent,
    needs=(
        *(PullRequest, ChangedFiles, Reviews, Words, ReviewRequests, ReviewLoad),
        *(CodeOwnersFile, TeamMembers, Now),
    ),
    config=ReviewConfig,
    section="review",
    spares=_needless,
)
def review(_event: PullEvent, config: ReviewConfig, facts: Facts) -> list[Action | Item]:
    """Say whose turn the review is, and ask people for one where the config wants that."""
    if not facts[PullRequest].is_open:
        return []
    is_read = CodeOwnersFile not in _needless(config)
    owners = parse(facts[CodeOwnersFile].text or "" if is_read else "")
    return [_item(config, owners, facts), *_requests(config, owners, facts)]


def _item(config: ReviewConfig, owners: CodeOwners, facts: Facts) -> Item:
    pull = facts[PullRequest]
    said = verdicts(
        pull,
        facts[Reviews],
        config.associations,
        dismiss_stale=config.dismiss_stale,
        words=facts[Words].of("approve"),
        heads=looked_at(facts[Words], pull.head_sha),
    )
    missing = _unowned(said, owners, facts) if config.code_owners else ()
    lacking = config.approvals - len(said.approved)
    status, text, who = (
        _objections(said, pull)
        or _unread(facts[Reviews])
        or _waiting(said, lacking, missing, facts)
        or _settled(said)
    )
    if config.code_owners and facts[CodeOwnersFile].is_too_large:
        text = Phrase(text.text + _NO_OWNERS, {**text.values, "file": facts[CodeOwnersFile].path})
    return Item("review", "Review", Stage.REVIEW, status, text, who)


def _unowned(said: Verdicts, owners: CodeOwners, facts: Facts) -> tuple[Unowned, ...]:
    lines, heard = (
        lines_of(facts[ChangedFiles].files, owners),
        (*said.approved, facts[PullRequest].author.login),
    )
    return unowned(lines, heard, facts[TeamMembers].members)


Said = tuple[Status, Phrase, Who]


def _objections(said: Verdicts, pull: PullRequest) -> Said | None:
    if said.objecting:
        text = "{who} asked for changes: push them, or answer and ask for another look"
        who: Who = "maintainers" if pull.author.is_bot else "author"
        return Status.MISSING, Phrase(text, {"who": _people(said.objecting)}), who
    if said.answered:
        text = "answered since {who} asked for changes: waiting for another look"
        return Status.WAITING, Phrase(text, {"who": _people(said.answered)}), "maintainers"
    return None


def _unread(reviews: Reviews) -> Said | None:
    if reviews.is_complete:
        return None
    text = "there are more reviews than can be read; a maintainer can waive it with `/skip review <reason>`"
    return Status.WAITING, Phrase(text), "maintainers"


def _waiting(said: Verdicts, lacking: int, missing: tuple[Unowned, ...], facts: Facts) -> Said | None:
    pull = facts[PullRequest]
    if lacking <= 0 and not missing:
        return None
    if pull.is_draft:
        return Status.WAITING, Phrase("opens for review when it leaves draft"), "author"
    if lacking <= 0:
        return Status.WAITING, _owners_wanted(missing), "maintainers"
    if said.outdated:
        text = "{who} approved an earlier state: waiting for another look"
        return Status.WAITING, Phrase(text, {"who": _people(said.outdated)}), "maintainers"
    count = f"{lacking} more approval" if said.approved else f"{lacking} approval"
    count += "s" if lacking > 1 else ""
    asked = (*pull.requested_reviewers, *pull.requested_teams)
    if not asked:
        return Status.WAITING, Phrase("waiting for {count} by maintainers", {"count": count}), "maintainers"
    since = [at for login, at in facts[ReviewRequests].asked.items() if login in asked]
    # A date stays as it is; "2 h ago" would have to be written anew all the time.
    day = f"{min(since):%Y-%m-%d}" if since else ""
    text = "waiting for {count} from {who}" + (" (asked on {day})" if day else "")
    values = {"count": count, "who": _people(asked), "day": day}
    return Status.WAITING, Phrase(text, values), "maintainers"


def _owners_wanted(missing: tuple[Unowned, ...]) -> Phrase:
    first = missing[0]
    text = "waiting for a code owner of `{path}`: {owners}"
    if len(missing) > 1:
        text += ", and for those of {more} more"
    if not all(each.is_known for each in missing):
        text += (
            ". Usher cannot see who all of them are; a maintainer can waive it with `/skip review <reason>`"
        )
    return Phrase(text, {"path": first.path, "owners": _people(first.owners), "more": len(missing) - 1})


def _settled(said: Verdicts) -> Said:
    if said.approved:
        return Status.DONE, Phrase("approved by {who}", {"who": _people(said.approved)}), "maintainers"
    return Status.NOT_APPLICABLE, Phrase("no approval is asked for here"), "maintainers"


def _requests(config: ReviewConfig, owners: CodeOwners, facts: Facts) -> list[Action]:
    """Ask for a review where nobody was asked and nobody has looked."""
    pull = facts[PullRequest]
    if not config.reviewers or pull.is_draft or pull.author.is_bot or pull.requested_reviewers:
        return []
    if pull.requested_teams or has_looked(pull, facts[Reviews], facts[Words].words):
        return []
    found = candidates(_owned(owners, facts), facts[ReviewLoad], _barred(config, facts))
    chosen = found[: config.reviewers]
    if not chosen:
        return []
    reason = "; ".join(candidate.why for candidate in chosen)
    return [RequestReviewers(logins=tuple(candidate.login for candidate in chosen), reason=reason)]


def _owned(owners: CodeOwners, facts: Facts) -> Mapping[str, int]:
    """Login -> how many of the changed files they own, alone or in a team that is known."""
    teams = {slug.casefold(): members for slug, members in facts[TeamMembers].members.items()}
    spelled: dict[str, str] = {}
    owned: Counter[str] = Counter()
    for line in lines_of(facts[ChangedFiles].files, owners).values():
        names = [owner.removeprefix("@") for owner in line.owners if owner.startswith("@")]
        people = [person for name in names for person in teams.get(name.casefold(), [name])]
        found = {login.casefold(): login for login in people if "/" not in login}
        spelled |= found
        owned.update(found.keys())
    return {spelled[login]: count for login, count in owned.items()}


def _barred(config: ReviewConfig, facts: Facts) -> frozenset[str]:
    today = facts[Now].at.date()
    away = {login for login, until in config.absent.items() if until is True or until >= today}
    gone = {login.casefold() for login in facts[ReviewRequests].withdrawn}
    return frozenset({facts[PullRequest].author.login.casefold(), *config.never, *away, *gone})


def _people(names: tuple[str, ...]) -> str:
    """``a, b, c and 2 more``."""
    shown, more = names[:_NAMED], len(names) - _NAMED
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
