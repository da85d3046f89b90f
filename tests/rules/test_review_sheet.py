import json
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.meta import find_undeclared_variables
from pydantic import ValidationError

from bot.core.actions import SetCheck
from bot.core.events import PullEvent, PullRequestMerged, PullRequestOpened, PullRequestUpdated
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.phrases import Phrase
from bot.core.pulls import ChangedFile, ChangedFiles, Check, Checks, PullRequest
from bot.core.rule import Said
from bot.core.sheet.registry import CHECKS
from bot.resources import resource_dir
from bot.rules.review_sheet import ReviewSheetConfig, review_sheet
from tests.core.sheet.examples import binary, new
from tests.rules.examples import MAINTAINER, NEWCOMER, pull

SHA = "0a1b2c3d4e" * 4
# Put together, so that nobody takes it for a real one.
TOKEN = "ghp" + "_" + "aB3dE6gH9jKlMnOpQrStuVwXyZ015345qRs7"
FINE = new("src/a.py", "x = 1")
LEAK = new("src/a.py", "x = 1", f"token = '{TOKEN}'")
DEBUG = new("src/b.py", "breakpoint()")
OPENED = PullRequestOpened(NEWCOMER, pull())


def decide(
    *files: ChangedFile,
    event: PullEvent = OPENED,
    is_complete: bool = True,
    checks: tuple[Check, ...] = (),
    config: dict[str, Any] | None = None,
    **changes: Any,
) -> Said:
    facts = Facts(
        [
            PullRequest(**{"number": 15, "head_sha": SHA, **changes}),
            ChangedFiles(files, is_complete),
            Checks(checks, SHA),
        ]
    )
    return review_sheet.decide(event, ReviewSheetConfig(**config or {}), facts)


def sheet(*files: ChangedFile, **more: Any) -> SetCheck:
    (check,) = [each for each in decide(*files, **more) if isinstance(each, SetCheck)]
    return check


def item(key: str, *files: ChangedFile, **more: Any) -> Item:
    (found,) = [each for each in decide(*files, **more) if isinstance(each, Item) and each.key == key]
    return found


def test_a_clean_pull_request() -> None:
    check = sheet(FINE, checks=(Check("ruff", "success"), Check("tests", "success")))
    assert (check.name, check.sha, check.template) == ("usher / review sheet", SHA, "review-sheet")
    assert (check.conclusion, check.title, check.annotations) == ("success", "Nothing stands out", ())
    assert check.reason == "0 findings in 1 changed file"
    security = item("security", FINE)
    assert (security.stage, security.status) == (Stage.REVIEW, Status.DONE)
    assert security.text.plain() == "no keys or tokens in the added lines"


def test_a_finding_is_an_annotation_on_its_line_and_blocks_nothing() -> None:
    check = sheet(DEBUG)
    assert (check.conclusion, check.title) == ("neutral", "1 to look at")
    assert check.annotations == (
        {
            "path": "src/b.py",
            "line": 1,
            "level": "warning",
            "title": "Debugging",
            "message": "breakpoint() is for debugging. Take it out before the merge.",
        },
    )
    assert item("security", DEBUG).status == Status.DONE


def test_a_secret_is_missing_on_the_checklist_and_shown_nowhere() -> None:
    said = decide(LEAK, DEBUG)
    security = item("security", LEAK, DEBUG)
    assert (security.status, security.who) == (Status.MISSING, "author")
    assert security.text.plain().startswith("Access token in `src/a.py`, line 2. See the annotation")
    assert "/skip security" in security.text.plain()
    assert sheet(LEAK).conclusion == "neutral"
    assert TOKEN[8:] not in repr(said)


def test_conflict_markers_are_as_grave() -> None:
    file = new("src/a.py", "<" * 7 + " HEAD", ">" * 7 + " other")
    assert item("security", file).status == Status.MISSING
    assert (
        item("security", LEAK, file).text.plain().startswith("Access token in `src/a.py`, line 2 and 1 more.")
    )


def test_notes_alone_do_not_stand_out() -> None:
    assert sheet(new("requirements.txt", "requests")).conclusion == "success"


def test_the_sheet_fails_where_the_config_says_so() -> None:
    assert sheet(DEBUG, config={"fail_on": ["breakpoints"]}).conclusion == "failure"
    assert sheet(DEBUG, config={"fail_on": ["tokens"]}).conclusion == "neutral"


def test_checks_are_switched_by_name() -> None:
    assert sheet(DEBUG, config={"checks": {"breakpoints": False}}).annotations == ()
    assert len(sheet(new("src/a.py", "print(1)"), config={"checks": {"prints": True}}).annotations) == 1
    off = {"private_keys": False, "tokens": False}
    assert item("security", LEAK, config={"checks": off}).status == Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    "config",
    [
        {"checks": {"no_such": True}},
        {"fail_on": ["x"]},
        {"hot_paths": ["x" * 201]},
        {"ignore": [""]},
        {"max_annotations": 501},
    ],
)
def test_settings_that_are_wrong(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ReviewSheetConfig(**config)


def test_files_can_be_ignored() -> None:
    assert sheet(LEAK, DEBUG, config={"ignore": ["src/a.py"]}).annotations == sheet(DEBUG).annotations


def test_annotations_have_an_end_and_the_gravest_come_first() -> None:
    many = new("src/b.py", *["breakpoint()"] * 30)
    check = sheet(many, LEAK, config={"max_annotations": 10})
    assert [each["level"] for each in check.annotations] == ["failure"] + ["warning"] * 9
    assert check.title == "31 to look at"
    assert check.context["more"] == 6
    assert check.context["notes"][0]["values"] == {"more": 21}


def test_hot_paths_ask_for_measurements() -> None:
    config: dict[str, Any] = {"hot_paths": ["src/kernels/**"], "performance_label": "perf-ok"}
    hot = new("src/kernels/a.cu", "x")
    asked = item("performance", hot, config=config)
    assert (asked.stage, asked.status) == (Stage.REVIEW, Status.MISSING)
    assert "/skip performance" in asked.text.plain()
    assert item("performance", hot, config=config, body="## Benchmark\n3 ms").status == Status.DONE
    assert item("performance", hot, config=config, labels=("perf-ok",)).status == Status.DONE
    assert item("performance", FINE, config=config).status == Status.NOT_APPLICABLE
    assert not any(isinstance(each, Item) and each.key == "performance" for each in decide(hot))


@pytest.mark.parametrize("what", ["synchronize", "reopened", "ready_for_review", "edited", "checks", "look"])
def test_the_sheet_follows_what_changes_it(what: str) -> None:
    event = PullRequestUpdated(MAINTAINER, pull(), what=what)
    assert sheet(DEBUG, event=event) == sheet(DEBUG)


@pytest.mark.parametrize("what", ["labeled", "assigned", "submitted", "converted_to_draft"])
def test_otherwise_only_the_checklist_hears_of_it(what: str) -> None:
    said = decide(LEAK, event=PullRequestUpdated(MAINTAINER, pull(), what=what))
    assert said == [item("security", LEAK)]


def test_a_label_counts_where_it_may_vouch() -> None:
    event = PullRequestUpdated(MAINTAINER, pull(), what="labeled")
    assert sheet(FINE, event=event, config={"performance_label": "perf-ok"})


@pytest.mark.parametrize(
    "state", [{"is_open": False}, {"is_open": False, "is_merged": True}, {"head_sha": ""}]
)
def test_after_the_end_nothing_is_said(state: dict[str, Any]) -> None:
    assert decide(LEAK, event=PullRequestMerged(MAINTAINER, pull()), **state) == []


def test_what_cannot_be_read_is_said() -> None:
    large = binary("src/large.py", additions=30_000)
    assert sheet(FINE, large).conclusion == "neutral"
    assert sheet(FINE, large).context["notes"][0]["values"] == {"n0": "src/large.py"}
    assert "that could be read" in item("security", FINE, is_complete=False).text.plain()
    assert item("security", binary("logo.png")).status == Status.NOT_APPLICABLE
    assert item("security").status == Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    "patch",
    [
        "",
        "@@",
        "\0" * 5_000,
        "@@ -0,0 +1 @@\n+" + "x" * 1_000_000,
        "@@ -0,0 +1 @@\n+" + "sk-ant-a'" * 100_000,
        "\ud800@@ -1 +1 @@",
    ],
)
def test_hostile_patches_raise_nothing(patch: str) -> None:
    every: dict[str, Any] = {"checks": {check.name: True for check in CHECKS}}
    files = [
        ChangedFile(path, "added", patch=patch) for path in ("a.py", "a.js", "a.ipynb", "a.csv", "go.mod")
    ]
    check = sheet(*files, ChangedFile(".github/workflows/a.yml", patch=patch), config=every)
    json.dumps(check.args())


def test_the_work_is_bounded() -> None:
    patch = "@@ -0,0 +1,9 @@\n" + "+    breakpoint()  # x\n" * 40_000
    files = [new(f"src/{n}.py", patch=patch, additions=40_000) for n in range(60)]  # 50 MB
    check = sheet(*files)
    assert len(check.annotations) <= 100
    assert check.context["notes"][0]["text"].startswith("Too large")


def test_the_template_uses_exactly_what_it_is_given() -> None:
    environment = Environment(
        loader=FileSystemLoader(resource_dir("templates") / "checks"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["phrase"] = lambda phrase: Phrase(**phrase).plain()
    source = (resource_dir("templates") / "checks/review-sheet.md.j2").read_text("utf-8")
    check = sheet(LEAK, DEBUG, binary("src/large.py", additions=30_000), checks=(Check("ruff", "failure"),))
    assert find_undeclared_variables(environment.parse(source)) == set(check.context)
    text = environment.get_template("review-sheet.md.j2").render(check.context)
    assert "| 👀 | Style | failed: `ruff` |\n" in text
    assert "| ❌ | `src/a.py:2` | This looks like a GitHub Token (40 characters)." in text
    assert "\nToo large to be read whole: `src/large.py`.\n" in text
    assert "|\n\n|" in text  # two tables, each on its own
