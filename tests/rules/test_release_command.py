from dataclasses import replace
from typing import Any

import pytest

from bot.core.actions import Abstain, Action, DraftRelease, SetCheck, UpsertComment
from bot.core.facts import CommandComment, Facts, Level, Permission
from bot.core.pull_actions import FollowRelease, PublishRelease, UpsertIssue
from bot.core.release.gate_state import GateState
from bot.rules.release_command import release_command
from tests.core.release.gates import CHECKLIST, MERGED, SHA, draft, ready, settings
from tests.core.release.history import merged, state
from tests.rules.examples import BOT, command

LATE = state(MERGED, merged(102, "Late"), draft=draft())
BLOCKED = ready(blockers=(4,))


def decide(
    line: str, given: GateState, *, level: Level = Level.MAINTAIN, says: bool = True, **changes: Any
) -> list[Action]:
    facts = Facts([Permission("maint", level), CommandComment(still_says=says), given])
    said = release_command.decide(command(line), settings(**changes), facts)
    return list(said)  # type: ignore[arg-type]


def kinds(said: list[Action]) -> list[type[Action]]:
    return [type(each) for each in said]


def answer(said: list[Action]) -> UpsertComment:
    (found,) = [each for each in said if isinstance(each, UpsertComment)]
    return found


def words(said: list[Action]) -> str:
    told = answer(said).context["said"]
    return str(told["text"].format_map(told["values"]))


def open_items(said: list[Action]) -> list[str]:
    return [row["title"] for row in answer(said).context["rows"]]


def test_other_commands_are_for_others() -> None:
    assert decide("/label bug", ready()) == []


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("/release check", Level.READ),
        ("/release prepare", Level.TRIAGE),
        ("/release publish", Level.WRITE),
    ],
)
def test_it_takes_rights(line: str, level: Level) -> None:
    (denied,) = decide(line, ready(), level=level)
    assert isinstance(denied, UpsertComment)
    assert denied.purpose == "denied"


def test_bots_and_words_that_were_taken_back_do_nothing() -> None:
    facts = Facts([Permission("other[bot]", Level.ADMIN), CommandComment(still_says=True), ready()])
    by_bot = release_command.decide(command("/release publish", BOT), settings(), facts)
    assert [type(each) for each in by_bot] == [Abstain]
    assert kinds(decide("/release publish", ready(), says=False)) == [Abstain]


def test_what_it_does_not_know_it_says() -> None:
    (said,) = decide("/release 1.5", ready(), level=Level.NONE)
    assert isinstance(said, UpsertComment)
    assert (said.template, said.context) == ("release-usage", {"word": "1.5"})


class TestCheck:
    def test_it_opens_the_checklist_and_says_how_it_stands(self) -> None:
        said = decide("/release check", BLOCKED, level=Level.TRIAGE)
        assert kinds(said) == [UpsertIssue, SetCheck, FollowRelease, UpsertComment]
        issue, check, follow, _answer = said
        assert isinstance(issue, UpsertIssue)
        assert (issue.purpose, issue.title) == ("release after v1.4.2", "Release v1.5.0")
        assert isinstance(check, SetCheck)
        assert (check.name, check.sha, check.conclusion) == ("usher / release", SHA, "failure")
        assert isinstance(follow, FollowRelease)
        assert (follow.sha, follow.draft, follow.asked_in, follow.asked_by) == (SHA, 9, 12, "maint")
        assert words(said) == "`v1.5.0` is not ready yet. This is open:"
        assert open_items(said) == ["Blocking issues"]
        assert answer(said).context["opens"]

    def test_one_that_is_open_is_linked_and_looked_at_in_its_own_line(self) -> None:
        said = decide("/release check", replace(BLOCKED, checklist=CHECKLIST))
        assert kinds(said) == [UpsertComment]
        assert answer(said).context["checklist"] == 30

    def test_one_that_a_person_closed_stays_closed(self) -> None:
        said = decide("/release check", replace(BLOCKED, closed=30))
        assert kinds(said) == [UpsertComment]
        assert answer(said).context["closed"] == 30

    def test_where_everything_is_there_it_says_what_comes_next(self) -> None:
        text = "Everything is there for `v1.5.0`, on `ccccccc`. `/release publish` lets it out."
        assert words(decide("/release check", ready())) == text

    def test_before_there_is_a_commit_there_is_no_check_run(self) -> None:
        said = decide("/release check", ready(release=state(last=None), sha=""))
        assert kinds(said) == [UpsertIssue, FollowRelease, UpsertComment]
        assert words(said) == "The next release is not ready yet. This is open:"
        assert isinstance(said[0], UpsertIssue)
        assert (said[0].purpose, said[0].title) == ("release after nothing", "First release")

    def test_it_writes_no_draft(self) -> None:
        assert DraftRelease not in kinds(decide("/release check", ready(LATE)))


class TestPrepare:
    def test_it_brings_the_draft_up_to_date(self) -> None:
        said = decide("/release prepare", ready(LATE, checklist=CHECKLIST), level=Level.WRITE)
        assert kinds(said) == [DraftRelease, UpsertComment]
        assert isinstance(said[0], DraftRelease)
        assert (said[0].draft, "Late" in said[0].body) == (9, True)
        assert words(said).startswith("The draft is brought up to date. Everything is there for `v1.5.0`")
        assert open_items(said) == []

    def test_it_writes_the_first_draft(self) -> None:
        said = decide("/release prepare", ready(state(MERGED), checklist=CHECKLIST))
        assert isinstance(said[0], DraftRelease)
        assert said[0].draft == 0

    def test_what_it_says_follows_from_the_draft_that_it_writes(self) -> None:
        said = decide("/release prepare", ready(state(MERGED)))
        assert kinds(said) == [DraftRelease, UpsertIssue, SetCheck, FollowRelease, UpsertComment]
        assert isinstance(said[1], UpsertIssue)
        assert (said[1].title, said[1].context["green"]) == ("Release v1.5.0", True)
        assert open_items(said) == []

    def test_one_that_is_as_it_should_be_stays(self) -> None:
        assert kinds(decide("/release prepare", ready(checklist=CHECKLIST))) == [UpsertComment]


class TestPublish:
    def test_where_everything_is_there_the_draft_that_was_seen_is_published(self) -> None:
        said = decide("/release publish", ready(checklist=CHECKLIST))
        assert kinds(said) == [PublishRelease, UpsertComment, UpsertIssue, FollowRelease]
        publish, _answer, issue, follow = said
        assert publish == PublishRelease(
            draft=9,
            tag="v1.5.0",
            sha=SHA,
            seen=draft().seal,
            reason="maint asked for it with /release publish; everything is there",
        )
        assert isinstance(issue, UpsertIssue)
        assert (issue.is_open, issue.edits_only, issue.context["out"]) == (False, True, "v1.5.0")
        assert isinstance(follow, FollowRelease)
        assert not follow.is_open
        page = "https://github.com/acme/widgets/releases/tag/v1.5.0"
        assert words(said).startswith(f"[`v1.5.0`]({page}) is out, on `ccccccc`.")

    def test_it_needs_no_checklist(self) -> None:
        assert kinds(decide("/release publish", ready())) == [PublishRelease, UpsertComment]

    @pytest.mark.parametrize("given", [BLOCKED, ready(LATE), ready(state(MERGED)), GateState()])
    def test_otherwise_it_says_what_is_open(self, given: GateState) -> None:
        said = decide("/release publish", replace(given, checklist=CHECKLIST))
        assert kinds(said) == [UpsertComment]
        assert "is not published yet. This is open:" in words(said)
        assert open_items(said)

    def test_and_opens_the_checklist_to_work_it_off(self) -> None:
        assert UpsertIssue in kinds(decide("/release publish", BLOCKED))

    def test_what_is_not_needed_holds_nothing_up(self) -> None:
        assert PublishRelease in kinds(decide("/release publish", BLOCKED, needs=["tests"]))
