"""What a mistake in the settings is called: where there are alternatives, aliases and lists, too."""

import pytest

from bot.config import read


def said(text: str) -> str:
    (problem,) = read(text).problems
    return problem.message


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("title: {titelOnly: true}", "title.titleOnly"),
        ("title: {title-onyl: true}", "title.title-only"),
        ("title: {titel_only: true}", "title.title_only"),
        ("path_labels: {sync-lables: true}", "path_labels.sync-labels"),
        (
            "commits: {allowRemediationCommits: {individul: true}}",
            "commits.allowRemediationCommits.individual",
        ),
        ("release: {versionResolver: {majr: {}}}", "release.versionResolver.major"),
        ("release: {categories: [{titel: x}]}", "release.categories.0.title"),
        ("release: {categories: [{title: x, when: {labls: [a]}}]}", "release.categories.0.when.labels"),
        ("release: {categories: [{title: x, when: [{labls: [a]}]}]}", "release.categories.0.when.0.labels"),
        (
            "path_labels: {labels: {docs: [{changed-files: [{any-glob-to-any-fil: x}]}]}}",
            "path_labels.labels.docs.0.changed-files.0.any-glob-to-any-file",
        ),
    ],
)
def test_what_was_meant_is_spelled_as_in_the_file(text: str, meant: str) -> None:
    assert said(text).endswith(f"is not a setting. Did you mean `{meant}`?")


def test_where_nothing_is_near_the_names_that_there_are_follow() -> None:
    assert said("path_labels: {labels: {docs: {globs: x}}}") == (
        "`path_labels.labels.docs.globs` is not a setting."
        " There are `changed_files`, `base_branch`, `head_branch`, `any`, `all`."
    )


DAY = "`true` or a day such as `2025-12-31`"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("review: {absent: {ada: 5}}", f"`review.absent.ada` must be {DAY}, not `5`."),
        ("review: {absent: {ada: tomorrow}}", f"`review.absent.ada` must be {DAY}, not `tomorrow`."),
        ("review: {absent: {ada: 2025-06-31}}", f"`review.absent.ada` must be {DAY}, not `2025-06-31`."),
        ("review: {absent: {ada: [x]}}", f"`review.absent.ada` must be {DAY}, not a list."),
        ("review: {absent: {ada: }}", f"`review.absent.ada` must be {DAY}, not empty."),
        ("review: {never: ada}", "`review.never` must be a list, not `ada`."),
        (
            "review: {associations: []}",
            "`review.associations` must be a list of one or more, not an empty list.",
        ),
        ("triage: {threshold: maybe}", "`triage.threshold` must be `auto` or a number, not `maybe`."),
        ("release: {latest: maybe}", "`release.latest` must be `true` or `false` or `legacy`, not `maybe`."),
        (
            "release: {categories: [{title: x, when: 5}]}",
            "`release.categories.0.when` must be `name: value` lines or a list, not `5`.",
        ),
        (
            "release: {categories: [{title: x, when: [5]}]}",
            "`release.categories.0.when.0` must be `name: value` lines, not `5`.",
        ),
        (
            "release: {categories: [{title: x, when: [{labels: 5}]}]}",
            "`release.categories.0.when.0.labels` must be a list, not `5`.",
        ),
        (
            "release: {categories: [{title: x, when: {conventional: false}}]}",
            "`release.categories.0.when.conventional` must be `true` or `name: value` lines, not `false`.",
        ),
        ("release: {replacers: [{search: x}]}", "`release.replacers.0.replace` is missing."),
    ],
)
def test_a_wrong_value_gets_one_plain_sentence(text: str, message: str) -> None:
    assert said(text) == message
