from bot.core.history import PastThread, Person
from bot.reports.thanks import Newcomers, newcomers, thanks
from tests.health.examples import MAINT, event, issue, pull
from tests.reports.examples import told


def merged(number: int, author: int) -> PastThread:
    done = [event("2026-03-05", kind, MAINT) for kind in ("merged", "closed")]
    return pull(number, "2026-03-02", *done, author=author)


def test_people_are_thanked_for_merges_and_reviews() -> None:
    found = told(
        merged(1, 1),
        merged(2, 1),
        pull(
            3, "2026-03-02", event("2026-03-03", "reviewed", 2), event("2026-03-04", "reviewed", 2), author=4
        ),
    )
    assert [(each.login, each.gave) for each in thanks(found.report)] == [
        ("bo", "2 reviews"),
        ("nia", "2 merged"),
    ]


def test_newcomers_are_named_at_each_first_so_that_they_add_up_to_the_figures() -> None:
    found = told(
        merged(1, 1),
        pull(2, "2026-03-02", author=2),
        issue(3, "2026-03-01", author=4),
        issue(4, "2026-03-01"),
    )
    assert newcomers(found.report.metrics) == [
        Newcomers("their first merge", ("nia",), 0),
        Newcomers("their first pull request", ("nia", "bo"), 0),
        Newcomers("their first issue", ("nia", "max"), 0),
    ]
    counts = {each.what: len(each.names) for each in newcomers(found.report.metrics)}
    assert counts["their first pull request"] == found.report.metric("new_pr_authors").value


def test_everybody_is_counted_however_many_there_are() -> None:
    crowd = [merged(n, 100 + n) for n in range(1, 104)]
    reviewed = [event("2026-03-03", "reviewed", 150, "approved", text="digest") for _ in range(280)]
    crowd.append(pull(200, "2026-03-02", *reviewed))
    found = told(*crowd)
    everyone = thanks(found.report)
    assert len(everyone) == 103
    assert everyone[0].gave == "1 merged, 280 reviews"
    first, *_ = newcomers(found.report.metrics)
    assert (first.what, len(first.names), first.more) == ("their first merge", 20, 83)


def test_two_accounts_with_one_login_are_two_people() -> None:
    people = (Person(1, "nia"), Person(2, "nia"), Person(MAINT, "maint"))
    found = told(*(merged(n, 1) for n in range(1, 4)), merged(4, 2), persons=people)
    assert [each.gave for each in thanks(found.report)] == ["3 merged", "1 merged"]
    assert newcomers(found.report.metrics)[0] == Newcomers("their first merge", ("nia", "nia"), 0)


def test_a_name_of_which_nothing_is_seen_is_a_dash() -> None:
    found = told(merged(1, 1), persons=(Person(1, "\u200e"), Person(MAINT, "maint")))
    assert [each.login for each in thanks(found.report)] == ["\u2013"]
    assert newcomers(found.report.metrics)[0].names == ("\u2013",)
