from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.errors import Malformed
from bot.core.history import PastThread, Person, Snapshot, TimelineEvent
from bot.core.history_json import repository_id_of, repository_of, snapshot_from
from tests.backup_lines import NAME, comment, day, event, issue, pull, review
from tests.core.payloads import HUBOT, MONA, ROBOT

GHOST = {"id": 10137, "login": "ghost", "type": "User"}
WRONG = [None, "", 0, -1, 2**70, True, [], {}, "x", [None], {"id": "x"}, 1.5]


def on(number: int) -> datetime:
    return datetime(2025, 6, number, 12, tzinfo=UTC)


def read(data: dict[str, Any], *events: Any, comments: Any = ()) -> Snapshot:
    return snapshot_from(data, events, comments, is_pull="base" in data)


def thread(*events: Any, comments: Any = (), **fields: Any) -> PastThread:
    return read(pull(**fields), *events, comments=comments).thread


def kinds(past: PastThread) -> list[str]:
    return [one.kind for one in past.timeline]


# Threads


def test_an_issue_is_read() -> None:
    labels = [{"name": "bug"}, {"name": "area: ui"}]
    snapshot = read(
        issue(labels=labels, locked=True, updated_at=day(9)), comment(2, id=1, author_association="MEMBER")
    )
    one = snapshot.thread.timeline[0]
    assert snapshot == Snapshot(
        PastThread(
            number=7,
            is_pull=False,
            title="It crashes",
            author=2,
            created_at=on(1),
            association="NONE",
            is_locked=True,
            labels=("bug", "area: ui"),
            timeline=(TimelineEvent(on(2), "commented", 1, association="MEMBER", text=one.text),),
        ),
        (Person(2, "hubot"), Person(1, "mona")),
        on(9),
    )
    assert len(one.text) == 16


def test_a_pull_request_is_read() -> None:
    ends = {"state": "closed", "merged": True, "merged_at": day(5), "closed_at": day(5), "merged_by": MONA}
    past = thread(event("merged", 5, id=1), event("closed", 5, id=2), draft=False, **ends)
    assert (past.is_pull, past.is_open, past.is_merged, past.is_draft) == (True, False, True, False)
    assert (past.merged_at, past.closed_at, past.merged_by) == (on(5), on(5), 1)
    assert kinds(past) == ["merged", "closed"]


def test_a_pull_request_in_a_list_of_issues_is_one() -> None:
    ends = {"state": "closed", "closed_at": day(4), "pull_request": {"merged_at": day(4)}}
    past = read(issue(**ends), event("merged", 4)).thread
    assert past.is_pull
    assert (past.merged_at, past.merged_by) == (on(4), 1)
    assert read(issue(pull_request={})).thread.is_pull


@pytest.mark.parametrize("missing", ["number", "created_at"])
@pytest.mark.parametrize("wrong", [*WRONG, "2025-13-01", "0001-01-01T00:00:00+14:00"])
def test_a_thread_needs_a_number_and_a_beginning(missing: str, wrong: Any) -> None:
    with pytest.raises(Malformed, match=missing):
        read(issue(**{missing: wrong}))


@pytest.mark.parametrize("wrong", WRONG)
def test_nothing_else_is_demanded(wrong: Any) -> None:
    strange = dict.fromkeys(pull(), wrong)
    past = read({**strange, "number": 8, "created_at": day(1)}).thread
    assert (past.number, past.created_at) == (8, on(1))
    assert past.timeline == ()


@pytest.mark.parametrize("wrong", WRONG)
def test_an_event_that_says_nothing_is_left_out(wrong: Any) -> None:
    names = ("commented", "reviewed", "committed", "line-commented", "closed", "labeled", "nonsense")
    strange = [
        {**dict.fromkeys(("created_at", "committer", "comments", "submitted_at"), wrong), "event": name}
        for name in names
    ]
    assert thread(wrong, *strange, comments=[wrong, {"body": wrong}]).timeline == ()


@pytest.mark.parametrize("wrong", WRONG)
def test_of_an_event_with_a_time_the_rest_may_be_missing(wrong: Any) -> None:
    keys = ("id", "actor", "label", "body", "author_association", "performed_via_github_app", "lock_reason")
    past = thread({**event("labeled", 2), **dict.fromkeys(keys, wrong)})
    assert [(one.kind, one.who, one.detail) for one in past.timeline] == [("labeled", None, "")]


def flaws(data: dict[str, Any], *events: Any, comments: Any = ()) -> tuple[str, ...]:
    """What is wrong with a thread, told three days later."""
    found = snapshot_from(data, events, comments, is_pull="base" in data, latest=on(12))
    assert kinds(found.thread) == []
    return found.flaws


NO_TIME = "which is no time such as 2026-06-15T12:00:00Z"
OUTSIDE = "which is not within 1990-01-01 to 2025-06-12 12:00 UTC"


@pytest.mark.parametrize(
    ("said", "flaw"),
    [
        ({"event": "commented"}, "event 1 (commented) has no created_at"),
        (comment(2, created_at="soon"), f'event 1 (commented) has the created_at "soon", {NO_TIME}'),
        (comment(13), f'event 1 (commented) has the created_at "{day(13)}", {OUTSIDE}'),
        ({"event": "closed", "created_at": None}, "event 1 (closed) has no created_at"),
        (event("labeled", 2, created_at="1989-12-31T23:59:59Z"), f'"1989-12-31T23:59:59Z", {OUTSIDE}'),
        ({"event": "reviewed", "state": "approved"}, "event 1 (reviewed) has no submitted_at"),
        (
            review(2, submitted_at="2025-02-30T00:00:00Z"),
            f'the submitted_at "2025-02-30T00:00:00Z", {NO_TIME}',
        ),
        ({"event": "line-commented", "comments": [{}]}, "a comment of event 1 (review_commented) has no"),
        ({"event": ["commented"]}, "event 1 does not say what happened"),
        (None, "event 1 does not say what happened"),
    ],
)
def test_what_is_kept_has_to_say_when_it_was(said: Any, flaw: str) -> None:
    [found] = flaws(pull(), said)
    assert flaw in found


def test_a_comment_on_a_line_has_to_say_when_it_was() -> None:
    assert flaws(pull(), comments=[{"body": "x"}]) == ("comment 1 (review_commented) has no created_at",)


@pytest.mark.parametrize(
    "said",
    [
        {"event": "cross-referenced"},
        {"event": "line-commented", "created_at": None},
        {"event": "mentioned", "created_at": "soon"},
        {"event": "reviewed", "state": "PENDING"},
    ],
)
def test_what_is_not_kept_may_say_nothing(said: Any) -> None:
    assert flaws(pull(), said) == ()


@pytest.mark.parametrize("key", ["updated_at", "closed_at", "merged_at"])
def test_a_time_of_a_thread_that_is_there_has_to_be_one(key: str) -> None:
    leap = "2016-12-31T23:59:60Z"
    assert flaws(pull(**{key: leap})) == (f'it has the {key} "{leap}", {NO_TIME}',)
    assert flaws(pull(**{key: day(13)})) == (f'it has the {key} "{day(13)}", {OUTSIDE}',)
    assert flaws(pull(**{key: None})) == flaws(pull(**{key: ""})) == ()


def test_a_thread_cannot_be_of_the_future() -> None:
    with pytest.raises(Malformed, match=f'it has the created_at "{day(13)}", {OUTSIDE}'):
        flaws(issue(created_at=day(13)))


@pytest.mark.parametrize("date", [None, "soon", "1970-01-01T00:00:00Z", "2106-02-07T06:28:15Z"])
def test_commits_whose_clock_was_wrong_are_counted(date: Any) -> None:
    commits = [{"event": "committed", "sha": name * 40, "committer": {"date": date}} for name in "aab"]
    found = snapshot_from(pull(), commits, is_pull=True, latest=on(12))
    assert (kinds(found.thread), found.flaws, found.undated) == ([], (), 2)


def test_texts_are_made_safe_for_databases() -> None:
    assert read(issue(title="a\0b\ud800")).thread.title == "ab\ufffd"


# How a thread stands


def test_the_last_close_counts() -> None:
    events = [event("closed", 2, id=1), event("reopened", 3, id=2), event("closed", 4, id=3)]
    past = read(issue(state="closed", closed_at=day(4)), *events).thread
    assert past.closed_at == on(4)
    assert kinds(past) == ["closed", "reopened", "closed"]
    assert read(issue(state="closed", closed_at=None), *events).thread.closed_at == on(4)
    assert read(issue(state="open", closed_at=day(2)), *events[:2]).thread.closed_at is None


@pytest.mark.parametrize(
    ("fields", "is_open"),
    [
        ({"state": "open"}, True),
        ({"state": "closed"}, False),
        ({"state": None}, True),
        ({"state": None, "closed_at": day(3)}, False),
        ({"state": None, "merged_at": day(3)}, False),
    ],
)
def test_where_the_state_is_missing_the_rest_says_it(fields: dict[str, Any], is_open: bool) -> None:
    assert thread(**fields).is_open == is_open


def test_a_merge_is_known_from_its_event_where_the_rest_is_silent() -> None:
    past = thread(event("merged", 4, actor=None), state="closed")
    assert (past.merged_at, past.merged_by, past.closed_at) == (on(4), None, on(4))
    assert not thread(event("merged", 4), state="closed", merged=False).is_merged
    assert not read(issue(state="closed", merged_at=day(4))).thread.is_merged


def test_when_it_was_ready_follows_from_the_events() -> None:
    ready, draft = event("ready_for_review", 3, id=1), event("convert_to_draft", 2, id=2)
    assert thread(ready).ready_at == on(3)
    assert thread(draft, ready).ready_at == on(1)
    assert thread(draft, draft=True).ready_at == on(1)
    assert thread(draft=True).ready_at is None
    assert thread().ready_at == on(1)


# Events


@pytest.mark.parametrize(
    ("said", "kind", "detail"),
    [
        (event("labeled", 2, label={"name": "bug"}), "labeled", "bug"),
        (event("unlabeled", 2, label={"name": "bug"}), "unlabeled", "bug"),
        (event("assigned", 2, assignee=HUBOT), "assigned", "hubot"),
        (event("unassigned", 2, assignee=HUBOT), "unassigned", "hubot"),
        (event("review_requested", 2, requested_reviewer=HUBOT), "review_requested", "hubot"),
        (event("review_requested", 2, requested_team={"slug": "core"}), "review_requested", "core"),
        (event("review_request_removed", 2, requested_reviewer=HUBOT), "review_request_removed", "hubot"),
        (event("renamed", 2, rename={"from": "old", "to": "new"}), "renamed", "old"),
        (event("milestoned", 2, milestone={"title": "v1"}), "milestoned", "v1"),
        (event("demilestoned", 2, milestone={"title": "v1"}), "demilestoned", "v1"),
        (event("locked", 2, lock_reason="too heated"), "locked", "too heated"),
        (event("unlocked", 2), "unlocked", ""),
        (event("head_ref_force_pushed", 2), "force_pushed", ""),
        (event("convert_to_draft", 2), "converted_to_draft", ""),
        (event("converted_to_draft", 2), "converted_to_draft", ""),
        (event("marked_as_duplicate", 2), "marked_as_duplicate", ""),
        (event("transferred", 2), "transferred", ""),
    ],
)
def test_a_change_is_read(said: dict[str, Any], kind: Any, detail: str) -> None:
    assert thread(said).timeline == (TimelineEvent(on(2), kind, 1, detail=detail),)


@pytest.mark.parametrize(
    "name", ["mentioned", "subscribed", "referenced", "comment_deleted", "head_ref_deleted"]
)
def test_what_tells_nothing_is_left_out(name: str) -> None:
    assert thread(event(name, 2)).timeline == ()


@pytest.mark.parametrize(
    ("reactions", "disliked"),
    [({"-1": 5, "+1": 4}, 5), ({"-1": 5, "+1": 5}, 0), ({"-1": 5}, 5), ({"+1": 9}, 0), ({"-1": "5"}, 0)],
)
def test_what_more_people_dislike_than_like_is_disliked(reactions: dict[str, Any], disliked: int) -> None:
    said = thread(comment(2, id=1, reactions=reactions), reactions=reactions)
    assert (said.disliked, said.timeline[0].disliked) == (disliked, disliked)
    assert read(issue(reactions=reactions)).thread.disliked == disliked


def test_a_hidden_comment_says_why() -> None:
    hidden = thread(comment(2, id=1, minimized={"reason": "abuse"}), comment(3, id=2, minimized=None))
    assert [one.detail for one in hidden.timeline] == ["abuse", ""]


@pytest.mark.parametrize("wrong", WRONG)
def test_nonsense_is_no_reaction_and_hides_nothing(wrong: Any) -> None:
    for more in ({"reactions": wrong, "minimized": wrong}, {"reactions": {"-1": wrong}}):
        [one] = thread(comment(2, id=1, **more)).timeline
        assert (one.disliked, one.detail) == (0, "")


def test_a_review_counts_when_it_was_handed_in() -> None:
    past = thread(review(3, created_at=day(2), updated_at=day(4)), review(2, state="PENDING"))
    assert past.timeline == (TimelineEvent(on(3), "reviewed", 1, detail="approved"),)


def test_a_review_is_of_a_commit_and_a_pull_request_has_a_head() -> None:
    events = (review(3, commit_id="a" * 40), comment(4, commit_id="a" * 40))
    said = thread(*events, head={"sha": "b" * 40}, mergeable_state="dirty")
    assert [one.of_commit for one in said.timeline] == ["a" * 40, ""]
    assert (said.head, said.has_conflicts) == ("b" * 40, True)
    for state, conflicts in (("closed", "dirty"), ("open", "clean"), ("open", None)):
        found = read(issue(state=state, mergeable_state=conflicts)).thread
        assert (found.head, found.has_conflicts) == ("", False)


def test_a_commit_is_of_its_committer_date_and_of_nobody() -> None:
    commit = {
        "event": "committed",
        "sha": "a" * 40,
        "author": {"date": day(2)},
        "committer": {"date": day(3)},
    }
    assert thread(commit, commit).timeline == (TimelineEvent(on(3), "committed", None),)


def test_events_stand_in_order_of_time_and_those_of_one_moment_as_they_were_told() -> None:
    past = thread(event("closed", 5), comment(3), event("labeled", 3), comments=[comment(2, id=1)])
    assert kinds(past) == ["review_commented", "commented", "labeled", "closed"]


def test_what_is_told_twice_counts_once() -> None:
    said = [comment(2, id=5), review(2, id=5), event("labeled", 2, id=5)]
    assert kinds(thread(*said, *said)) == ["commented", "reviewed", "labeled"]


def test_what_has_no_number_cannot_be_told_apart_and_counts_each_time() -> None:
    assert len(thread(comment(2), comment(2)).timeline) == 2


def test_review_comments_count_once_wherever_they_are_told() -> None:
    lines = [comment(n, id=n, body=f"line {n}") for n in (2, 3, 4)]
    told = [{"event": "line-commented", "comments": lines[:2]}, {"event": "commit-commented"}]
    past = thread(*told, comments=lines)
    assert kinds(past) == ["review_commented"] * 3


def test_texts_that_differ_in_who_is_greeted_share_theirs() -> None:
    first = thread(
        comment(2, body="Hi Mona, look at #1"),
        comment(3, HUBOT, "Hi hubot, look at #12"),
        comment(4, body=""),
    )
    one, two, none = first.timeline
    assert one.text == two.text != ""
    assert none.text == ""


# People


@pytest.mark.parametrize("user", [None, {}, GHOST, {"login": "ghost"}, {"login": "nobody"}])
def test_ghosts_are_nobody(user: Any) -> None:
    snapshot = read(issue(user=user), comment(2, user), event("closed", 3, user))
    assert snapshot.thread.author is None
    assert [one.who for one in snapshot.thread.timeline] == [None, None]
    assert snapshot.people == ()


def test_apps_are_known() -> None:
    unmarked = {"id": 4, "login": "mender[bot]", "type": "User"}
    by_app = comment(4, MONA, performed_via_github_app={"id": 1, "slug": "mender"})
    snapshot = read(issue(), comment(2, ROBOT), comment(3, unmarked), by_app)
    assert {person.login: person.is_bot for person in snapshot.people} == {
        "hubot": False,
        "helper[bot]": True,
        "mender[bot]": True,
        "mona": False,
    }
    assert [one.by_app for one in snapshot.thread.timeline] == [False, False, True]


# Whose it is


def test_the_repository_is_named_by_what_is_there() -> None:
    assert repository_of(issue()) == repository_of(pull()) == NAME
    assert repository_of(pull(base=None)) == NAME
    assert repository_of(issue(url=None, html_url="https://github.com/acme/widgets/issues/7")) == NAME
    assert repository_of(issue(url="https://ghe.acme.com/api/v3/repos/acme/widgets/issues/7")) == NAME
    assert repository_id_of(pull()) == 10
    assert repository_id_of(issue()) is None


@pytest.mark.parametrize("wrong", [*WRONG, "https://api.github.com/repos/acme"])
def test_a_repository_that_is_not_named_is_none(wrong: Any) -> None:
    assert repository_of(issue(url=wrong)) == ""
    assert repository_id_of(pull(base={"repo": wrong})) is None


@pytest.mark.parametrize("text", ["a" * 65, "main", "", "a b", "\u0663", "a\n"])
def test_what_is_no_hash_of_a_commit_is_none(text: str) -> None:
    said = thread(review(3, commit_id=text), head={"sha": text})
    assert (said.head, said.timeline[0].of_commit) == ("", "")
