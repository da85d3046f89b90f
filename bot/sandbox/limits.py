"""GitHub's rate limits, and what a client did that it had been told not to do."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from bot.sandbox.clock import Clock
from bot.sandbox.faults import Faults, Kind
from bot.sandbox.things import Json
from bot.sandbox.web import ApiError, Request

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PER_HOUR, PER_HOUR_ANONYMOUS = 5000, 60
POINTS_PER_MINUTE, POINTS_OF_A_WRITE = 900, 5
CREATED_PER_MINUTE, CREATED_PER_HOUR = 80, 500
# A request that was on its way when the refusal was sent is nobody's fault.
GRACE = timedelta(seconds=0.25)
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID."
)
REFUSALS: tuple[Kind, ...] = ("forbidden_with_retry_after", "too_many", "secondary_limit", "exhausted")


@dataclass(frozen=True)
class Violation:
    """A request sent before the time that the caller had been told to wait for."""

    time: datetime
    caller: str
    request: str
    told: str
    early_by: float  # seconds


@dataclass(eq=False)
class _Account:
    """What one caller has used up."""

    resets_at: datetime
    used: int = 0
    points: deque[tuple[datetime, int]] = field(default_factory=deque)
    creations: deque[datetime] = field(default_factory=deque)
    refusal: "_Refusal | None" = None

    def spend(self, method: str, now: datetime) -> None:
        self.used += 1
        self.points.append((now, 1 if method in ("GET", "HEAD") else POINTS_OF_A_WRITE))
        if method == "POST":
            self.creations.append(now)
        while self.points[0][0] <= now - MINUTE:
            self.points.popleft()
        while self.creations and self.creations[0] <= now - HOUR:
            self.creations.popleft()


@dataclass(frozen=True)
class _Refusal:
    kind: Kind
    given_at: datetime
    until: datetime

    def error(self, now: datetime) -> ApiError:
        wait = str(max(1, ceil((self.until - now).total_seconds())))
        match self.kind:
            case "forbidden_with_retry_after":
                return ApiError(403, SECONDARY, headers={"retry-after": wait})
            case "too_many":
                return ApiError(429, "Too Many Requests", headers={"retry-after": wait})
            case "secondary_limit":
                return ApiError(403, SECONDARY)
        reset = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(ceil(self.until.timestamp()))}
        return ApiError(403, "API rate limit exceeded for this caller.", headers=reset)


class Limits:
    """Counts always; refuses only when `enforced`. Otherwise a used-up hour is simply renewed."""

    def __init__(self, clock: Clock, faults: Faults) -> None:
        self.enforced = False
        self.violations: list[Violation] = []
        self._clock, self._faults = clock, faults
        self._accounts: dict[str, _Account] = {}

    def check(self, caller: str, request: Request) -> None:
        """Count a request, or refuse it."""
        now, account = self._clock.now(), self._account(caller)
        if account.refusal is not None and now < account.refusal.until:
            self._note_violation(caller, request, account.refusal, now)
            raise account.refusal.error(now)
        account.refusal = self._refusal(caller, account, request, now)
        if account.refusal is not None:
            raise account.refusal.error(now)
        account.spend(request.counts_as, now)

    def refund(self, caller: str) -> None:
        """A 304 is free."""
        account = self._account(caller)
        account.used = max(account.used - 1, 0)
        if account.points:
            account.points.pop()

    def headers(self, caller: str) -> dict[str, str]:
        account, limit = self._account(caller), _hourly(caller)
        return {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(max(limit - account.used, 0)),
            "x-ratelimit-used": str(account.used),
            "x-ratelimit-reset": str(ceil(account.resets_at.timestamp())),
            "x-ratelimit-resource": "core",
        }

    def overview(self, caller: str) -> Json:
        account, limit = self._account(caller), _hourly(caller)
        reset = ceil(account.resets_at.timestamp())
        core = {
            "limit": limit,
            "used": account.used,
            "remaining": max(limit - account.used, 0),
            "reset": reset,
        }
        other = {"limit": limit, "used": 0, "remaining": limit, "reset": reset}
        resources = {"core": core, "search": other | {"limit": 30, "remaining": 30}, "graphql": other}
        return {"resources": resources, "rate": core}

    def _account(self, caller: str) -> _Account:
        now = self._clock.now()
        account = self._accounts.get(caller)
        if account is None:
            account = self._accounts[caller] = _Account(now + HOUR)
        if account.resets_at <= now or (not self.enforced and account.used >= _hourly(caller)):
            account.resets_at, account.used = now + HOUR, 0
        return account

    def _refusal(self, caller: str, account: _Account, request: Request, now: datetime) -> _Refusal | None:
        for kind in REFUSALS:
            fault = self._faults.take(kind, request.line)
            if fault is not None:
                return _Refusal(kind, now, now + timedelta(seconds=fault.seconds))
        if not self.enforced:
            return None
        if account.used >= _hourly(caller):
            return _Refusal("exhausted", now, account.resets_at)
        return _too_fast(account, now)

    def _note_violation(self, caller: str, request: Request, refusal: _Refusal, now: datetime) -> None:
        if now - refusal.given_at <= GRACE:
            return
        early = round((refusal.until - now).total_seconds(), 3)
        self.violations.append(Violation(now, caller, request.line, refusal.kind, early))


def _hourly(caller: str) -> int:
    return PER_HOUR_ANONYMOUS if caller == "anonymous" else PER_HOUR


def _too_fast(account: _Account, now: datetime) -> _Refusal | None:
    spent = sum(cost for moment, cost in account.points if moment > now - MINUTE)
    last_minute = sum(moment > now - MINUTE for moment in account.creations)
    last_hour = sum(moment > now - HOUR for moment in account.creations)
    if spent < POINTS_PER_MINUTE and last_minute < CREATED_PER_MINUTE and last_hour < CREATED_PER_HOUR:
        return None
    return _Refusal("forbidden_with_retry_after", now, now + MINUTE)
