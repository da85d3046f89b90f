import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.actions import Abstain, Action, RecordSkip, UpsertComment
from bot.core.events import Thread
from bot.core.facts import CommandComment, Facts, LedgerEntry, Level, Permission, ThreadLedger
from bot.core.flow import WAIVABLE
from bot.core.pull_context import PushedSince
from bot.core.pulls import PullRequest
from bot.core.release import gate
from bot.core.release.gate_state import Checklist, OpenChecklist
from bot.core.sections import CommandsConfig
from bot.rules.skip_command import skip_command
from tests.rules.examples import MAINTAINER, command, pull

SHA = "a" * 40
REASON = "maint asked for it with /skip"
AT = datetime(2025, 6, 9, 12, tzinfo=UTC)


def decide(
    line: str,
    *,
    level: Level = Level.WRITE,
    on_pull: bool = True,
    on: Thread | None = None,
    release: Checklist | None = None,
    pushed_since: bool = False,
    listed: tuple[tuple[str, str], ...] = (),
) -> list[Action]:
    event = replace(command(line), at=AT)
    if on_pull:
        event = replace(event, thread=on or pull())
    found = PullRequest(15, head_sha=SHA)
    says = CommandComment(still_says=True)
    written = LedgerEntry(
        1, 1, "contribution_flow", "upsert_comment", "comment: checklist", "", "done", AT, listed
    )
    ledger = ThreadLedger((written,))
    known = (OpenChecklist(release), PushedSince(pushed_since), ledger)
    facts = Facts([Permission("maint", level), says, found, *known])
    return list(skip_command.decide(event, CommandsConfig(), facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "line", ["/skip tests only a typo", "/skip `Tests`  only a typo ", "/skip tests: only a typo"]
)
def test_an_item_is_waived_with_a_reason(line: str) -> None:
    assert decide(line) == [RecordSkip(item="tests", why="only a typo", by="maint", sha=SHA, reason=REASON)]


def test_an_item_may_be_called_by_its_title() -> None:
    (waived,) = decide("/skip Linked issue: there is none")
    assert isinstance(waived, RecordSkip)
    assert (waived.item, waived.why) == ("issue", "there is none")


@pytest.mark.parametrize(
    ("line", "item", "near"),
    [
        ("/skip", "", ""),
        ("/skip tests", "tests", "tests"),
        ("/skip  ", "", ""),
        ("/skip tets only a typo", "tets", "tests"),
        ("/skip doc later", "doc", "docs"),
        ("/skip xyz is slow", "xyz", ""),
    ],
)
def test_without_an_item_that_there_is_or_a_reason_nothing_is_waived(line: str, item: str, near: str) -> None:
    context = {"item": item, "is_there": item == "tests", "items": tuple(WAIVABLE), "near": near}
    assert decide(line) == [
        UpsertComment(purpose="reply", template="skip-usage", context=context, reason=REASON)
    ]


def test_what_the_checklist_does_not_have_is_not_waived() -> None:
    listed = (("❌", "Tests"), ("⏳", "Review"), ("✅", "Title"), ("❌", "Hold"))
    (said,) = decide("/skip docs later", listed=listed)
    assert isinstance(said, UpsertComment)
    assert said.context == {"item": "docs", "is_there": False, "items": ("tests", "review"), "near": ""}
    assert isinstance(decide("/skip tests later", listed=listed)[0], RecordSkip)
    assert isinstance(decide("/skip title fine", listed=listed)[0], RecordSkip)


def test_every_item_of_a_rule_can_be_waived() -> None:
    rules = (Path(__file__).parents[2] / "bot" / "rules").glob("*.py")
    source = "\n".join(path.read_text("utf-8") for path in rules)
    reported = set(re.findall(r'Item\(\s*"([a-z-]+)", "[^"]+"', source))
    assert {"title", "issue", "review", "tests", "docs"} <= reported
    assert reported - {"hold", "release", "merge"} <= WAIVABLE.keys()


def test_it_takes_write_rights() -> None:
    (denied,) = decide("/skip tests only a typo", level=Level.TRIAGE)
    assert isinstance(denied, UpsertComment)
    assert denied.template == "denied"


@pytest.mark.parametrize("item", ["review", "security"])
@pytest.mark.parametrize("level", [Level.WRITE, Level.ADMIN])
def test_who_wrote_it_does_not_waive_what_others_watch_over(item: str, level: Level) -> None:
    own = pull(author=MAINTAINER)
    (said,) = decide(f"/skip {item} I am sure", level=level, on=own)
    assert said == UpsertComment(
        purpose="reply",
        template="skip-own",
        context={"login": "maint", "item": item},
        reason=f"maint wrote the pull request; {item} is for somebody else to waive",
    )
    assert isinstance(decide("/skip tests only a typo", on=own)[0], RecordSkip)
    assert isinstance(decide(f"/skip {item} a false alarm")[0], RecordSkip)


def test_an_issue_has_no_checklist() -> None:
    (nothing,) = decide("/skip tests only a typo", on_pull=False)
    assert isinstance(nothing, Abstain)


def test_a_long_reason_is_cut_and_other_commands_are_not_for_this_rule() -> None:
    (waived,) = decide("/skip tests " + "x" * 5_000)
    assert isinstance(waived, RecordSkip)
    assert len(waived.why) == 300
    assert decide("/label bug") == []


RELEASE = Checklist(12, "release after v1.0.0", sha="b" * 40)


def test_on_the_checklist_of_a_release_its_own_items_are_waived() -> None:
    (waived,) = decide("/skip migrations nothing is stored yet", on_pull=False, release=RELEASE)
    assert waived == RecordSkip(
        item="migrations", why="nothing is stored yet", by="maint", sha="b" * 40, reason=REASON
    )
    (asked,) = decide("/skip coverage no", on_pull=False, release=RELEASE)
    assert isinstance(asked, UpsertComment)
    expected = {"item": "coverage", "is_there": False, "items": tuple(gate.WAIVABLE), "near": ""}
    assert asked.context == expected


def test_on_other_issues_nothing_is_waived_while_a_release_is_under_way() -> None:
    other = replace(RELEASE, issue=13)
    (nothing,) = decide("/skip tests no", on_pull=False, release=other)
    assert isinstance(nothing, Abstain)


def test_a_commit_that_may_not_have_been_seen_is_not_waived() -> None:
    (reply,) = decide("/skip security a false alarm", pushed_since=True)
    assert isinstance(reply, UpsertComment)
    assert reply.template == "review-again"
    (waived,) = decide("/skip tests only a typo", pushed_since=True)
    assert isinstance(waived, RecordSkip)


@pytest.mark.parametrize(
    ("item", "ago", "counts"),
    [("tests", 1, True), ("tests", 0, False), ("tests", -1, False), ("docs", -1, True)],
)
def test_a_later_commit_of_a_release_is_not_waived_with_the_one_before(
    item: str, ago: int, counts: bool
) -> None:
    checklist = replace(RELEASE, since=AT - timedelta(seconds=ago))
    (said,) = decide(f"/skip {item} it is flaky", on_pull=False, release=checklist)
    assert isinstance(said, RecordSkip) is counts


def test_the_blockers_of_a_release_are_waived_by_their_numbers() -> None:
    facts = [Permission("maint", Level.WRITE), CommandComment(still_says=True), PullRequest(12)]
    known = OpenChecklist(Checklist(12, "release after v1.0.0", sha="c" * 40), blockers=(4, 9))
    given = Facts([*facts, known, PushedSince(), ThreadLedger()])
    for line, covers in (("/skip blockers they can wait", (4, 9)), ("/skip docs they can wait", ())):
        (said,) = skip_command.decide(command(line), CommandsConfig(), given)
        assert isinstance(said, RecordSkip)
        assert (said.covers, said.sha) == (covers, "c" * 40)
