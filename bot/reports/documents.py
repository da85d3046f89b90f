"""The documents of a project, in words."""

from collections.abc import Iterable

from bot.health.documents import ID
from bot.health.figures import Metric, Part
from bot.health.report import Report
from bot.reports.words import DAY, duration

NAMES: dict[str, str] = {
    "readme": "README",
    "contributing": "CONTRIBUTING",
    "code_of_conduct": "code of conduct",
    "security": "security policy",
    "license": "license",
    "issue_templates": "issue templates",
    "pull_template": "pull request template",
}
UNKNOWN = (
    "Which documents (README, CONTRIBUTING and others) this repository had at that time is not known here, so"
    " nothing is said about them."
)
OLD_LOOK = 7  # days, after which a report says how old the look is


def lacking(report: Report) -> tuple[str, ...]:
    """Return the names of the documents that are known not to be there."""
    return tuple(NAMES[part.name] for part in report.metric(ID).breakdown if not part.value)


def notes(metric: Metric) -> Iterable[str]:
    """What else belongs to the figure of documents."""
    if metric.id == ID and 0 < metric.n < len(NAMES):
        yield f"without {len(NAMES) - metric.n} that changed since"
    if metric.detail("days_since_look") > OLD_LOOK:
        yield f"as they were {duration(metric.detail('days_since_look') * DAY)} before the end"


def parts(metric: Metric) -> Iterable[tuple[str, str]]:
    """Each document by its name, and what is known of it."""
    for part in metric.breakdown:
        yield NAMES[part.name], ", ".join(_said(part))


def _said(part: Part) -> Iterable[str]:
    if not part.value:
        yield "not there"
        return
    age = part.details.get("age_days")
    if age is None:
        yield "there"
    else:
        yield "changed within 2 days" if age < 2 else f"unchanged for {duration(age * DAY)}"
    if part.details.get("is_shared"):
        yield "shared by the owner"
    if "has_contact" in part.details:
        names_one = part.details["has_contact"]
        yield "names an address" if names_one else "a placeholder stands where the contact belongs"
