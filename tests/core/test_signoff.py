"""Sign-offs, judged as the DCO app judges them."""

from typing import Any

import pytest

from bot.core.pulls import Commit
from bot.core.signoff import Fault, Remedies, faults
from tests.patience import must_end

NIA, BO = "Nia <nia@example.org>", "Bo <bo@example.org>"
FIRST, SECOND = "1" * 40, "2" * 40
OWN, BOTH = Remedies(own=True), Remedies(own=True, others=True)


def commit(message: str, sha: str = FIRST, **changes: Any) -> Commit:
    """A commit that Nia wrote and Bo put in."""
    people = {
        "author_name": "Nia",
        "author_email": "nia@example.org",
        "committer_name": "Bo",
        "committer_email": "bo@example.org",
    }
    return Commit(sha, message, **{**people, **changes})


def by_bo(message: str) -> Commit:
    return commit(message, SECOND, author_name="Bo", author_email="bo@example.org")


def fault(*commits: Commit, remedies: Remedies = Remedies()) -> Fault | None:  # noqa: B008 - immutable
    """What is wrong with the first."""
    return dict(faults(commits[:1], commits, remedies)).get(commits[0])


@pytest.mark.parametrize(
    ("message", "changes"),
    [
        (f"Save\n\nSigned-off-by: {NIA}", {}),
        (f"Save\n\nSigned-off-by: {BO}", {}),
        (f"Save\n\nsigned-off-by: {NIA.upper()}  \n\n", {}),
        (f"Save\r\n\r\nSigned-off-by: {NIA}\r\n", {}),
        (f"Save\n\nSigned-off-by: Zoe <z@example.org>\nSigned-off-by: {NIA}", {}),
        (f"Save\n\nSigned-off-by: {NIA}\nReviewed-by: Zoe <z@example.org>", {}),
        (f"Save\n\nSigned-off-by: {BO}", {"author_email": ""}),
        ("x\n\nSigned-off-by: Nia <nia+git@sub.example.org>", {"author_email": "nia+git@sub.example.org"}),
    ],
)
def test_the_author_or_the_committer_may_sign_off(message: str, changes: dict[str, Any]) -> None:
    assert fault(commit(message, **changes)) is None


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Save", Fault.MISSING),
        ("", Fault.MISSING),
        (f"Save Signed-off-by: {NIA}", Fault.MISSING),
        ("Save\n\nSigned-off-by: Nia", Fault.MISSING),
        (f"Save\n\nCo-authored-by: {NIA}", Fault.MISSING),
        (f"Save\n\n> Signed-off-by: {NIA}", Fault.MISSING),
        ("Save\n\nSigned-off-by: Zoe <z@example.org>", Fault.FOREIGN),
        ("Save\n\nSigned-off-by: Nia <z@example.org>", Fault.FOREIGN),
        ("Save\n\nSigned-off-by: Zoe <nia@example.org>", Fault.FOREIGN),
    ],
)
def test_otherwise_it_says_what_is_wrong(message: str, expected: Fault) -> None:
    assert fault(commit(message)) == expected


def test_an_author_needs_an_address() -> None:
    assert fault(commit("x\n\nSigned-off-by: Nia <nia>", author_email="nia")) == Fault.ADDRESS


def own(who: str = NIA, sha: str = FIRST) -> str:
    return f"Sign off\n\nI, {who}, hereby add my Signed-off-by to this commit: {sha}\n\nSigned-off-by: {who}"


def behalf(of: str = NIA, who: str = BO) -> str:
    line = f"On behalf of {of}, I, {who}, hereby add my Signed-off-by to this commit: {FIRST}"
    return f"Sign off\n\n{line}\n\nSigned-off-by: {who}"


@pytest.mark.parametrize("first", ["Save", "Save\n\nSigned-off-by: Zoe <z@example.org>"])
def test_the_author_may_make_up_for_it_where_that_is_allowed(first: str) -> None:
    later = commit(own(), SECOND)
    assert fault(commit(first), later, remedies=OWN) is None
    assert fault(commit(first), later) is not None


def test_one_commit_may_make_up_for_several() -> None:
    commits = [commit("a", "1" * 40), commit("b", "2" * 40), commit("c", "3" * 40)]
    lines = [f"I, {NIA}, hereby add my Signed-off-by to this commit: {c.sha}" for c in commits[:2]]
    commits.append(commit("\n".join(["x", "", *lines, "", f"Signed-off-by: {NIA}"]), "4" * 40))
    assert faults(commits, commits, OWN) == [(commits[2], Fault.MISSING)]


@pytest.mark.parametrize(
    "later",
    [
        commit(own(sha="3" * 40), SECOND),
        commit(own(sha=FIRST[:7]), SECOND),
        commit(own().replace("Signed-off-by: Nia", "Thanks: Nia"), SECOND),
        commit(own("Zoe <z@example.org>"), SECOND),
        by_bo(own(NIA)),
        by_bo(own(BO)),
        by_bo(behalf()),
        commit("Sign off\n\n> " + own().split("\n")[2] + f"\n\nSigned-off-by: {NIA}", SECOND),
    ],
)
def test_making_up_must_be_done_right(later: Commit) -> None:
    assert fault(commit("Save"), later, remedies=OWN) == Fault.MISSING


def test_somebody_else_may_where_that_is_allowed() -> None:
    assert fault(commit("Save"), by_bo(behalf()), remedies=BOTH) is None
    assert fault(commit("Save"), by_bo(behalf()), remedies=Remedies(others=True)) == Fault.MISSING
    assert fault(commit("Save"), by_bo(behalf(of=BO)), remedies=BOTH) == Fault.MISSING
    assert fault(commit("Save"), by_bo(behalf(who="Zoe <z@example.org>")), remedies=BOTH) == Fault.MISSING


HOSTILE = [" ", "<", "signed-off-by:", "I, ", "On behalf of ", "a\n", "I, a <b>", "I, <\n"]


@must_end
@pytest.mark.parametrize("part", HOSTILE)
def test_long_messages_are_read(part: str) -> None:
    text = (part * 20_000)[:65_536]
    commits = [commit(f"{start}{text}", f"{n:040x}") for n in range(60) for start in ("", "I,")]
    assert {fault for _, fault in faults(commits, [*commits, commit(own(), SECOND)], BOTH)} <= set(Fault)
