"""What the figures are called, in which section they stand, and what their cases are waiting for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """What a figure is called.

    Args:
        text: its name.
        waiting: what those cases are that have not got there yet, after their number.
        is_flow: whether it counts what happens, so that what is usual is so many a week.
    """

    text: str
    waiting: str = "still open"
    is_flow: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: its heading, and the figures in it."""

    id: str
    heading: str
    names: dict[str, Name]


UNANSWERED = "unanswered"
TOO_YOUNG = "too young to say"

SECTIONS = (
    Section(
        "responses",
        "Responses",
        {
            "time_to_first_response_issue": Name("First response to an issue", UNANSWERED),
            "time_to_first_response_pr": Name("First response to a pull request", UNANSWERED),
            "time_to_first_maintainer_response": Name("First response by a maintainer", UNANSWERED),
            "answered_within_benchmark": Name("Answered in time", TOO_YOUNG),
        },
    ),
    Section(
        "issues",
        "Issues",
        {
            "issues_opened": Name("Issues opened", is_flow=True),
            "issues_closed": Name("Issues closed", is_flow=True),
            "closure_ratio_issues": Name("Issues closed for each one opened"),
            "time_to_close_issue": Name("Time to close an issue"),
            "issues_open": Name("Open issues"),
            "age_issues_open": Name("Age of the open issues"),
        },
    ),
    Section(
        "pulls",
        "Pull requests",
        {
            "prs_opened": Name("Pull requests opened", is_flow=True),
            "prs_merged": Name("Pull requests merged", is_flow=True),
            "prs_closed": Name("Pull requests closed, merged or not", is_flow=True),
            "closure_ratio_prs": Name("Pull requests closed for each one opened"),
            "time_to_merge_pr": Name("Time to merge"),
            "time_to_close_unmerged_pr": Name("Time to close unmerged"),
            "prs_open": Name("Open pull requests"),
            "age_prs_open": Name("Age of the open pull requests"),
        },
    ),
    Section(
        "reviews",
        "Reviews",
        {
            "time_to_first_review": Name("First review", "without one"),
            "review_cycles": Name("Rounds of review"),
            "time_with_author": Name("The author's turn"),
            "time_with_reviewers": Name("The reviewers' turn"),
            "review_load_top_share": Name("Share of the busiest reviewer"),
            "absence_factor_reviews": Name("People who give half of the reviews"),
            "merged_unreviewed": Name("Merged without a review", is_flow=True),
            "self_merged": Name("Merged by the author without an approval", is_flow=True),
        },
    ),
    Section(
        "people",
        "People",
        {
            "new_issue_authors": Name("People with their first issue"),
            "new_pr_authors": Name("People with their first pull request"),
            "new_merged_authors": Name("People with their first merge"),
            "first_timer_answered": Name("First pull requests answered in time", TOO_YOUNG),
            "first_timer_merged": Name("First pull requests merged"),
            "first_timer_time_to_merge": Name("Time to the first merge"),
            "returning_contributors": Name("People who came back"),
            "one_time_contributors": Name("People seen on one thread only"),
            "inactive_contributors": Name("People who are gone"),
            "absence_factor_merged_prs": Name("People who write half of what is merged"),
        },
    ),
    Section(
        "releases",
        "Releases",
        {
            "releases": Name("Releases"),
            "days_since_release": Name("Since the last release"),
            "unreleased_prs": Name("Merged and not released"),
        },
    ),
    Section(
        "usher",
        "Usher's own record",
        {
            "label_precision": Name("Labels that stood", TOO_YOUNG),
            "label_coverage": Name("Issues that got a label"),
        },
    ),
)

#: The first table: how it went, in ten lines.
HEADLINES = (
    "time_to_first_response_issue",
    "time_to_first_response_pr",
    "answered_within_benchmark",
    "time_to_merge_pr",
    "issues_opened",
    "issues_closed",
    "issues_open",
    "prs_opened",
    "prs_merged",
    "prs_open",
)

NAMES = {id_: name for section in SECTIONS for id_, name in section.names.items()}


def name_of(id_: str) -> Name:
    """What a figure is called; its id in words where nobody named it."""
    return NAMES.get(id_) or Name(id_.replace("_", " ").capitalize())
