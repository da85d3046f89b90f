from collections.abc import Mapping
from typing import Any

import pytest

from bot.health.advice import advice
from bot.health.figures import Advice, Metric, Part
from bot.health.period import Period
from tests.health.examples import event, issue, period, pull

FINE: dict[str, Metric] = {
    id_: Metric(id_, unit, 50, "", value=value, p90=2, pending=0, previous=1, details=details)  # type: ignore[arg-type]
    for id_, unit, value, details in (
        ("first_timer_answered", "share", 0.9, {"in_time": 45}),
        ("first_timer_merged", "share", 0.8, {"closed_unmerged": 10}),
        ("returning_contributors", "people", 30, {}),
        ("unreleased_prs", "count", 50, {}),
        ("days_since_release", "days", 20, {"usual_gap": 15}),
        ("review_cycles", "cycles", None, {}),
        ("absence_factor_merged_prs", "people", 4, {}),
        ("issues_open", "count", 50, {}),
        ("review_load_top_share", "share", 0.4, {}),
        ("closure_ratio_issues", "ratio", 0.9, {"closed": 45}),
        ("merged_unreviewed", "count", 30, {"without_a_word": 3}),
        ("documents_present", "count", 7, {}),
    )
}


def changed(id_: str, **change: Any) -> Mapping[str, Metric]:
    fields = {name: getattr(FINE[id_], name) for name in Metric.__slots__}
    return {**FINE, id_: Metric(**{**fields, **change})}


def given(figures: Mapping[str, Metric], where: Period | None = None, heated: int = 0) -> tuple[Advice, ...]:
    return advice(figures, where or period(window=90), heated)


def test_where_all_is_fine_there_is_nothing_to_try() -> None:
    assert given(FINE) == ()


@pytest.mark.parametrize(
    ("piece", "id_", "bad", "too_few"),
    [
        ("first_answers_late", "first_timer_answered", {"value": 0.4}, 4),
        ("first_pulls_unmerged", "first_timer_merged", {"details": {"closed_unmerged": 31}}, 4),
        ("few_return", "returning_contributors", {"value": 1}, 9),
        ("release_waits", "days_since_release", {"value": 31}, None),
        ("long_reviews", "review_cycles", {"p90": 5}, 9),
        ("one_author", "absence_factor_merged_prs", {"breakdown": (Part("nia", 25), Part("bo", 25))}, 19),
        ("one_reviewer", "review_load_top_share", {"value": 0.7, "breakdown": (Part("nia", 35),)}, 19),
        ("backlog_grows", "closure_ratio_issues", {"value": 0.5, "previous": 0.6}, 19),
        ("merged_unreviewed", "merged_unreviewed", {"details": {"without_a_word": 16}}, 9),
    ],
)
def test_advice_carries_what_it_rests_on_and_is_silent_on_little(
    piece: str, id_: str, bad: dict[str, Any], too_few: int | None
) -> None:
    (found,) = given(changed(id_, **bad))
    assert found.id == piece
    assert set(found.figures) == {id_}
    assert found.n == 50
    assert "{" not in found.say.plain()
    assert "50" in found.say.plain()
    if too_few is not None:
        assert given(changed(id_, **{"n": too_few, **bad})) == ()


def test_one_bad_period_of_the_backlog_is_no_trend() -> None:
    assert given(changed("closure_ratio_issues", value=0.5, previous=0.9)) == ()


def test_where_there_was_no_period_before_nothing_is_said_of_it() -> None:
    assert given(changed("closure_ratio_issues", value=0.5, previous=None)) == ()


def test_one_person_is_told_of_by_their_own_share_whatever_the_setting_is() -> None:
    ten = tuple(Part(f"user{n}", 4, who=n) for n in range(10))
    assert given(changed("absence_factor_merged_prs", n=40, value=1, breakdown=ten)) == ()
    half = (Part("nia", 20), Part("bo", 20))
    (found,) = given(changed("absence_factor_merged_prs", n=40, value=5, breakdown=half))
    assert found.say.plain().startswith("20 of the 40 merged pull requests")


def test_issues_that_climb_over_a_year_call_for_a_clean_up() -> None:
    old = [issue(n, "2025-02-01") for n in range(1, 11)]
    closed_since = [issue(n, "2025-02-01", event("2025-05-01", "closed")) for n in range(11, 16)]
    closed_before = [issue(n, "2025-02-01", event("2025-03-01", "closed")) for n in range(16, 30)]
    where = period(*old, *closed_since, *closed_before)
    (found,) = given(changed("issues_open", n=35), where)
    assert (found.id, found.figures) == ("backlog_grew", {"issues_open": 35})
    assert found.say.plain().startswith("35 issues are open; twelve months ago 15 were.")
    assert given(changed("issues_open", n=34), where) == (), "19 more are few"
    assert given(changed("issues_open", n=35), period(issue(1, "2025-06-01"))) == (), "it is too young"


def test_a_quarter_of_the_people_that_came_back_is_fine() -> None:
    assert given(changed("returning_contributors", n=40, value=10)) == ()
    assert given(changed("returning_contributors", n=40, value=8)) == ()
    assert given(changed("returning_contributors", n=40, value=7)) != ()


def test_who_had_only_a_week_to_come_back_is_not_missed() -> None:
    assert given(changed("returning_contributors", value=1), period(window=7)) == ()


def test_an_ordinary_time_between_releases_is_fine() -> None:
    assert given(changed("days_since_release", value=80, details={"usual_gap": 40})) == ()
    assert given(changed("days_since_release", value=None)) == ()


def test_many_questions_call_for_an_answer_in_the_readme() -> None:
    labels = [("Question",)] * 4 + [("bug",)] * 7
    march = period(*[issue(n, "2026-03-02", labels=each) for n, each in enumerate(labels, 1)])
    (found,) = given(FINE, march)
    assert (found.id, found.n, found.figures) == ("many_questions", 11, {"questions_opened": 4})
    assert found.items == (1, 2, 3, 4), "so that the report can say which"
    assert given(FINE, period(*march.threads[:9])) == ()


def test_what_was_merged_in_silence_is_named_and_a_comment_is_a_word() -> None:
    merged = event("2026-03-09", "merged")
    said = pull(1, "2026-03-02", event("2026-03-03", "commented"), merged)
    silent = pull(2, "2026-03-02", event("2026-03-10", "commented"), merged)
    figures = changed("merged_unreviewed", details={"without_a_word": 16})
    (found,) = given(figures, period(said, silent))
    assert (found.items, found.figures) == ((2,), {"merged_unreviewed": 16})
    assert found.say.plain().startswith("16 of 50 pull requests were merged without a word by anybody but")


def test_three_heated_threads_call_for_moderators() -> None:
    assert given(FINE, heated=2) == ()
    (found,) = given(FINE, heated=3)
    assert (found.id, found.topic, found.n) == ("heated_threads", "disputes", 3)


def test_newcomers_who_leave_call_for_contributing_where_there_is_none() -> None:
    left = changed("first_timer_merged", n=10, details={"abandoned": 4})
    missing = changed("documents_present", breakdown=(Part("contributing", 0),))["documents_present"]
    (found,) = given({**left, "documents_present": missing})
    assert (found.id, found.topic, found.n) == ("no_contributing", "attraction", 10)
    assert found.figures == {"first_timer_merged": 4}
    assert "4 of 10" in found.say.plain()
    assert given(left) == (), "it is there, or nobody looked"
    assert given({**FINE, "documents_present": missing}) == (), "nobody leaves"
    few = changed("first_timer_merged", n=4, details={"abandoned": 4})
    assert given({**few, "documents_present": missing}) == ()
    some = changed("first_timer_merged", n=10, details={"abandoned": 3})
    assert given({**some, "documents_present": missing}) == ()


def test_heated_threads_call_for_a_code_of_conduct_where_there_is_none() -> None:
    without = changed("documents_present", breakdown=(Part("code_of_conduct", 0),))
    (found,) = given(without, heated=3)
    assert (found.id, found.topic, found.n) == ("no_code_of_conduct", "disputes", 3)
    assert given(without, heated=2) == ()
    assert given(without) == ()
