"""Terms of the ledger in words, and addresses on GitHub."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.actions import KINDS
from bot.store.database import Database
from bot.store.inbox import STATES
from bot.web import words
from bot.web.metrics import ACTION_STATUSES
from tests.web.furnish import header, label, save
from tests.web.site import services_on

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("api", "web"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://github.example.org/api/v3", "https://github.example.org"),
        ("https://github.example.org:8443/api/v3/", "https://github.example.org:8443"),
        ("https://api.octocorp.ghe.com", "https://octocorp.ghe.com"),
        ("http://127.0.0.1:4010/api/v3", "http://127.0.0.1:4010"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
    ],
)
def test_the_pages_that_belong_to_an_api(api: str, web: str) -> None:
    assert words.web_url(api) == web


def test_a_repositorys_name_cannot_leave_its_place_in_a_link() -> None:
    assert words.thread_url("https://github.com", 'a/b"?x#', 7) == "https://github.com/a/b%22%3Fx%23/issues/7"
    assert words.thread_url("https://github.com", "acme/widgets", 0) == "https://github.com/acme/widgets"


@pytest.mark.parametrize(
    ("event", "said"), [("IssueOpened", "issue opened"), ("PullRequestMerged", "pull request merged")]
)
def test_events_are_named_as_people_name_them(event: str, said: str) -> None:
    assert words.event_words(event) == said


def test_every_status_state_and_kind_has_its_words() -> None:
    assert set(words.STATUS_WORDS) == set(ACTION_STATUSES)
    assert set(words.STATE_WORDS) == set(STATES)
    assert words.REVERSIBLE.issubset(KINDS)


def test_days_are_named_by_how_far_they_are(sqlite_database: Database) -> None:
    services = services_on(sqlite_database)
    plan = save(services, header(), label("bug", "seen"))
    ages = (
        timedelta(hours=1),
        timedelta(hours=11),
        timedelta(hours=13),
        timedelta(days=2),
        timedelta(days=70),
    )
    plans = [replace(plan, created_at=NOW - age) for age in ages]
    assert [(day.name, len(day.plans)) for day in words.by_day(plans, NOW)] == [
        ("Today, 1 March", 2),
        ("Yesterday, 28 February", 1),
        ("27 February", 1),
        ("21 December 2024", 1),
    ]
