"""The sandbox's time: the real clock plus an offset that tests move forward."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Everything in the sandbox that expires or is stamped asks this clock, so an hour can pass at once."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def advance(self, seconds: float) -> None:
        self._offset += timedelta(seconds=seconds)

    def set(self, moment: datetime) -> None:
        self._offset = moment - datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Write a moment as GitHub does, in whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else stamp(moment)


def parse(text: str) -> datetime:
    """Read an ISO 8601 moment; one without a zone is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
