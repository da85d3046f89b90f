"""The figures beside an independent, slow computation of them."""

import itertools
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.core.history import CommitsBefore, PastCommit, PastRelease, PastThread, Person, TimelineEvent
from bot.core.history_commits import commit_from
from bot.core.history_json import snapshot_from
from bot.core.mailmap import Mailmap, aliases_of
from bot.health.figures import AudienceName, Metric
from bot.health.releases import last_release
from bot.health.report import Beside, Report, report
from bot.health.settings import HealthConfig
from bot.health.waiting import Need
from tests.health import slow, slow_commits, slow_needs
from tests.health.examples import at, generated
from tests.shared import shared

TIMELINE = {
    "review_commented": "line-commented",
    "force_pushed": "head_ref_force_pushed",
    "converted_to_draft": "convert_to_draft",
}
QUARTERS = [at(f"{year}-{month:02}-01") for year in range(2014, 2027) for month in (1, 4, 7, 10)]


def rows_of(threads: Sequence[PastThread]) -> list[slow.Row]:
    """Generated threads as raw rows."""
    return [
        {
            "number": thread.number,
            "pull": thread.is_pull,
            "author": thread.author,
            "created": thread.created_at,
            "closed": thread.closed_at,
            "merged": thread.merged_at,
            "draft": thread.is_draft,
            "events": [(d.at, TIMELINE.get(d.kind, d.kind), d.who, d.by_app) for d in thread.timeline],
            "labels": thread.labels,
            "locked": thread.is_locked,
            "head": thread.head,
            "conflicts": thread.has_conflicts,
            "verdicts": [(d.at, d.who, d.by_app, d.detail, d.of_commit) for d in thread.of("reviewed")],
            "labelled": [(d.at, d.kind, d.detail) for d in thread.of("labeled", "unlabeled")],
        }
        for thread in threads
    ]


def reported(
    threads: Sequence[PastThread], persons: Sequence[Person], start: datetime, until: datetime
) -> Report:
    config = HealthConfig(window=(until - start).days)
    return report(threads, until, config, Beside(persons=persons))


def told(metric: Metric) -> list[float | None]:
    """What the slow computation tells of a metric."""
    shown = metric.values if metric.n < 5 else (metric.median, metric.p90)
    return [metric.n, metric.pending, *shown]


def compare(said: Report, rows: list[slow.Row], start: datetime, until: datetime, bots: set[int]) -> None:
    """Every figure that both compute is the same."""
    compare_times(said, rows, start, until, bots)
    compare_people(said, rows, start, until, bots)


def compare_times(
    said: Report, rows: list[slow.Row], start: datetime, until: datetime, bots: set[int]
) -> None:
    for id_, expected in (
        ("time_to_first_response_issue", slow.first_response(rows, start, until, bots, pull=False)),
        ("time_to_first_response_pr", slow.first_response(rows, start, until, bots, pull=True)),
        ("time_to_close_issue", slow.time_to_close(rows, start, until)),
        ("time_to_merge_pr", slow.time_to_merge(rows, start, until)),
    ):
        assert told(said.metric(id_)) == pytest.approx(expected), id_


def compare_people(
    said: Report, rows: list[slow.Row], start: datetime, until: datetime, bots: set[int]
) -> None:
    merged = said.metric("absence_factor_merged_prs")
    assert merged.value == slow.absence_factor(rows, start, until, bots)
    new = tuple(said.metric(f"new_{stage}_authors").value for stage in ("issue", "pr", "merged"))
    assert new == slow.new_authors(rows, start, until, bots)
    back = said.metric("returning_contributors")
    assert (back.n, back.value) == slow.returning(rows, start, until, bots)


def compare_months(said: Report, rows: list[slow.Row], until: datetime) -> None:
    series = {each.id: list(each.points) for each in said.series if each.bucket == "month"}
    assert series == slow.by_month(rows, until)


@pytest.mark.parametrize("seed", range(3))
def test_a_generated_history_has_the_figures_of_the_slow_computation(seed: int) -> None:
    threads, persons = generated(400, seed)
    rows, bots = rows_of(threads), {90, 91}
    for start, until in itertools.pairwise(QUARTERS):
        if until > at("2023-01-10") and start < at("2026-06-01"):
            said = reported(threads, persons, start, until)
            assert said.suspects == ()
            compare(said, rows, start, until, bots)
    end = at("2026-06-01")
    compare_months(reported(threads, persons, end - timedelta(days=90), end), rows, end)


@pytest.mark.parametrize("audience", ["newcomers", "outsiders", "maintainers"])
def test_a_generated_history_has_the_figures_of_each_audience(audience: AudienceName) -> None:
    threads, persons = generated(250, seed=5)
    start, until = at("2024-01-01"), at("2024-07-01")
    rows, bots, maintainers = rows_of(threads), {90, 91}, {1, 2, 3}
    beside = Beside(persons=persons, maintainers=sorted(maintainers))
    config = HealthConfig(window=(until - start).days)
    said = report(threads, until, config, beside, audience)
    chosen = slow.of_audience(rows, audience, until, bots, maintainers)
    assert 0 < len(chosen) < len(rows)
    opened = [row for row in chosen if start <= row["created"] < until]
    assert said.audience.threads == len(opened)
    assert said.audience.people == len({row["author"] for row in opened} - {None})
    compare_times(said, chosen, start, until, bots)
    compare_months(said, chosen, until)
    compare_people(said, rows, start, until, bots)


@pytest.fixture(scope="module")
def backup() -> Any:
    """A real project, read by both: its threads and accounts, and its rows with who is a bot."""
    folder = shared("data/history/secp256k1")
    threads: dict[int, PastThread] = {}
    people: dict[int, Person] = {}
    for name, kind in (("issues", "issue"), ("pulls", "pull")):
        for line in slow._lines(folder / f"{name}.jsonl.gz"):
            entry = json.loads(line)
            snapshot = snapshot_from(
                entry[kind], entry["events"], entry.get("comments", ()), is_pull=kind == "pull"
            )
            threads[snapshot.thread.number] = snapshot.thread
            people |= {person.id: person for person in snapshot.people}
    rows, _logins, bots = slow.read_backup(folder)
    return [threads[number] for number in sorted(threads)], list(people.values()), rows, bots


def test_a_real_history_has_the_figures_of_the_slow_computation(backup: Any) -> None:
    threads, persons, rows, bots = backup
    for start, until in list(itertools.pairwise(QUARTERS))[::3]:  # each season four times
        said = reported(threads, persons, start, until)
        assert said.suspects == ()
        compare(said, rows, start, until, bots)


@pytest.mark.parametrize("until", ["2019-02-11", "2026-08-01"])
def test_a_real_history_has_the_months_of_the_slow_computation(backup: Any, until: str) -> None:
    threads, persons, rows, _bots = backup
    end = at(until)
    compare_months(reported(threads, persons, end - timedelta(days=90), end), rows, end)


#: Labels of the real project that take a thread out of what needs somebody.
IGNORED = ("assurance", "needs-changelog")


def compare_needs(
    threads: Sequence[PastThread],
    rows: list[slow.Row],
    until: datetime,
    beside: Beside,
    bots: set[int],
) -> dict[str, int]:
    """What needs somebody is the same; returns how much it is of each kind."""
    config = HealthConfig(ignored_labels=IGNORED)
    said: dict[str, Need] = {need.kind: need for need in report(threads, until, config, beside).needs_you}
    expected = slow_needs.needed(rows, until, bots, set(beside.maintainers or ()), set(IGNORED))
    for kind, waits in expected.items():
        listed = {
            item.number: (item.since, item.turn_since) if item.turn_since else (item.since,)
            for item in said[kind].items
        }
        assert listed == waits, (kind, until)
        assert all(item.listed_since <= item.since for item in said[kind].items), kind
        assert not any(item.is_new for group in said[kind].groups for item in group.old), kind
        new, old = until - timedelta(days=7), until - timedelta(days=365)
        new -= timedelta(days=5 if kind == "approved_unmerged" else 0)
        counted = [(group.new, group.over_a_year) for group in said[kind].groups]
        assert sum(n for n, _ in counted) == sum(wait[-1] >= new for wait in waits.values()), kind
        assert sum(n for _, n in counted) == sum(wait[0] <= old for wait in waits.values()), kind
    return {kind: len(waits) for kind, waits in expected.items()}


def reviewed(pull: PastThread, chance: random.Random) -> PastThread:
    """A pull request with more verdicts of maintainers, some in the second of a push, some locked."""
    states = ("approved", "approved", "approved", "changes_requested", "dismissed")
    moments = [pull.created_at + timedelta(days=99 * chance.random(), seconds=1) for _ in range(3)]
    moments += [day - timedelta(days=5) for day in QUARTERS[39:50:3] if day > pull.created_at][:1]
    moments += [event.at for event in pull.of("committed")][-1:]
    events = [
        TimelineEvent(
            moment.replace(microsecond=0),
            "reviewed",
            chance.choice([1, 2]),
            detail=chance.choice(states),
            of_commit=chance.choice(["", "a", "b"]),
        )
        for moment in chance.sample(moments, chance.randrange(4))
    ]
    if chance.random() < 0.1:
        events.append(TimelineEvent(chance.choice(moments), "locked", 1))
    return replace(
        pull,
        is_locked=any(event.kind == "locked" for event in events),
        head=chance.choice(["", "a"]),
        has_conflicts=pull.is_open and chance.random() < 0.2,
        timeline=tuple(sorted((*pull.timeline, *events), key=lambda event: event.at)),
    )


@pytest.mark.parametrize("seed", range(3))
def test_what_needs_somebody_in_a_generated_history_is_that_of_the_slow_computation(seed: int) -> None:
    made, persons = generated(400, seed)
    chance = random.Random(seed)
    threads = [reviewed(each, chance) if each.is_pull else each for each in made]
    beside = Beside(persons=persons, maintainers=[1, 2, 3, 90])
    rows = rows_of(threads)
    for until in (*QUARTERS[39:50:3], at("2030-01-01")):
        found = compare_needs(threads, rows, until, beside, {90, 91})
        assert min(found["prs_waiting_for_maintainers"], found["approved_unmerged"]) > 0


#: Who maintains it, as far as the comparison goes.
MAINTAINING = {"sipa", "real-or-random", "jonasnick", "gmaxwell"}


@pytest.mark.parametrize("until", ["2016-03-01", "2019-02-11", "2023-01-16", "2025-07-01", "2026-09-01"])
def test_what_needs_somebody_in_a_real_history_is_that_of_the_slow_computation(
    backup: Any, until: str
) -> None:
    threads, persons, rows, bots = backup
    maintainers = [person.id for person in persons if person.login in MAINTAINING]
    assert len(maintainers) == len(MAINTAINING)
    beside = Beside(persons=persons, maintainers=maintainers)
    found = compare_needs(threads, rows, at(until), beside, bots)
    assert min(found["prs_waiting_for_maintainers"], found["issues_unanswered"]) > 0


MAILMAP = """\
# two addresses of one person each
Person 3 <person3@example.org> <person3@work.example>
<person30@example.org> <person31@example.org>
"""
MAPPED = {"person3@work.example": "person3@example.org", "person31@example.org": "person30@example.org"}


def commits_of_two_years(seed: int) -> list[slow.Row]:
    """Commits by people with an account and without, programs and merges among them."""
    chance = random.Random(seed)
    made = []
    for _ in range(500):
        who = min(int(chance.paretovariate(0.6)), 40)
        row = {
            "at": at("2024-01-01") + timedelta(minutes=chance.randrange(2 * 365 * 1440)),
            "account": who if who < 8 else None,
            "name": f"Person {who}" if who != 9 else "robot[bot]",
            "email": f"person{who}@example.org",
            "parents": chance.choice([1, 1, 1, 2]),
        }
        if who == 3 and chance.random() < 0.5:
            row |= {"email": "Person3@Work.example", "account": None}
        made.append(row)
    return made


def as_github_tells(row: slow.Row, number: int) -> dict[str, Any]:
    named = {"name": row["name"], "email": row["email"], "date": row["at"].isoformat()}
    account = {"id": row["account"], "login": f"user{row['account']}", "type": "User"}
    return {
        "sha": f"{number:040}",
        "commit": {"author": named, "committer": {"date": named["date"]}},
        "author": account if row["account"] else None,
        "parents": [{}] * row["parents"],
    }


def counted(beside: Beside, commits: Iterable[PastCommit], until: datetime) -> Beside:
    """The same, where the commits that no window needs are counted."""
    since = until - timedelta(days=2 * 92 + 1)
    since, every = last_release(beside.releases, since) or since, list(commits)
    old = [commit for commit in every if commit.committed_at < since]
    rest = [commit for commit in every if commit.committed_at >= since]
    merges = sum(commit.is_merge for commit in old)
    accounts = {commit.key: commit.author for commit in old if commit.author}
    return replace(beside, commits=rest, commits_before=CommitsBefore(len(old) - merges, merges, accounts))


@pytest.mark.parametrize("seed", range(3))
def test_commits_have_the_figures_of_the_slow_computation(seed: int) -> None:
    rows = commits_of_two_years(seed)
    read = [commit_from(as_github_tells(row, number), 7).commit for number, row in enumerate(rows)]
    whose = Mailmap(aliases_of(MAILMAP, 7))
    finals = [(at(f"2024-{month:02}-09 12:34"), month % 3 != 0) for month in range(2, 12)]
    published = [PastRelease(f"{when}", when, not final) for when, final in finals]
    for start, until in itertools.pairwise(QUARTERS):
        if until < at("2024-03-01") or start > at("2026-02-01"):
            continue
        config = HealthConfig(window=(until - start).days)
        marks = {2: True}  # somebody said that this account is a program
        beside = Beside(commits=map(whose.applied, read), releases=published, marks=marks)
        said = report((), until, config, beside)
        assert said == report((), until, config, counted(beside, map(whose.applied, read), until))
        found = said.metric("absence_factor_commits")
        expected = slow_commits.committers(rows, MAPPED, start, until, {2})
        assert (found.n, found.details["people"], found.value) == expected
        assert said.metric("unreleased_commits").value == slow_commits.unreleased(rows, finals, until)
