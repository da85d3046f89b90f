from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.actors import GHOST
from bot.core.conventional import TYPES
from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.pull_context import PullTypePrediction
from bot.core.pulls import Commit, Commits, PullRequest
from bot.rules.title import TitleConfig, title
from tests.rules.examples import BOT, NEWCOMER, pull

EVENT = PullRequestUpdated(NEWCOMER, pull(), what="edited")
KINDS = ", ".join(TYPES)
UNSURE = PullTypePrediction("", 0.0, abstained=True)
MERGE = Commit("c" * 40, "Merge branch 'main' into topic", parents=2)


def commit(message: str, sha: str = "a" * 40) -> Commit:
    return Commit(sha, message, author=NEWCOMER)


def report(
    of: str | PullRequest,
    *commits: Commit,
    guess: PullTypePrediction = UNSURE,
    config: dict[str, Any] | None = None,
) -> list[Item]:
    request = PullRequest(15, of, author=NEWCOMER) if isinstance(of, str) else of
    facts = Facts([request, Commits(commits), guess])
    said = title.decide(EVENT, TitleConfig.model_validate(config or {}), facts)
    return [item for item in said if isinstance(item, Item)]


def judged(
    of: str | PullRequest, *commits: Commit, guess: PullTypePrediction = UNSURE, **config: Any
) -> tuple[Status, str]:
    """The status and the sentence of the one item."""
    (item,) = report(of, *commits, guess=guess, config=config)
    assert (item.key, item.title, item.stage, item.who) == ("title", "Title", Stage.OPENED, "author")
    return item.status, item.text.plain()


def asked(of: str | PullRequest, *commits: Commit, **config: Any) -> tuple[Status, str]:
    return judged(of, *commits, conventional=True, **config)


# Work in progress


def test_without_settings_any_finished_title_will_do() -> None:
    assert judged("Save before closing") == (Status.DONE, "`Save before closing`")


@pytest.mark.parametrize(
    ("of", "mark"), [("WIP: save", "WIP"), ("[Draft] save", "Draft"), ("fix: save (wip)", "wip")]
)
def test_a_title_that_says_so_is_not_ready(of: str, mark: str) -> None:
    expected = f"take `{mark}` out of the title when it is ready; until then, it can be a draft"
    assert judged(of) == (Status.MISSING, expected)


def test_a_draft_may_say_so() -> None:
    status, text = judged(PullRequest(15, "WIP: save", is_draft=True))
    assert status == Status.WAITING
    assert text.startswith("`WIP` may stay while this is a draft")


def test_that_can_be_switched_off() -> None:
    assert report("WIP: save", config={"wip": False}) == []
    assert asked("WIP: save", wip=False)[0] == Status.MISSING  # for want of a type
    assert asked("fix: WIP save", wip=False)[0] == Status.DONE


# Who is asked


def test_bots_are_not_asked() -> None:
    request = PullRequest(15, "Bump x from 1 to 2", author=BOT)
    assert asked(request) == (Status.NOT_APPLICABLE, "bots name their own pull requests")


def test_a_label_may_spare_a_pull_request() -> None:
    request = PullRequest(15, "Save", labels=("Release",))
    expected = (Status.NOT_APPLICABLE, "not asked for with the label `release`")
    assert asked(request, ignore_labels=["bot", "release"]) == expected


@pytest.mark.parametrize("is_merged", [True, False])
def test_nothing_is_said_once_it_is_closed(is_merged: bool) -> None:
    assert report(PullRequest(15, "WIP", is_open=False, is_merged=is_merged)) == []


def test_a_ghost_is_asked_like_anybody() -> None:
    assert asked(PullRequest(15, "Save", author=GHOST))[0] == Status.MISSING


# Conventional titles


@pytest.mark.parametrize(
    "of", ["fix: save", "feat(ui): add a button", "refactor!: drop it", "Fix(api, ui)!: save", "ci: x"]
)
def test_a_conventional_title_is_done(of: str) -> None:
    assert asked(of) == (Status.DONE, f"`{of}`")


@pytest.mark.parametrize(
    "of",
    ["Save before closing", "fix save", "Merge branch 'main'", "[ui] save", "std::move is used", "fix():x"],
)
def test_another_title_is_not(of: str) -> None:
    assert asked(of)[0] == Status.MISSING


@pytest.mark.parametrize(
    "settings",
    [
        {"conventional": True},
        {"titleOnly": True},
        {"commitsOnly": True},
        {"title-and-commits": True},
        {"types": ["fix"]},
        {"requireScope": True},
        {"subjectPattern": ".+"},
    ],
)
def test_any_setting_about_it_asks_for_it(settings: dict[str, Any]) -> None:
    assert judged("Save", commit("Save"), **settings)[0] == Status.MISSING


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"conventional": None},
        {"conventional": False, "types": ["fix"]},
        {"enabled": True, "mode": "act", "threshold": 0.5, "ignore_labels": ["x"]},
    ],
)
def test_otherwise_nobody_is_asked(settings: dict[str, Any]) -> None:
    assert judged("Save", **settings)[0] == Status.DONE


def test_without_an_idea_the_types_are_listed() -> None:
    expected = f"begin it with the type of the change, as in `feat: ...`; the types here are {KINDS}"
    assert asked("Save before closing") == (Status.MISSING, expected)


def test_what_was_meant_is_proposed() -> None:
    assert asked("Feature (ui) : add a button") == (Status.MISSING, "write `feat(ui): add a button`")
    assert asked('Revert "feat: save"') == (Status.MISSING, "write `revert: feat: save`")


def test_unknown_types_are_named() -> None:
    assert asked("editor: save") == (Status.MISSING, f"`editor` is not among the types here: {KINDS}")
    assert asked("chore: x", types=["Fix", "Feat"])[1] == "`chore` is not among the types here: Fix, Feat"
    assert asked("FIX: x", types=["Fix", "Feat"])[0] == Status.DONE


def test_no_types_are_the_usual_ones() -> None:
    assert TitleConfig(types=()).types == TYPES
    assert asked("fix: x", types=[])[0] == Status.DONE


# What the classifier says


def test_a_predicted_type_is_proposed_when_it_is_sure_enough() -> None:
    sure = judged("Save first", guess=PullTypePrediction("fix", 0.839), conventional=True)
    assert sure == (
        Status.MISSING,
        f"begin it with its type, perhaps `fix: Save first` (83% sure); the types here are {KINDS}",
    )


@pytest.mark.parametrize(
    ("of", "guess", "settings"),
    [
        ("Save first", PullTypePrediction("fix", 0.69), {}),
        ("Save first", PullTypePrediction("fix", 0.85), {"threshold": 0.9}),
        ("Save first", PullTypePrediction("fix", 0.99, abstained=True), {}),
        ("Save first", PullTypePrediction("fix", 0.99), {"types": ["feat"]}),
        ("Save first", PullTypePrediction("fix", 0.99), {"require_scope": True}),
        ("fix: Save first", PullTypePrediction("feat", 0.99), {"subject_pattern": "[a-z].*"}),
    ],
)
def test_otherwise_no_title_is_proposed(of: str, guess: PullTypePrediction, settings: dict[str, Any]) -> None:
    status, text = judged(of, guess=guess, conventional=True, **settings)
    assert status == Status.MISSING
    assert "perhaps" not in text


def test_what_was_meant_comes_before_what_is_predicted() -> None:
    guess = PullTypePrediction("feat", 0.99)
    assert judged("fix:save", guess=guess, conventional=True)[1] == "write `fix: save`"


# Scopes and subjects


@pytest.mark.parametrize(
    ("of", "settings", "expected"),
    [
        ("fix: x", {"require_scope": True}, "name the part that changes, as in `fix(part): ...`"),
        (
            "fix: x",
            {"requireScope": True, "scopes": ["ui", "api"]},
            "name the part that changes, as in `fix(part): ...`; the scopes here are ui, api",
        ),
        ("fix(ux): x", {"scopes": ["ui"]}, "`ux` is not among the scopes; the scopes here are ui"),
        ("fix(ui, db): x", {"scopes": ["ui"]}, "`db` is not among the scopes; the scopes here are ui"),
        ("fix(release): x", {"disallowScopes": ["release"]}, "the scope `release` is not to be used here"),
        ("fix(UI): x", {"disallow_scopes": ["[A-Z]+"]}, "the scope `UI` is not to be used here"),
        (
            "fix: Save",
            {"subjectPattern": "^(?![A-Z]).+$"},
            "what follows the colon must match `^(?![A-Z]).+$`",
        ),
        (
            "fix: Save {title}",
            {"subject_pattern": "[a-z].+", "subjectPatternError": "{subject} in {title} is {big}"},
            "Save {title} in fix: Save {title} is {big}",
        ),
    ],
)
def test_scopes_and_subjects_can_be_asked_for(of: str, settings: dict[str, Any], expected: str) -> None:
    assert asked(of, **settings) == (Status.MISSING, expected)


@pytest.mark.parametrize(
    ("of", "settings"),
    [
        ("fix: x", {"scopes": ["ui"]}),
        ("fix(ui,api): x", {"scopes": ["ui", "api"], "require_scope": True}),
        ("fix(JIRA-12): x", {"scopes": ["JIRA-\\d+"]}),
        ("fix(c++): x", {"scopes": ["c++"]}),
        ("fix: save", {"subject_pattern": "^(?![A-Z]).+$"}),
    ],
)
def test_what_complies_is_done(of: str, settings: dict[str, Any]) -> None:
    assert asked(of, **settings)[0] == Status.DONE


# Commits

GOOD, BAD = commit("fix: save\n\nlonger"), commit("Save", "b" * 40)
BACK = commit('Revert "fix: x"')
ANY, MERGES, REVERTS = {"anyCommit": True}, {"allowMergeCommits": True}, {"allowRevertCommits": True}


@pytest.mark.parametrize(
    ("of", "commits", "settings", "status"),
    [
        # with none of the three, the title or any commit
        ("Save", [GOOD, BAD], {}, Status.DONE),
        ("Save", [BAD], {}, Status.MISSING),
        ("fix: save", [BAD], {}, Status.DONE),
        ("fix: save", [BAD], {"titleOnly": True}, Status.DONE),
        ("Save", [GOOD], {"titleOnly": True}, Status.MISSING),
        ("Save", [GOOD], {"commitsOnly": True}, Status.DONE),
        ("fix: save", [GOOD, BAD], {"commitsOnly": True}, Status.MISSING),
        ("Save", [GOOD, BAD], {"commitsOnly": True, **ANY}, Status.DONE),
        ("fix: save", [BAD], {"commitsOnly": True, **ANY}, Status.MISSING),
        ("fix: save", [GOOD], {"titleAndCommits": True}, Status.DONE),
        ("Save", [GOOD], {"titleAndCommits": True}, Status.MISSING),
        ("fix: save", [GOOD, BAD], {"titleAndCommits": True}, Status.MISSING),
        ("fix: save", [GOOD, BAD], {"titleAndCommits": True, **ANY}, Status.DONE),
        ("fix: save", [GOOD, MERGE], {"titleAndCommits": True}, Status.MISSING),
        ("fix: save", [GOOD, MERGE], {"titleAndCommits": True, **MERGES}, Status.DONE),
        ("fix: save", [MERGE, BAD], {"commitsOnly": True, **ANY, **MERGES}, Status.MISSING),
        ("fix: save", [MERGE], {"commitsOnly": True, **MERGES}, Status.DONE),
        ("fix: x", [BACK], {"commitsOnly": True}, Status.MISSING),
        ("fix: x", [BACK], {"commitsOnly": True, **REVERTS}, Status.DONE),
        ('Revert "fix: x"', [], {"titleOnly": True, **REVERTS}, Status.DONE),
        ("fix: save", [], {"commitsOnly": True}, Status.DONE),
    ],
)
def test_title_and_commits_count_as_the_settings_say(
    of: str, commits: list[Commit], settings: dict[str, Any], status: Status
) -> None:
    assert asked(of, *commits, **settings)[0] == status


def test_it_says_which_commit_made_up_for_the_title() -> None:
    expected = "the commit `fix: save` has a type; for a squash merge, give the title one, too"
    assert asked("Save", BAD, GOOD) == (Status.DONE, expected)


def test_it_says_which_commits_to_reword_and_how() -> None:
    status, text = asked("fix: save", GOOD, BAD, GOOD, commits_only=True)
    assert status == Status.MISSING
    how = "`git rebase --interactive HEAD~2`, then `git push --force-with-lease`"
    assert text.startswith(f"reword bbbbbbb ({how}): begin it with the type")
    _, text = asked("fix: save", BAD, BAD, commits_only=True, any_commit=True)
    assert text.startswith("reword one of the commits bbbbbbb, bbbbbbb (")
    assert asked("Save", GOOD, commits_only=True) == (Status.DONE, "the commits have a type")


@pytest.mark.parametrize(
    ("of", "commits", "status"),
    [
        ("fix: save", [BAD], Status.MISSING),
        ("fix: save", [BAD, MERGE], Status.MISSING),
        ("fix: save", [BAD, BAD], Status.DONE),
        ("fix: save", [GOOD], Status.DONE),
    ],
)
def test_an_only_commit_may_count_because_it_names_the_squash(
    of: str, commits: list[Commit], status: Status
) -> None:
    assert asked(of, *commits, title_only=True, validateSingleCommit=True)[0] == status


def test_an_only_commit_may_have_to_be_the_title() -> None:
    settings: dict[str, Any] = {"title_only": True, "validateSingleCommitMatchesPrTitle": True}
    assert asked("fix: save ", GOOD, **settings)[0] == Status.DONE
    expected = (Status.MISSING, "the title must be the subject of the only commit, `fix: save`")
    assert asked("fix: save it", GOOD, **settings) == expected


# The settings themselves


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject_pattern": "("},
        {"subject_pattern": "(?<=a)b"},
        {"types": [""]},
        {"threshold": 2},
        {"titelOnly": True},
    ],
)
def test_wrong_settings_are_errors(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TitleConfig.model_validate(wrong)
