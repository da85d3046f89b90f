from bot.core.history import PastThread
from bot.reports.thanks import newcomers, thanks
from tests.health.examples import MAINT, deed, issue, pull
from tests.reports.examples import told


def merged(number: int, author: int) -> PastThread:
    done = [deed("2026-03-05", kind, MAINT) for kind in ("merged", "closed")]
    return pull(number, "2026-03-02", *done, author=author)


def test_people_are_thanked_for_merges_and_reviews() -> None:
    found = told(
        merged(1, 1),
        merged(2, 1),
        pull(3, "2026-03-02", deed("2026-03-03", "reviewed", 2), deed("2026-03-04", "reviewed", 2), author=4),
    )
    assert [(each.login, each.gave) for each in thanks(found.report)] == [
        ("bo", "2 reviews"),
        ("nia", "2 merged"),
    ]


def test_newcomers_are_named_once_with_the_furthest_that_they_came() -> None:
    found = told(
        merged(1, 1),
        pull(2, "2026-03-02", author=2),
        issue(3, "2026-03-01", author=4),
        issue(4, "2026-03-01"),
    )
    assert newcomers(found.report.metrics) == [
        ("their first merge", ("nia",)),
        ("their first pull request", ("bo",)),
        ("their first issue", ("max",)),
    ]
