"""What the figures are called, in which section they stand, and what their cases are waiting for."""

from dataclasses import dataclass

from bot.health.figures import AudienceName


@dataclass(frozen=True, slots=True)
class Name:
    """What a figure is called.

    Args:
        text: its name.
        waiting: what those cases are that have not got there yet, after their number.
        listed: what the threads are that are listed behind it.
        is_flow: whether it counts what happens, so that what is usual is so many a week.
        says_all: whether its definition says no more than its name.
    """

    text: str
    waiting: str = "still open"
    listed: str = "Still open"
    is_flow: bool = False
    says_all: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: its heading, and the figures in it."""

    id: str
    heading: str
    names: dict[str, Name]


UNANSWERED = ("without one", "Without one")
IN_TIME = ("too young to say", "Late, or without one")
LATEST, OLDEST, WHICH = "The latest", "The oldest", "Which"

SECTIONS = (
    Section(
        "responses",
        "Responses",
        {
            "time_to_first_response_issue": Name("First response to an issue", *UNANSWERED),
            "time_to_first_response_pr": Name("First response to a pull request", *UNANSWERED),
            "time_to_first_maintainer_response": Name("First response by a maintainer", *UNANSWERED),
            "answered_within_benchmark": Name("Answered in time", *IN_TIME),
        },
    ),
    Section(
        "issues",
        "Issues",
        {
            "issues_opened": Name("Issues opened", listed=LATEST, is_flow=True, says_all=True),
            "issues_closed": Name("Issues closed", listed=LATEST, is_flow=True),
            "closure_ratio_issues": Name("Issues closed for each one opened"),
            "time_to_close_issue": Name("Time to close an issue"),
            "issues_open": Name("Open issues", listed=OLDEST, says_all=True),
            "age_issues_open": Name("Age of the open issues", listed=OLDEST),
        },
    ),
    Section(
        "pulls",
        "Pull requests",
        {
            "prs_opened": Name("Pull requests opened", listed=LATEST, is_flow=True, says_all=True),
            "prs_merged": Name("Pull requests merged", listed=LATEST, is_flow=True, says_all=True),
            "prs_closed": Name("Pull requests closed, merged or not", listed=LATEST, is_flow=True),
            "closure_ratio_prs": Name("Pull requests closed for each one opened"),
            "time_to_merge_pr": Name("Time to merge"),
            "time_to_close_unmerged_pr": Name("Time to close unmerged", listed="Closed unmerged"),
            "prs_open": Name("Open pull requests", listed=OLDEST, says_all=True),
            "age_prs_open": Name("Age of the open pull requests", listed=OLDEST),
        },
    ),
    Section(
        "reviews",
        "Reviews",
        {
            "time_to_first_review": Name("First review", "without one", "Without one"),
            "review_cycles": Name("Rounds of review", listed="Those with most rounds"),
            "time_with_author": Name("Time it was the author's turn"),
            "time_with_reviewers": Name("Time it was the reviewers' turn"),
            "review_load_top_share": Name("Share of the busiest reviewer"),
            "absence_factor_reviews": Name("Absence factor of the reviews"),
            "merged_unreviewed": Name("Merged without a review", listed=WHICH, is_flow=True),
            "self_merged": Name("Merged by the author without an approval", listed=WHICH, is_flow=True),
        },
    ),
    Section(
        "people",
        "People",
        {
            "new_issue_authors": Name("People with their first issue"),
            "new_pr_authors": Name("People with their first pull request"),
            "new_merged_authors": Name("People with their first merge"),
            "first_timer_answered": Name("First pull requests answered in time", *IN_TIME),
            "first_timer_merged": Name("First pull requests merged"),
            "first_timer_time_to_merge": Name("Time to the first merge"),
            "returning_contributors": Name("People who came back"),
            "one_time_contributors": Name("People seen on one thread only"),
            "inactive_contributors": Name("Inactive contributors"),
            "absence_factor_merged_prs": Name("Absence factor of what is merged"),
            "absence_factor_commits": Name("Absence factor of the commits"),
        },
    ),
    Section(
        "releases",
        "Releases",
        {
            "releases": Name("Releases"),
            "days_since_release": Name("Since the last release"),
            "unreleased_prs": Name("Merged and not released"),
            "unreleased_commits": Name("Commits not released"),
        },
    ),
    Section(
        "documents",
        "Documentation and conduct",
        {"documents_present": Name("Documents in place")},
    ),
    Section(
        "usher",
        "Usher's own record",
        {
            "label_precision": Name("Labels that stood", "too young to say", "Taken off"),
            "label_coverage": Name("Issues that got a label", listed="Left to a person"),
        },
    ),
)

#: The first table: how it went. A stranger's word is a response, too, so a maintainer's comes first.
HEADLINES = (
    "time_to_first_maintainer_response",
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

#: Whose threads a report is about, in words.
AUDIENCES: dict[AudienceName, str] = {
    "everyone": "everyone",
    "newcomers": "newcomers",
    "outsiders": "people outside the project",
    "maintainers": "maintainers",
}

#: What only the roll-up of an organisation has.
ROLLUP = {
    "time_to_first_response": Name("First response", *UNANSWERED),
    "active_contributors": Name("People who took part"),
    "active_in_several": Name("People in several repositories"),
}

NAMES = {id_: name for section in SECTIONS for id_, name in section.names.items()}


def name_of(id_: str) -> Name:
    """What a figure is called; its id in words where nobody named it."""
    return NAMES.get(id_) or ROLLUP.get(id_) or Name(id_.replace("_", " ").capitalize(), listed=WHICH)
