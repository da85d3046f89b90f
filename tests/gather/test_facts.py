"""Each fact, asked for at the time when an event is decided."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from bot.config import read
from bot.core.actions import AddLabels
from bot.core.actors import GHOST
from bot.core.errors import Gone, RetryLater
from bot.core.events import (
    CommandGiven,
    IssueEdited,
    IssueOpened,
    LabelChanged,
    PullRequestMerged,
    PullRequestOpened,
    ThreadEvent,
)
from bot.core.facts import (
    AuthorHistory,
    CommandComment,
    CurrentThread,
    Fact,
    LabelHistory,
    Level,
    Now,
    Permission,
    Prediction,
    RepositoryLabels,
    ThreadLedger,
    ThreadPause,
)
from bot.core.parse import load_json, parse
from bot.core.pull_context import RepositoryFile
from bot.gather import Situation
from bot.gather.facts import COMMENT_NOT_YET, HANDED_ON, PROVIDERS, asked_for, label_history
from bot.gather.pulls import PULL_PROVIDERS
from bot.gather.situation import FRESH
from bot.github.answers import NOT_YET
from bot.github.reads import LabelEvent
from bot.github.writes import add_labels, remove_label
from tests.world import BOT, REPO, World, classifier

E = TypeVar("E", bound=ThreadEvent)
F = TypeVar("F", bound=Fact)
NOON = datetime(2025, 6, 9, 12, tzinfo=UTC)


def last_event(world: World, kind: type[E]) -> E:
    """The last event of a kind that GitHub has announced."""
    announced = [
        event
        for sent in world.mail.waiting
        for event in parse(sent.event, load_json(sent.body), bot_login=BOT)
        if isinstance(event, kind)
    ]
    return announced[-1]


def situation(
    world: World, event: ThreadEvent, *, age: timedelta = timedelta(0), config: str = ""
) -> Situation:
    return world.gatherer.situation(event, datetime.now(UTC) - age, read(config).config)


def fact(world: World, event: ThreadEvent, kind: type[F], **situated: Any) -> F:
    return world.gatherer.gather(situation(world, event, **situated), [kind])[kind]


def opened(world: World, *said: Any, **more: Any) -> IssueOpened:
    world.open_issue(*said, **more)
    return last_event(world, IssueOpened)


def command(world: World, text: str, *, by: str = "maya") -> CommandGiven:
    world.comment(world.open_issue(), text, by=by)
    return last_event(world, CommandGiven)


def test_there_is_a_provider_for_every_fact() -> None:
    obtained = {kind.__name__ for kind in (*PROVIDERS, *PULL_PROVIDERS, *HANDED_ON)}
    assert obtained == {kind.__name__ for kind in Fact.__subclasses__()} - {"RepositoryFile"} | {
        kind.__name__ for kind in RepositoryFile.__subclasses__()
    }


def test_each_fact_is_obtained_once_for_an_event(world: World) -> None:
    about = situation(world, opened(world))
    first = world.gatherer.gather(about, [Prediction, CurrentThread])
    again = world.gatherer.gather(about, [CurrentThread, RepositoryLabels])
    assert first[CurrentThread] is again[CurrentThread]
    assert len(world.requests("GET /repos/octo/engine/issues/1")) == 1


def test_a_rule_sees_only_the_facts_that_it_asked_for(world: World) -> None:
    about = situation(world, opened(world))
    world.gatherer.gather(about, [CurrentThread])
    facts = world.gatherer.gather(about, [RepositoryLabels])
    assert CurrentThread not in facts


def test_now_is_the_time_of_the_decision(world: World) -> None:
    before = datetime.now(UTC)
    assert before <= fact(world, opened(world), Now).at <= datetime.now(UTC)


# Prediction


def test_a_prediction_is_the_classifiers_opinion_of_the_thread_as_it_is_now(world: World) -> None:
    event = opened(world, "Hello", "there")
    text = ("App crashes with a segfault", "Traceback (most recent call last): ValueError")
    world.sandbox.as_user("nia").edit(REPO, event.thread.number, title=text[0], body=text[1])
    said = classifier().classify(*text, repo=REPO)
    prediction = fact(world, event, Prediction)
    assert (prediction.label, prediction.probability) == (said.label, said.probability)
    assert (prediction.threshold, prediction.evidence) == (said.threshold, said.evidence)
    assert (prediction.precision, prediction.model) == (0.9, classifier().version)


def test_a_threshold_of_the_config_is_used(world: World) -> None:
    event = opened(world, "App crashes with a segfault", "Traceback: ValueError")
    low = fact(world, event, Prediction, config="triage: {threshold: 0}")
    assert (low.threshold, low.abstained) == (0, False)
    high = fact(world, event, Prediction, config="triage: {threshold: 0.99}")
    # Too low a probability is for the rule to judge, and no reason to abstain.
    assert (high.threshold, high.abstained, high.reason) == (0.99, False, "")
    strict = fact(world, event, Prediction, config="triage: {precision: 0.95}")
    assert strict.precision == 0.95


@pytest.mark.parametrize(
    ("title", "body"),
    [("...", ""), ("δεν λειτουργεί", "κάθε φορά που αποθηκεύω έγγραφα, κλείνει")],
    ids=["empty", "Greek"],
)
@pytest.mark.parametrize("threshold", ["auto", "0"])
def test_the_classifier_says_why_it_would_rather_not_say(
    world: World, title: str, body: str, threshold: str
) -> None:
    event = opened(world, title, body)
    prediction = fact(world, event, Prediction, config=f"triage: {{threshold: {threshold}}}")
    assert prediction.abstained
    assert prediction.reason == classifier().classify(title, body).reason
    assert "below the threshold" not in prediction.reason


# RepositoryLabels and CurrentThread


def test_the_labels_of_a_repository_are_kept_until_they_change(world: World) -> None:
    event = opened(world)
    assert "bug" in fact(world, event, RepositoryLabels).names
    world.sandbox.store.add_label(world.sandbox.repo(REPO), "new", "ededed")
    assert "new" not in fact(world, event, RepositoryLabels).names
    world.gatherer.forget_labels("octo/other")
    assert "new" not in fact(world, event, RepositoryLabels).names
    world.gatherer.forget_labels(REPO)
    assert "new" in fact(world, event, RepositoryLabels).names


def test_the_thread_is_looked_at_as_it_is_now(world: World) -> None:
    event = opened(world)
    maya = world.sandbox.as_user("maya")
    maya.add_label(REPO, event.thread.number, "bug")
    maya.close(REPO, event.thread.number)
    thread = fact(world, event, CurrentThread)
    assert event.thread.is_open
    assert (thread.is_open, thread.labels) == (False, ("bug",))


def test_a_thread_that_is_not_there_yet_is_waited_for(world: World) -> None:
    world.sandbox.faults.add("not_found_after_create", seconds=10)
    event = opened(world)
    with pytest.raises(RetryLater, match="octo/engine#1 is not visible yet"):
        fact(world, event, CurrentThread)
    world.sandbox.clock.advance(11)
    assert fact(world, event, CurrentThread).is_open


def test_a_thread_that_never_comes_is_gone(world: World) -> None:
    event = opened(world)
    del world.sandbox.repo(REPO).issues[event.thread.number]
    with pytest.raises(Gone, match="octo/engine#1 is no longer there"):
        fact(world, event, CurrentThread, age=NOT_YET)


# LabelHistory


def labelled(*told: str) -> list[LabelEvent]:
    """Read ``+bug usher`` as: Usher put `bug` on."""
    events = []
    for each in told:
        change, by = each.split()
        who = BOT if by == "usher" else by
        events.append(LabelEvent(label=change[1:], added=change[0] == "+", by=who, at=NOON))
    return events


@pytest.mark.parametrize(
    ("told", "by_usher", "removed", "by_humans", "ever"),
    [
        ([], "", "", "", ""),
        (["+bug usher"], "bug", "", "", "bug"),
        (["+bug maya"], "", "", "bug", ""),
        (["+bug usher", "-bug maya"], "", "bug", "", "bug"),
        (["+bug usher", "-bug usher"], "", "", "", "bug"),
        (["+bug usher", "-bug maya", "+bug maya"], "", "", "bug", "bug"),
        (["+bug maya", "-bug maya", "+bug usher"], "bug", "", "", "bug"),
        (["+bug maya", "-bug other[bot]"], "", "bug", "", ""),
        (["+bug usher", "+ui maya", "-ui wes"], "bug", "ui", "", "bug"),
    ],
)
def test_whose_label_is_whose_is_read_from_the_last_word_on_it(
    told: list[str], by_usher: str, removed: str, by_humans: str, ever: str
) -> None:
    history = label_history(labelled(*told), BOT)
    assert history == LabelHistory(
        by_usher=frozenset(by_usher.split()),
        removed_by_humans=frozenset(removed.split()),
        set_by_humans=frozenset(by_humans.split()),
        ever_by_usher=frozenset(ever.split()),
    )


def test_what_a_person_asked_usher_to_do_counts_as_theirs() -> None:
    put_on = label_history(labelled("+bug usher"), BOT, asked=["bug"])
    assert (put_on.by_usher, put_on.set_by_humans) == (frozenset(), {"bug"})
    taken_off = label_history(labelled("+bug usher", "-bug usher"), BOT, asked=["bug"])
    assert taken_off.removed_by_humans == {"bug"}


def test_labels_of_commands_and_of_plans_that_were_undone_are_a_persons_word(world: World) -> None:
    number = world.open_issue()
    by_itself = AddLabels(labels=("bug", "ui"), reason="94% sure")
    by_command = AddLabels(labels=("ui",), reason="maya asked")
    world.do(number, by_itself)
    assert asked_for(world.plans(number)) == frozenset()
    world.do(number, by_command, event="CommandGiven")
    # `ui` was there already, so the command changed nothing: it is still Usher's own.
    assert asked_for(world.ledger.of_thread(REPO, number)) == frozenset()
    world.sandbox.as_user("maya").remove_label(REPO, number, "ui")
    again = world.do(number, by_command, event="CommandGiven")
    assert asked_for(world.ledger.of_thread(REPO, number)) == {"ui"}
    world.executor.undo(again.steps[0].id)
    assert asked_for(world.ledger.of_thread(REPO, number)) == {"ui"}


def test_a_history_is_read_from_github(world: World) -> None:
    event = opened(world)
    number, maya = event.thread.number, world.sandbox.as_user("maya")
    add_labels(world.client, number, ("bug", "question"))
    maya.remove_label(REPO, number, "bug")
    maya.add_label(REPO, number, "wontfix")
    history = fact(world, event, LabelHistory, age=FRESH)
    assert history == LabelHistory(
        by_usher=frozenset({"question"}),
        removed_by_humans=frozenset({"bug"}),
        set_by_humans=frozenset({"wontfix"}),
        ever_by_usher=frozenset({"bug", "question"}),
    )


def test_what_a_command_put_on_is_a_persons_in_the_history(world: World) -> None:
    event = opened(world)
    world.do(event.thread.number, AddLabels(labels=("bug",), reason="maya asked"), event="CommandGiven")
    history = fact(world, event, LabelHistory)
    assert (history.by_usher, history.set_by_humans) == (frozenset(), {"bug"})


def test_a_thread_that_was_just_opened_has_no_history_to_ask_for(world: World) -> None:
    assert fact(world, opened(world), LabelHistory) == LabelHistory()
    assert world.requests("events") == []


def test_an_old_thread_is_asked_about_though_usher_has_never_been_there(world: World) -> None:
    number, maya = world.open_issue(), world.sandbox.as_user("maya")
    maya.add_label(REPO, number, "bug")
    maya.remove_label(REPO, number, "bug")
    world.sandbox.as_user("nia").edit(REPO, number, title="It crashes again")
    history = fact(world, last_event(world, IssueEdited), LabelHistory)
    assert history.removed_by_humans == {"bug"}


def test_a_label_on_a_thread_where_usher_never_was_costs_no_question(world: World) -> None:
    world.sandbox.as_user("maya").add_label(REPO, world.open_issue(), "bug")
    assert fact(world, last_event(world, LabelChanged), LabelHistory).ever_by_usher == frozenset()
    assert world.requests("events") == []


def test_a_label_on_a_thread_where_usher_was_is_asked_about(world: World) -> None:
    number = world.open_issue()
    world.do(number, AddLabels(labels=("bug",), reason="94% sure"))
    world.sandbox.as_user("maya").remove_label(REPO, number, "bug")
    assert fact(world, last_event(world, LabelChanged), LabelHistory).ever_by_usher == {"bug"}


# Permission and CommandComment


def test_a_permission_is_that_of_whoever_acted_now(world: World) -> None:
    event = command(world, "/label bug", by="tri")
    assert fact(world, event, Permission) == Permission("tri", Level.TRIAGE)
    world.sandbox.set_role(REPO, "tri", "read")
    assert fact(world, event, Permission) == Permission("tri", Level.READ)


def test_a_permission_that_github_does_not_tell_is_none(world: World) -> None:
    event = command(world, "/label bug")
    del world.sandbox.store.users["maya"]
    assert fact(world, event, Permission) == Permission("maya", Level.NONE)


def test_a_permission_that_github_may_not_tell_usher_is_none(world: World) -> None:
    event = command(world, "/label bug")
    world.installation.suspended_at = world.sandbox.clock.now()
    assert fact(world, event, Permission) == Permission("maya", Level.NONE)


@pytest.mark.parametrize("fault", ["bad_gateway", "too_many", "exhausted", "secondary_limit"])
def test_a_permission_that_cannot_be_asked_for_now_is_asked_for_later(world: World, fault: Any) -> None:
    event = command(world, "/label bug")
    world.sandbox.faults.add(fault, match="permission")
    with pytest.raises(RetryLater):
        fact(world, event, Permission)


def test_a_command_is_looked_up_in_its_comment(world: World) -> None:
    event = command(world, "/label bug")
    assert fact(world, event, CommandComment).still_says
    world.sandbox.as_user("maya").edit_comment(REPO, event.comment, "please\n\n/label bug\n/label ui")
    assert fact(world, event, CommandComment).still_says


@pytest.mark.parametrize("text", ["never mind", "/label question", "> /label bug", "/label bug question"])
def test_a_command_that_was_edited_away_is_not_there(world: World, text: str) -> None:
    event = command(world, "/label bug")
    world.sandbox.as_user("maya").edit_comment(REPO, event.comment, text)
    assert not fact(world, event, CommandComment).still_says


def test_a_command_whose_comment_was_deleted_is_not_there(world: World) -> None:
    event = command(world, "/label bug")
    world.sandbox.as_user("maya").delete_comment(REPO, event.comment)
    assert not fact(world, event, CommandComment, age=COMMENT_NOT_YET).still_says


def test_a_comment_that_is_not_there_yet_is_waited_for_a_little(world: World) -> None:
    world.sandbox.faults.add("not_found_after_create", seconds=10)
    event = command(world, "/label bug")
    with pytest.raises(RetryLater, match="not visible yet") as raised:
        fact(world, event, CommandComment)
    assert raised.value.until is None  # it counts as an attempt
    world.sandbox.clock.advance(11)
    assert fact(world, event, CommandComment).still_says


def test_a_command_far_down_a_long_comment_is_found(world: World) -> None:
    number = world.open_issue()
    many = "\n".join(f"/cc @someone-{n}" for n in range(30))
    comment = world.comment(number, many)
    world.sandbox.as_user("maya").edit_comment(REPO, comment, f"{many}\n/label bug")
    event = last_event(world, CommandGiven)
    assert event.name == "label"
    assert fact(world, event, CommandComment).still_says


# ThreadLedger and ThreadPause


def test_the_ledger_of_a_thread_is_what_usher_did_there(world: World) -> None:
    event = opened(world)
    assert fact(world, event, ThreadLedger).entries == ()
    world.do(world.open_issue(), AddLabels(labels=("ui",), reason="elsewhere"))
    world.do(event.thread.number, AddLabels(labels=("bug",), reason="94% sure"))
    [entry] = fact(world, event, ThreadLedger).entries
    assert (entry.summary, entry.reason, entry.status) == ("bug", "94% sure", "done")


def test_a_pause_is_that_of_the_thread(world: World) -> None:
    event = opened(world)
    assert not fact(world, event, ThreadPause).is_paused
    world.registry.set_paused(world.repository_id, 1, world.installation.id, paused=True)
    assert fact(world, event, ThreadPause).is_paused
    assert not fact(world, opened(world), ThreadPause).is_paused


# AuthorHistory


def merged(world: World, number: int) -> PullRequestMerged:
    world.sandbox.as_user("maya").merge(REPO, number)
    return last_event(world, PullRequestMerged)


def test_a_newcomer_has_done_nothing_before(world: World) -> None:
    world.open_issue(by="wes")
    assert fact(world, opened(world), AuthorHistory) == AuthorHistory(0, 0, 0)


def test_what_a_person_did_before_is_counted_by_kind(world: World) -> None:
    for _ in range(2):
        world.open_issue()
    merged(world, world.open_pull())
    world.sandbox.clock.advance(60)
    assert fact(world, opened(world), AuthorHistory) == AuthorHistory(2, 1, 1)


def test_a_first_pull_request_may_come_after_issues(world: World) -> None:
    world.open_issue()
    world.sandbox.clock.advance(60)
    world.open_pull()
    history = fact(world, last_event(world, PullRequestOpened), AuthorHistory)
    assert (history.issues, history.pulls) == (1, 0)


def test_a_first_merge_is_told_from_a_later_one(world: World) -> None:
    first, second = world.open_pull(), world.open_pull()
    world.sandbox.clock.advance(60)
    assert fact(world, merged(world, second), AuthorHistory).merged == 0
    world.sandbox.clock.advance(60)
    assert fact(world, merged(world, first), AuthorHistory).merged == 1


def test_the_other_repositories_of_the_owner_count_too(world: World) -> None:
    world.sandbox.add_repo("octo/other")
    world.registry.add_repositories(world.installation.id, [REPO, "octo/other"])
    world.sandbox.as_user("nia").open_issue("octo/other", "Hello")
    world.sandbox.clock.advance(60)
    assert fact(world, opened(world), AuthorHistory).issues == 1


def test_a_repository_that_may_no_longer_be_asked_says_nothing(world: World) -> None:
    world.registry.add_repositories(world.installation.id, [REPO, "octo/was-deleted"])
    assert fact(world, opened(world), AuthorHistory).issues == 0


def test_once_a_first_is_on_record_nothing_is_asked(world: World) -> None:
    fact(world, opened(world), AuthorHistory)
    event = opened(world)
    sent = len(world.requests())
    assert fact(world, event, AuthorHistory).issues == 1
    assert len(world.requests()) == sent


def test_the_same_event_may_be_looked_at_again(world: World) -> None:
    event = opened(world)
    assert fact(world, event, AuthorHistory) == fact(world, event, AuthorHistory) == AuthorHistory(0, 0, 0)


def test_of_two_threads_the_first_is_the_first_whichever_delivery_comes_first(world: World) -> None:
    first = opened(world)
    world.sandbox.clock.advance(60)
    second = opened(world)
    assert fact(world, second, AuthorHistory).issues == 1
    assert fact(world, first, AuthorHistory).issues == 0


def test_a_deleted_account_has_no_history(world: World) -> None:
    event = opened(world)
    ghostly = replace(event, thread=replace(event.thread, author=GHOST))
    assert fact(world, ghostly, AuthorHistory) == AuthorHistory(0, 0, 0)
    assert world.requests() == []


def test_a_label_that_usher_took_off_itself_is_nobodys_word(world: World) -> None:
    event = opened(world)
    add_labels(world.client, event.thread.number, ("bug",))
    remove_label(world.client, event.thread.number, "bug")
    history = fact(world, event, LabelHistory, age=FRESH)
    assert history.removed_by_humans == frozenset()
