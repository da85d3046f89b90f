"""A roll-up in words."""

from dataclasses import replace

from bot.health.rollup import RollingUp
from bot.reports.rollup import rollup_view
from bot.reports.thanks import Newcomers
from tests.health.examples import at, event, issue
from tests.health.rollups import reported
from tests.reports.rollups import three, told_rollup


def test_it_says_whose_when_and_which_settings_hold() -> None:
    found = rollup_view(three())
    assert (found.organisation, found.dates, found.zone) == ("acme", "1 to 31 March 2026", "UTC")
    assert (found.now, found.before) == ("these 31 days", "the 31 before")
    assert found.settings.startswith("The 31 days and the time zone UTC hold for all;")


def test_what_waits_is_named_with_its_repository_and_title() -> None:
    (need,) = rollup_view(three()).needs
    assert (need.count, need.noun, need.where) == (2, "first-time contributors", "")
    assert [(each.repository, each.number, each.title, each.about) for each in need.recent] == [
        ("acme/widgets", 2, "It is slow", "22 days"),
        ("acme/widgets", 3, "(no title)", "21 days"),
    ]


def test_several_repositories_are_counted() -> None:
    waiting = reported(issue(1, "2026-03-02"))
    need = rollup_view(told_rollup({"one": waiting, "two": waiting})).needs[0]
    assert need.where == "in 2 repositories"


def test_what_waits_where_the_history_ended_says_so() -> None:
    rolling = RollingUp("acme", at("2026-04-01"), 31, three().zone)
    rolling.add("acme/one", reported(issue(1, "2026-03-02")), known_until=at("2026-03-03 12:00"))
    found = rollup_view(replace(three(), rollup=rolling.rollup({})))
    assert found.needs[0].recent[0].about == "30 days; known until 3 March 2026"
    assert (found.ended, found.left_out) == ((("acme/one", "known until 3 March 2026"),), ())


def test_what_waits_for_over_a_year_says_so_where_the_history_ended_as_well() -> None:
    rolling = RollingUp("acme", at("2026-06-01"), 90, three().zone)
    ended = reported(issue(1, "2025-05-31"), until="2026-06-01", window=90)
    rolling.add("acme/one", ended, known_until=at("2026-04-22 12:00"))
    (need,) = rollup_view(replace(three(), rollup=rolling.rollup({}))).needs
    assert (need.over_a_year, [each.about for each in need.old]) == (
        1,
        ["12 months; known until 22 April 2026"],
    )


def test_where_all_histories_ended_it_ends_with_them() -> None:
    assert rollup_view(three()).stale == ""
    found = rollup_view(replace(three(), ends_with=at("2026-03-31 12:00")))
    assert (
        found.stale == "What is known of these repositories ends on 31 March 2026, and so does this roll-up."
    )


def test_where_too_little_is_known_nobody_is_told_that_nothing_needs_them() -> None:
    rolling = RollingUp("acme", at("2026-04-01"), 31, three().zone)
    rolling.leave_out("acme/one", at("2026-01-03"))
    found = rollup_view(replace(three(), rollup=rolling.rollup({})))
    assert found.needs_none == "Too little of this time is known to say what needs somebody."
    assert found.left_out == (("acme/one", "known until 3 January 2026"),)
    (line,) = found.lines
    assert (line.note, {cell.now for cell in line.cells}) == ("known until 3 January 2026", {("\u2013",)})
    assert rollup_view(told_rollup({"one": reported()})).needs_none == "Nothing needs anybody. Thank you."


def test_quiet_repositories_stand_apart() -> None:
    found = rollup_view(three(), "name")
    assert [line.repository for line in found.lines] == ["acme/engine", "acme/widgets"]
    assert found.quiet == (("acme/quiet", "1 issue and 0 PRs open"),)


def test_people_are_named_where_it_is_to_thank_them() -> None:
    found = rollup_view(three())
    assert found.newcomers == (
        Newcomers("their first merge", ("nia",), 0),
        Newcomers("their first pull request", ("nia",), 0),
        Newcomers("their first issue", ("bo", "max"), 0),
    )
    assert found.several == (("nia", "2 repositories"),)
    everywhere = reported(*(issue(n, "2026-03-02", author=100 + n) for n in range(1, 16)))
    found = rollup_view(told_rollup({"one": everywhere, "two": everywhere}))
    assert (len(found.several), found.more_several) == (12, 3)
    assert found.several[0] == ("person-101", "2 repositories")


def test_who_has_no_name_here_is_among_the_others() -> None:
    found = reported(issue(1, "2026-03-02"), issue(2, "2026-03-03", author=7_777))
    (new,) = rollup_view(told_rollup({"one": found})).newcomers
    assert (new.names, new.more) == (("nia",), 1)


def test_every_figure_of_the_whole_has_a_name_of_its_own() -> None:
    found = rollup_view(three())
    rows = [*found.totals, *found.people]
    assert len({row.name for row in rows}) == len(rows) == 18
    assert all(row.definition for row in rows)
    (came,) = (row for row in rows if row.id == "returning_contributors")
    assert came.now == "1 of 1"
    closed = reported(issue(1, "2026-03-02", event("2026-03-03", "closed")))
    assert rollup_view(told_rollup({"one": closed})).totals[3].now == "1"
