"""What needs a person in any repository: by kind and group, the longest wait first."""

from tests.health.examples import BO, MAINT, MAX, NIA, event, issue, pull
from tests.health.rollups import reported, rolled


def test_outsiders_come_before_maintainers_and_what_waits_for_years_stands_apart() -> None:
    ours = {"association": "MEMBER"}
    one = reported(pull(1, "2024-03-02", author=MAINT, **ours), pull(2, "2026-03-04", author=MAINT, **ours))
    known = pull(1, "2020-01-02", event("2020-01-03", "merged"), author=NIA)
    two = reported(known, pull(2, "2023-03-02", author=NIA), pull(3, "2026-03-30", author=NIA))
    (need,) = (each for each in rolled({"one": one, "two": two}).needs_you if each.count)
    assert (need.kind, need.count, need.repositories) == ("prs_waiting_for_maintainers", 4, 2)
    listed = [
        (
            group.opened_by,
            group.new,
            group.over_a_year,
            *(each.item.number for each in (*group.recent, *group.old)),
        )
        for group in need.groups
    ]
    assert listed == [("outsider", 1, 1, 3, 2), ("maintainer", 0, 1, 2, 1)]


def test_a_thread_that_is_gone_is_no_longer_listed() -> None:
    found = rolled(
        {"one": reported(issue(1, "2026-03-02"), issue(2, "2026-03-03", author=2)), "two": reported()}
    )
    left = found.without({("acme/one", 1), ("acme/two", 2)})
    first = left.needs_you[0]
    assert (first.count, first.repositories, [each.item.number for each in first.items]) == (1, 1, [2])
    last = left.without({("acme/one", 2)}).needs_you[0]
    assert (last.count, last.repositories, last.items) == (0, 0, ())


def test_one_that_is_gone_is_no_longer_among_the_new_ones_if_it_was_one() -> None:
    old, lately = issue(1, "2026-03-02", author=BO), issue(2, "2026-03-29", author=MAX)
    found = rolled({"one": reported(old, lately)})
    (group,) = found.without({("acme/one", 2)}).needs_you[0].groups
    assert (group.count, group.new) == (1, 0)
    (group,) = found.without({("acme/one", 1)}).needs_you[0].groups
    assert (group.count, group.new) == (1, 1)


def test_nothing_is_new_where_the_last_week_is_not_known() -> None:
    # It was to be merged by 26 March, and may have been.
    approved = pull(1, "2026-03-02", event("2026-03-21", "reviewed", MAINT, "approved"))
    repositories = {"ended": reported(approved), "known": reported(approved)}
    found = rolled(repositories, ended={"ended": "2026-03-23"})
    (need,) = (each for each in found.needs_you if each.count)
    (group,) = need.groups
    assert (need.kind, group.count, group.new) == ("approved_unmerged", 2, 1)
    assert [(each.repository, each.item.is_new) for each in group.recent] == [
        ("acme/ended", False),
        ("acme/known", True),
    ]
