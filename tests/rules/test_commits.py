from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.actors import Actor
from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.pulls import Commit, Commits, PullRequest
from bot.rules.commits import CommitsConfig, commits
from tests.rules.examples import BOT, MAINTAINER, NEWCOMER, pull

EVENT = PullRequestUpdated(NEWCOMER, pull(), what="synchronize")
OWNER = Actor(40, "Acme")
NIA = "Nia <nia@example.org>"
PUSH = "then `git push --force-with-lease`"
CERTIFY = "which [says](https://developercertificate.org) that you may contribute them"
WAIVE = "a maintainer can waive it with `/skip dco <reason>`"


def commit(number: int, message: str = "Save", **changes: Any) -> Commit:
    """A commit of Nia's, named 1111111..., 2222222... and so on."""
    names = {"author_name": "Nia", "author_email": "nia@example.org"}
    known = {**names, "committer_name": "Nia", "committer_email": "nia@example.org", "author": NEWCOMER}
    return Commit(str(number) * 40, message, **{**known, **changes})


def signed_off(number: int, **changes: Any) -> Commit:
    return commit(number, f"Save\n\nSigned-off-by: {NIA}", **changes)


def report(
    *listed: Commit, of: PullRequest | None = None, is_complete: bool = True, **config: Any
) -> list[Item]:
    known = [of or PullRequest(15, author=NEWCOMER, base="main"), Commits(listed, is_complete)]
    said = commits.decide(EVENT, CommitsConfig.model_validate(config), Facts(known))
    return [item for item in said if isinstance(item, Item)]


def judged(*listed: Commit, **config: Any) -> tuple[Status, str]:
    """The status and the sentence of the one item."""
    (item,) = report(*listed, **config)
    assert (item.stage, item.who, item.needed) == (Stage.OPENED, "author", True)
    return item.status, item.text.plain()


def test_nothing_is_asked_for_by_itself() -> None:
    assert report(commit(1), commit(2, parents=2)) == []


def test_each_has_an_item_of_its_own() -> None:
    items = report(commit(1), dco=True, no_merge_commits=True, signed=True)
    assert [(item.key, item.title) for item in items] == [
        ("dco", "Sign-off"),
        ("merge-commits", "No merge commits"),
        ("signed", "Signatures"),
    ]


def test_nothing_is_asked_of_a_closed_pull_request() -> None:
    assert report(commit(1), of=PullRequest(15, is_open=False), dco=True) == []


# Sign-off


def test_signed_off_commits_are_done() -> None:
    assert judged(signed_off(1), signed_off(2), dco=True) == (Status.DONE, "2 commits signed off")


def test_it_says_which_commits_lack_it_and_how_to_mend_them() -> None:
    expected = f"no sign-off in 2222222, 4444444: `git rebase HEAD~3 --signoff`, {PUSH}, {CERTIFY}; {WAIVE}"
    listed = signed_off(1), commit(2), signed_off(3), commit(4)
    assert judged(*listed, dco=True) == (Status.MISSING, expected)


def test_it_says_where_somebody_else_signed_off() -> None:
    status, text = judged(signed_off(1, author_name="Bo", committer_name="Bo"), commit(2), dco=True)
    assert status == Status.MISSING
    assert text.startswith(
        "no sign-off in 2222222, no sign-off by its author in 1111111"
        " (name and e-mail address must be the same): `git rebase HEAD~2"
    )


def test_it_says_where_git_does_not_know_the_author() -> None:
    status, text = judged(signed_off(1, author_email="nia"), dco=True)
    assert status == Status.MISSING
    assert text.startswith("no e-mail address of the author in 1111111: ")


def test_with_a_merge_among_them_the_base_is_named() -> None:
    assert "`git rebase main --signoff`" in judged(commit(1), commit(2, parents=2), dco=True)[1]


@pytest.mark.parametrize("spared", [commit(1, parents=2), commit(1, author=BOT)])
def test_merges_and_bots_need_none(spared: Commit) -> None:
    assert judged(spared, dco=True) == (Status.NOT_APPLICABLE, "no commit that needs a sign-off")
    assert judged(spared, signed_off(2), dco=True) == (Status.DONE, "1 commit signed off")


@pytest.mark.parametrize("message", ['Revert "Save"\n\nThis reverts commit 1a2b3c4.', "revert: save"])
def test_reverts_need_one_unless_they_are_spared(message: str) -> None:
    assert judged(commit(1, message), dco=True)[0] == Status.MISSING
    assert judged(commit(1, message), dco=True, exempt_reverts=True)[0] == Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("association", "changes", "status"),
    [
        ("MEMBER", {"is_verified": True}, Status.NOT_APPLICABLE),
        ("OWNER", {"is_verified": True}, Status.NOT_APPLICABLE),
        ("NONE", {"is_verified": True, "author": OWNER}, Status.NOT_APPLICABLE),
        ("MEMBER", {}, Status.MISSING),
        ("COLLABORATOR", {"is_verified": True}, Status.MISSING),
        ("MEMBER", {"is_verified": True, "author": MAINTAINER}, Status.MISSING),
    ],
)
def test_members_may_be_spared_where_their_signature_is_verified(
    association: str, changes: dict[str, Any], status: Status
) -> None:
    of = PullRequest(15, author=NEWCOMER, association=association)
    assert judged(commit(1, **changes), of=of, dco=True, require_members=False)[0] == status
    assert judged(commit(1, **changes), of=of, dco=True)[0] == Status.MISSING


def test_members_are_told_so() -> None:
    text = judged(commit(1), dco=True, require_members=False)[1]
    assert "; members' commits with a verified signature need none; " in text


LATER = (
    f"Sign off\n\nI, {NIA}, hereby add my Signed-off-by to this commit: {'1' * 40}\n\nSigned-off-by: {NIA}"
)
FOR_NIA = (
    f"Sign off\n\nOn behalf of {NIA}, I, Bo <bo@example.org>, hereby add my Signed-off-by to this commit: "
    f"{'1' * 40}\n\nSigned-off-by: Bo <bo@example.org>"
)
BY_BO = commit(2, FOR_NIA, author_name="Bo", author_email="bo@example.org")


@pytest.mark.parametrize(
    ("later", "allowed", "status"),
    [
        (commit(2, LATER), {}, Status.MISSING),
        (commit(2, LATER), {"individual": True}, Status.DONE),
        (BY_BO, {"individual": True}, Status.MISSING),
        (BY_BO, {"individual": True, "thirdParty": True}, Status.DONE),
        (BY_BO, {"third_party": True}, Status.MISSING),
    ],
)
def test_a_later_commit_may_make_up_for_it_where_that_is_allowed(
    later: Commit, allowed: dict[str, bool], status: Status
) -> None:
    assert judged(commit(1), later, dco=True, allowRemediationCommits=allowed)[0] == status


def test_where_that_is_allowed_it_says_how() -> None:
    text = judged(commit(1), dco=True, allow_remediation_commits={"individual": True})[1]
    command = (
        'git commit --allow-empty --signoff -m "I, $(git config user.name) <$(git config user.email)>,'
        f' hereby add my Signed-off-by to this commit: {"1" * 40}"'
    )
    assert f"; or, once for each of them, `{command}`; " in text


# Merges and signatures


def test_merges_can_be_unwanted() -> None:
    assert judged(commit(1), no_merge_commits=True) == (Status.DONE, "1 commit, no merge")
    expected = f"2222222 merged a branch: bring your `main` up to date, use `git rebase main` instead, {PUSH}"
    assert judged(commit(1), commit(2, parents=2), no_merge_commits=True) == (Status.MISSING, expected)


def test_signatures_can_be_asked_for() -> None:
    verified = commit(1, is_verified=True)
    assert judged(verified, signed=True) == (Status.DONE, "1 commit with a verified signature")
    status, text = judged(verified, commit(2), verified, signed=True)
    assert status == Status.MISSING
    assert text.startswith("no verified signature on 2222222: [set up signing](https://docs.github.com/")
    assert text.endswith(f"`git rebase HEAD~2 --force-rebase --gpg-sign`, {PUSH}")


# What is not known


def test_what_github_does_not_list_is_not_called_done() -> None:
    expected = (
        "GitHub lists only the first 1 commits: squash some, or a maintainer can waive it with"
        " `/skip {} <reason>`"
    )
    for key, setting in [("dco", "dco"), ("merge-commits", "no_merge_commits"), ("signed", "signed")]:
        listed = signed_off(1, is_verified=True)
        said = judged(listed, is_complete=False, **{setting: True})
        assert said == (Status.MISSING, expected.format(key))


@pytest.mark.parametrize("wrong", [{"dcos": True}, {"allow_remediation_commits": {"third": True}}])
def test_wrong_settings_are_errors(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CommitsConfig.model_validate(wrong)
