"""The report that comes by itself: one issue for it, edited in place each time."""

from bot.core.events import ReportDue
from bot.core.facts import Facts, ReportText
from bot.core.phrases import verbatim
from bot.core.pull_actions import UpsertIssue
from bot.core.rule import rule
from bot.health.due import PURPOSE
from bot.health.settings import HealthConfig

_NAMES = {"weekly": "week", "monthly": "month", "quarterly": "quarter"}


@rule(
    on=ReportDue,
    needs=(ReportText,),
    config=HealthConfig,
    section="health",
    spares=lambda config: (ReportText,) if config.issue == "off" else (),
)
def report_issue(event: ReportDue, config: HealthConfig, facts: Facts) -> list[UpsertIssue]:
    """Keep one pinned issue with the report of the last week, month or quarter."""
    if config.issue == "off" or config.issue != event.every:
        return []  # the settings have changed since it was due
    said = facts[ReportText].markdown
    if not said:
        return []
    return [
        UpsertIssue(
            purpose=PURPOSE,
            title=f"{event.every.capitalize()} report",
            template="report",
            context={"report": verbatim(said).as_json()},
            is_pinned=True,
            reason=f"health.issue is {event.every}, and a {_NAMES[event.every]} ended before {event.until}",
        )
    ]
