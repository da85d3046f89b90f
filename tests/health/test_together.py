"""The people of an organisation, each counted once: by hand."""

from bot.health.figures import Metric, Part
from bot.health.report import Report
from tests.health.examples import BO, MAINT, MAX, NIA, at, event, issue, pull
from tests.health.rollups import figure, reported, rolled


def names(metric: Metric) -> list[str]:
    return [part.name for part in metric.breakdown]


def merged(*authors: int | None, month: str = "03") -> Report:
    """A repository where each of these had one pull request merged."""
    return reported(
        *(
            pull(n, f"2026-{month}-02", event(f"2026-{month}-03", "merged"), author=author)
            for n, author in enumerate(authors, 1)
        )
    )


def test_new_to_a_repository_is_not_new_to_the_organisation() -> None:
    found = rolled(
        {
            "old": reported(issue(1, "2025-03-02", author=NIA)),
            "new": reported(issue(1, "2026-03-02", author=NIA), issue(2, "2026-03-03", author=BO)),
        }
    )
    new = figure(found, "new_issue_authors")
    assert (new.value, names(new), new.previous) == (1, ["bo"], 0)


def test_who_is_new_where_a_day_begins_later_is_new_in_the_window_in_which_they_were_active() -> None:
    # 00:30 in UTC is in February there, as all else that the repository counts.
    late = reported(issue(1, "2026-03-01 00:30", author=NIA), time_zone="America/New_York")
    found = rolled({"late": late, "plain": reported(issue(1, "2026-03-02", author=BO))})
    new, active = figure(found, "new_issue_authors"), figure(found, "active_contributors")
    assert (new.value, names(new), new.previous) == (1, ["bo"], 1)
    assert (active.value, active.previous) == (1, 1)


def test_who_has_no_name_is_counted_and_not_named() -> None:
    found = rolled({"one": merged(NIA, 77), "two": merged(77)})
    new, factor = figure(found, "new_merged_authors"), figure(found, "absence_factor_merged_prs")
    assert (new.value, names(new)) == (2, ["nia"])
    assert (factor.value, names(factor)) == (1, ["nia"])
    several = figure(found, "active_in_several")
    assert (several.value, names(several)) == (1, [])


def test_each_first_counts_for_itself_and_the_earliest_of_all_repositories_does() -> None:
    found = rolled(
        {
            "one": reported(issue(1, "2025-03-02", author=NIA), pull(2, "2026-03-04", author=NIA)),
            "two": reported(pull(1, "2026-03-02", event("2026-03-05", "merged"), author=NIA)),
        }
    )
    ids = ("new_issue_authors", "new_pr_authors", "new_merged_authors")
    assert [figure(found, id_).value for id_ in ids] == [0, 1, 1]


def test_who_is_active_in_two_repositories_is_one_person() -> None:
    found = rolled(
        {
            "one": reported(issue(1, "2026-03-02", event("2026-03-03", "commented", BO), author=NIA)),
            "two": reported(issue(1, "2026-03-02", event("2026-03-03", "commented", MAX), author=NIA)),
            "three": reported(issue(1, "2026-02-02", author=BO)),
        }
    )
    active, several = figure(found, "active_contributors"), figure(found, "active_in_several")
    assert (active.value, active.previous) == (3, 1)
    assert (several.value, several.n, several.previous) == (1, 3, 0)
    assert several.breakdown == (Part("nia", 2, who=NIA),)


def test_who_comes_back_may_do_so_elsewhere() -> None:
    found = rolled(
        {
            "one": reported(issue(1, "2026-02-02", author=NIA), issue(2, "2026-02-03", author=BO)),
            "two": reported(issue(1, "2026-03-02", author=NIA)),
        }
    )
    back = figure(found, "returning_contributors")
    assert (back.value, back.n, back.details["share"]) == (1, 2, 0.5)


def test_the_absence_factor_is_over_all_and_a_ghost_is_one_person_each_time() -> None:
    # Together: NIA 3, BO 2, MAX 1, and two ghosts: 8; NIA and BO reach 4 of them.
    found = rolled({"one": merged(NIA, NIA, BO, None), "two": merged(NIA, BO, MAX, None)})
    factor = figure(found, "absence_factor_merged_prs")
    assert (factor.value, factor.n, factor.detail("people"), factor.detail("by_ghosts")) == (2, 8, 3, 2)
    assert factor.breakdown == (Part("nia", 3, who=NIA), Part("bo", 2, who=BO), Part("max", 1, who=MAX))
    assert [line.metrics["absence_factor_merged_prs"].value for line in found.lines] == [1, 2]


def test_the_absence_factor_of_the_window_before_stands_beside() -> None:
    factor = figure(rolled({"one": merged(NIA, BO, month="02")}), "absence_factor_merged_prs")
    assert (factor.value, factor.n, factor.previous) == (None, 0, 1)


def test_each_repository_says_who_is_a_bot_there() -> None:
    threads = [issue(1, "2026-03-02", author=BO)]
    found = rolled({"one": reported(*threads, bots=("bo",)), "two": reported(*threads)})
    assert figure(found, "active_contributors").value == 1
    assert figure(found, "active_in_several").value == 0
    assert figure(found, "new_issue_authors").value == 1


def test_reviews_are_counted_over_all() -> None:
    reviewed = pull(1, "2026-03-02", event("2026-03-03", "reviewed", MAINT))
    found = rolled({"one": reported(reviewed), "two": reported(reviewed)})
    assert figure(found, "absence_factor_reviews").n == 2
    assert at("2026-03-02") in found.window
