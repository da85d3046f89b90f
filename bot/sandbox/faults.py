"""Switches for everything that goes wrong between a bot and GitHub."""

import random
import re
from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

from bot.sandbox.things import Json

Kind = Literal[
    "lag",  # every request takes `seconds` longer
    "stale_reads",  # reads show a repository as it was `seconds` ago
    "not_found_after_create",  # reads of a new thing are 404 for `seconds`
    "forbidden_with_retry_after",  # 403 and `retry-after: seconds`
    "too_many",  # 429 and `retry-after: seconds`
    "secondary_limit",  # 403 that only its text tells from a missing permission
    "exhausted",  # 403, `x-ratelimit-remaining: 0`, reset in `seconds`
    "bad_gateway",  # 502; with `after` once the write has been accepted
    "went_wrong",  # GraphQL: 200, and an error that says only this
    "no_graphql",  # GraphQL: 404, as on a server that has none
    "revoke_tokens",  # 401
    "redirect",  # 301 to the same path at `to`
    "foreign_links",  # a `Link` header whose next page is at `to`
    "drop_webhooks",  # never arrive; with `silent` not in the delivery log either
    "duplicate_webhooks",  # arrive twice, with one GUID
    "reorder_webhooks",  # arrive `seconds` late, after what came later
]
KINDS: tuple[Kind, ...] = get_args(Kind)
# A client without a `retry-after` has to wait a minute; the others say how long.
DEFAULT_SECONDS: dict[Kind, float] = {
    "lag": 0.1,
    "stale_reads": 1,
    "not_found_after_create": 1,
    "forbidden_with_retry_after": 60,
    "too_many": 60,
    "secondary_limit": 60,
    "exhausted": 60,
}


@dataclass(eq=False)
class Fault:
    """`match` is searched in `POST /repos/o/r/issues` for requests and in `issues.opened` for webhooks."""

    kind: Kind
    match: str = ""
    times: int | None = None  # how often; None: until cleared
    probability: float = 1.0
    seconds: float = 0.0
    after: bool = False
    silent: bool = False
    to: str = ""
    happened: int = field(default=0)

    def applies(self, line: str) -> bool:
        return (self.times is None or self.happened < self.times) and re.search(self.match, line) is not None


class Faults:
    """The faults that are switched on. Chance comes from one seeded source, so a run can be repeated."""

    def __init__(self, seed: int = 0) -> None:
        self.active: list[Fault] = []
        self._random = random.Random(seed)  # noqa: S311 - dice, not secrets

    def add(
        self,
        kind: Kind,
        *,
        match: str = "",
        times: int | None = None,
        probability: float = 1.0,
        seconds: float | None = None,
        after: bool = False,
        silent: bool = False,
        to: str = "",
    ) -> Fault:
        """Switch a fault on; its `happened` counts how often it struck."""
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind!r}; there are {', '.join(KINDS)}")
        re.compile(match)
        wait = DEFAULT_SECONDS.get(kind, 0.0) if seconds is None else seconds
        fault = Fault(kind, match, times, probability, wait, after, silent, to)
        self.active.append(fault)
        return fault

    def clear(self, kind: Kind | None = None) -> None:
        self.active = [fault for fault in self.active if kind is not None and fault.kind != kind]

    def seed(self, number: int) -> None:
        self._random.seed(number)

    def find(self, kind: Kind, line: str) -> Fault | None:
        """The fault that could strike here, without throwing dice and without counting."""
        return next((one for one in self.active if one.kind == kind and one.applies(line)), None)

    def take(self, kind: Kind, line: str, *, after: bool = False) -> Fault | None:
        """The fault that strikes here, if one does; counts it."""
        for fault in self.active:
            if fault.kind != kind or fault.after != after or not fault.applies(line):
                continue
            if fault.probability >= 1 or self._random.random() < fault.probability:
                fault.happened += 1
                return fault
        return None

    def as_json(self) -> list[Json]:
        return [asdict(fault) for fault in self.active]
