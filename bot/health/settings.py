"""The settings of the figures: who counts, which days, from when on something is late."""

import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from bot.core.rule import Section
from bot.health.due import Every

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Login = Annotated[str, Field(min_length=1, max_length=100)]
Label = Annotated[str, Field(min_length=1, max_length=100)]
Days = Annotated[int, Field(strict=True, ge=1, le=3650)]

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
MIDNIGHT = 24 * 60


def _minutes(hours: str) -> tuple[int, int]:
    """``09:00-17:30`` in minutes from midnight.

    Raises:
        ValueError: they are no hours of a day, or end before they begin.
    """
    found = _HOURS.fullmatch(hours)
    if found:
        begin, end = (int(found[n]) * 60 + int(found[n + 1]) for n in (1, 3))
        if begin < end <= MIDNIGHT:
            return begin, end
    raise ValueError("hours of a day, such as `09:00-17:00`")


def _hours(value: str) -> str:
    _minutes(value)
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("the name of a time zone, such as `Europe/Berlin` or `UTC`") from error
    return value


class HealthConfig(Section):
    """The figures of the community-health reports."""

    enabled: bool = Field(
        default=True, description="`false`: no report comes by itself, whatever `issue` says."
    )
    issue: Literal["off"] | Every = Field(
        default="off", description="How often a report comes by itself, as one issue that is edited in place."
    )
    time_zone: Annotated[str, Field(max_length=64), AfterValidator(_zone)] = Field(
        default="UTC", description="Days, weeks and months begin at midnight of this time zone."
    )
    window: Days = Field(default=90, description="How many days a report looks back.")
    business_days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = Field(
        default=WEEK[:5], description="The team's working days."
    )
    business_hours: Annotated[str, AfterValidator(_hours)] = Field(
        default="00:00-24:00", description="The team's working hours, in `time_zone`."
    )
    benchmark: Annotated[float, Field(gt=0, le=90)] = Field(
        default=2, description="Within how many business days a first response is in time."
    )
    maintainers: tuple[Login, ...] = Field(
        default=(), description="Logins that count as maintainers, beside those who show that they are."
    )
    bots: tuple[Login, ...] = Field(
        default=(), description="Logins of bots that GitHub shows as people; they never count as a response."
    )
    people: tuple[Login, ...] = Field(
        default=(), description="Logins of people who answer so fast that they were taken for bots."
    )
    threads_of_bots: bool = Field(
        default=True,
        description="`false` leaves threads that bots opened out of what waits for a response or a review.",
    )
    inactive_after: Days = Field(
        default=90, description="After how many days without a contribution a person counts as gone."
    )
    absence_share: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.5, description="The share of contributions that the absence factor asks for."
    )
    ignored_labels: tuple[Label, ...] = Field(
        default=(),
        description="Labels, such as `blocked`, that take a thread out of what needs somebody now.",
    )
    unmerged_after: Days = Field(
        default=5, description="After how many days an approved pull request should have been merged."
    )
    abandoned_after: Days = Field(
        default=30, description="After how many days without its author a pull request counts as abandoned."
    )
    label_days: Days = Field(
        default=14, description="For how many days a label of Usher's must stand to count as right."
    )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def minutes(self) -> tuple[int, int]:
        """When the working hours begin and end, in minutes from midnight."""
        return _minutes(self.business_hours)

    @property
    def weekdays(self) -> frozenset[int]:
        """The working days, where Monday is 0."""
        return frozenset(WEEK.index(day) for day in self.business_days)
