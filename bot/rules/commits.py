"""Commits: sign-off, no merges, verified signatures; each only where it is asked for."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from bot.core.commit_lists import rewritten_from, short_names
from bot.core.conventional import reverted
from bot.core.events import PullEvent
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.phrases import Phrase
from bot.core.pulls import Commit, Commits, PullRequest
from bot.core.rule import Section, rule
from bot.core.signoff import Fault, Remedies, faults
from bot.core.spellings import ANY_SPELLING

_MEMBERS = frozenset({"OWNER", "MEMBER"})
_SIGNING = "https://docs.github.com/authentication/managing-commit-signature-verification"
_PUSH = "then `git push --force-with-lease`"
_WAIVE = "a maintainer can waive it with `/skip {key} <reason>`"
_CERTIFY = "which [says](https://developercertificate.org) that you may contribute them"
_FAULTS = {
    Fault.MISSING: "no sign-off in {missing}",
    Fault.FOREIGN: "no sign-off by its author in {foreign} (name and e-mail address must be the same)",
    Fault.ADDRESS: "no e-mail address of the author in {address}",
}
# In a shell, so that it can be taken over as it is: addresses are not shown in comments.
_REMEDY = (
    'git commit --allow-empty --signoff -m "I, $(git config user.name) <$(git config user.email)>,'
    ' hereby add my Signed-off-by to this commit: {sha}"'
)


class RemedyConfig(BaseModel):
    """Later commits that make up for a missing sign-off."""

    model_config = ConfigDict(extra="forbid", frozen=True, **ANY_SPELLING)

    individual: bool = Field(default=False, description="The author's own commit may sign off earlier ones.")
    third_party: bool = Field(
        default=False,
        description="Somebody else's may, on the author's behalf; only together with `individual`.",
    )


class CommitsConfig(Section):
    """The commits of a pull request."""

    model_config = ANY_SPELLING

    dco: bool = Field(
        default=False, description="Every commit must be signed off (Developer Certificate of Origin)."
    )
    require_members: bool = Field(
        default=True,
        description="`false` spares commits with a verified signature by the owner, or by a member"
        " of its organisation in their own pull request.",
    )
    allow_remediation_commits: RemedyConfig = Field(
        default_factory=RemedyConfig, description="Later commits that make up for a missing sign-off."
    )
    exempt_reverts: bool = Field(
        default=False, description="`true` spares commits that say that they revert another one."
    )
    no_merge_commits: bool = Field(default=False, description="No commit may be a merge.")
    signed: bool = Field(
        default=False, description="Every commit must have a signature that GitHub verified."
    )


def _is_silent(config: CommitsConfig) -> bool:
    return not (config.dco or config.no_merge_commits or config.signed)


@rule(
    on=PullEvent,
    needs=(PullRequest, Commits),
    config=CommitsConfig,
    section="commits",
    spares=lambda config: (Commits,) if _is_silent(config) else (),
)
def commits(event: PullEvent, config: CommitsConfig, facts: Facts) -> list[Item]:
    """Ask for signed-off, straight or signed commits where the repository wants them so."""
    pull = facts[PullRequest]
    if not pull.is_open or _is_silent(config):
        return []
    all_ = facts[Commits]
    items: list[Item] = []
    if config.dco:
        spared = [commit for commit in all_.commits if _is_spared(commit, pull, config, event)]
        items.append(_item("dco", "Sign-off", _dco(pull, all_.commits, spared, config), all_))
    if config.no_merge_commits:
        items.append(_item("merge-commits", "No merge commits", _merges(pull, all_.commits), all_))
    if config.signed:
        items.append(_item("signed", "Signatures", _signatures(pull, all_.commits), all_))
    return items


def _item(key: str, title: str, said: tuple[Status, Phrase], all_: Commits) -> Item:
    """The item; where GitHub does not list all commits, it is not known to be done."""
    status, text = said
    if status == Status.DONE and not all_.is_complete:
        text = Phrase(
            "GitHub lists only the first {count} commits: squash some, or " + _WAIVE,
            {"count": len(all_.commits), "key": key},
        )
        status = Status.MISSING
    return Item(key, title, Stage.OPENED, status, text)


def _is_spared(commit: Commit, pull: PullRequest, config: CommitsConfig, event: PullEvent) -> bool:
    """Whether a commit need not be signed off, as the DCO app has it: merges, bots, members if so set."""
    if commit.is_merge or commit.author.is_bot or (config.exempt_reverts and reverted(commit.message)):
        return True
    return not config.require_members and commit.is_verified and _is_member(commit, pull, event)


def _is_member(commit: Commit, pull: PullRequest, event: PullEvent) -> bool:
    author = commit.author
    if author.id is None:
        return False
    is_own = author.id == pull.author.id and pull.association in _MEMBERS
    return is_own or author.login.casefold() == event.repository.owner.casefold()


def _dco(
    pull: PullRequest, all_: Sequence[Commit], spared: Sequence[Commit], config: CommitsConfig
) -> tuple[Status, Phrase]:
    judged = [commit for commit in all_ if commit not in spared]
    if not judged:
        return Status.NOT_APPLICABLE, Phrase("no commit that needs a sign-off")
    allowed = config.allow_remediation_commits
    found = faults(judged, all_, Remedies(own=allowed.individual, others=allowed.third_party))
    if not found:
        return Status.DONE, Phrase("{count} signed off", {"count": _count(judged)})
    wrong = [commit for commit, _fault in found]
    names = {fault: short_names([commit for commit, own in found if own == fault]) for fault in Fault}
    text = ", ".join(_FAULTS[fault] for fault in Fault if names[fault])
    text += f": `git rebase {{start}} --signoff`, {_PUSH}, {_CERTIFY}"
    if allowed.individual:
        text += f"; or, once for each of them, `{_REMEDY}`"
    if not config.require_members:
        text += "; members' commits with a verified signature need none"
    values = {fault.name.lower(): listed for fault, listed in names.items()}
    start = rewritten_from(all_, wrong, pull.base)
    text = f"{text}; {_WAIVE}"
    return Status.MISSING, Phrase(text, {**values, "start": start, "sha": wrong[0].sha, "key": "dco"})


def _merges(pull: PullRequest, all_: Sequence[Commit]) -> tuple[Status, Phrase]:
    merges = [commit for commit in all_ if commit.is_merge]
    if not merges:
        return Status.DONE, Phrase("{count}, no merge", {"count": _count(all_)})
    text = "{names} merged a branch: bring your `{base}` up to date, use `git rebase {base}` instead, "
    return Status.MISSING, Phrase(text + _PUSH, {"names": short_names(merges), "base": pull.base})


def _signatures(pull: PullRequest, all_: Sequence[Commit]) -> tuple[Status, Phrase]:
    wrong = [commit for commit in all_ if not commit.is_verified]
    if not wrong:
        return Status.DONE, Phrase("{count} with a verified signature", {"count": _count(all_)})
    text = f"no verified signature on {{names}}: [set up signing]({_SIGNING}), "
    text += f"`git rebase {{start}} --force-rebase --gpg-sign`, {_PUSH}"
    start = rewritten_from(all_, wrong, pull.base)
    return Status.MISSING, Phrase(text, {"names": short_names(wrong), "start": start})


def _count(listed: Sequence[Commit]) -> str:
    return f"{len(listed)} commit{'' if len(listed) == 1 else 's'}"
