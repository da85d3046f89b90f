from typing import Any

import pytest

from bot.core.history import PastRelease
from bot.health.figures import Metric
from bot.health.releases import releases
from tests.health.examples import at, event, period, pull

RELEASES = (
    PastRelease("v2", at("2026-03-11")),
    PastRelease("v3-rc1", at("2026-03-20"), is_prerelease=True),
    PastRelease("v1", at("2026-02-01")),
    PastRelease("v0", at("2026-01-01")),
    PastRelease("v3", at("2026-04-01")),
)
MERGED = [
    pull(n, "2026-01-01", event(when, "merged"))
    for n, when in enumerate(["2026-01-02", "2026-03-10 23:59", "2026-03-11", "2026-03-31", "2026-04-01"], 1)
]


def figure(id_: str, *published: PastRelease, **how: Any) -> Metric:
    return {metric.id: metric for metric in releases(period(*MERGED, **how), published)}[id_]


def test_releases_are_counted_without_pre_releases() -> None:
    found = figure("releases", *RELEASES)
    assert (found.value, found.details["prereleases"]) == (1, 1)
    assert [part.name for part in found.breakdown] == ["v3-rc1", "v2"]


def test_the_days_since_the_last_are_shown_beside_the_usual_gap() -> None:
    found = figure("days_since_release", *RELEASES)
    assert found.value == 21
    assert found.details["usual_gap"] == pytest.approx((31 + 38) / 2), "the median of both gaps"


def test_what_was_merged_since_the_last_is_unreleased() -> None:
    assert figure("unreleased_prs", *RELEASES).value == 2


def test_before_the_first_full_release_everything_is_unreleased() -> None:
    early = PastRelease("v0-rc1", at("2026-01-01"), is_prerelease=True)
    assert figure("releases", early).value == 0
    assert figure("days_since_release", early).value is None
    assert figure("unreleased_prs", early).value == 4


@pytest.mark.parametrize("id_", ["releases", "days_since_release", "unreleased_prs"])
def test_where_no_release_is_known_nothing_is_said(id_: str) -> None:
    found = figure(id_)
    assert (found.is_known, found.n, found.value) == (False, 0, None)
    assert figure(id_, *RELEASES).is_known
