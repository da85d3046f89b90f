"""A past for the sandbox: threads with all that can happen on them, made without asking anybody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from random import Random
from typing import Any

from bot.core.history import EventKind, PastThread, TimelineEvent
from bot.sandbox import Sandbox
from bot.sandbox.git import Author
from bot.sandbox.shapes.pulls import comparison_of, pull_of
from bot.sandbox.store import association_of
from bot.sandbox.things import (
    Comment,
    Event,
    Issue,
    Pull,
    Repository,
    Review,
    ReviewComment,
)
from bot.sandbox.users import User

BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
NIA = Author("Nia", "nia@example.org", "nia")
LOGINS = ("maya", "wes", "nia", "lee", "ghost", "renovate[bot]")
KINDS: dict[str, EventKind] = {
    "convert_to_draft": "converted_to_draft",
    "head_ref_force_pushed": "force_pushed",
}


class Past:
    """Makes threads, each with its own dice: the same number gives the same thread.

    Args:
        sandbox: whose repository they are in.
        full_name: of that repository.
        busy: how many events a thread has at the most.
    """

    def __init__(self, sandbox: Sandbox, full_name: str, *, busy: int = 6) -> None:
        self.sandbox, self.repo = sandbox, sandbox.repo(full_name)
        self._busy = busy
        self._people = [sandbox.store.ensure_user(login) for login in LOGINS]

    def make(self, count: int) -> list[Issue]:
        """Make so many threads more; every third is a pull request."""
        first = max(self.repo.issues, default=0) + 1
        return [self.thread(number) for number in range(first, first + count)]

    def thread(self, number: int, *, events: int | None = None, lines: int | None = None) -> Issue:
        """Make one thread.

        Args:
            number: its number.
            events: how much happened on it.
            lines: how many comments on lines a pull request has.
        """
        dice = Random(number)
        at = BEGINNING + timedelta(minutes=10 * number)
        pull = self._pull(dice, number, at) if number % 3 == 0 else None
        author = dice.choice(self._people)
        issue = Issue(self._id(), number, f"Thread {number}", "Because", author, at, at, pull=pull)
        self.repo.issues[number] = issue
        for turn in range(dice.randrange(self._busy) if events is None else events):
            self._happen(issue, dice, at + timedelta(minutes=1 + turn))
        if pull is not None:
            for turn in range(dice.randrange(4) if lines is None else lines):
                self._say_on_a_line(issue, dice, at + timedelta(seconds=90 + turn))
        self._end(issue, dice)
        return issue

    def commit(
        self, count: int = 1, *, by: Author = NIA, parents: tuple[str, ...] = (), at: datetime | None = None
    ) -> list[str]:
        """Commit so often to the default branch, a minute each time. Returns the names, the oldest first.

        Args:
            count: how often.
            by: the author.
            parents: of the first one; its tip where there are none.
            at: when; None for after the tip.
        """
        branches, network = self.repo.branches, self.repo.network
        found: list[str] = []
        for turn in range(count):
            before = (found[-1],) if found else parents or (branches["main"],)
            moment = at or network.commits[before[0]].date + timedelta(minutes=1)
            made = network.commit({}, before, f"Turn {turn}", by, moment)
            found.append(made.sha)
        branches["main"] = found[-1]
        return found

    def _end(self, issue: Issue, dice: Random) -> None:
        last = issue.updated_at + timedelta(minutes=2)
        if issue.pull is not None and dice.random() < 0.6:
            merger = self._people[0]
            issue.pull.merged_at, issue.pull.merged_by = last, merger
            self._event(issue, "merged", merger, last)
        elif dice.random() < 0.5:
            return
        issue.state, issue.closed_at, issue.closed_by = "closed", last, self._people[0]
        self._event(issue, "closed", self._people[0], last)

    def _happen(self, issue: Issue, dice: Random, at: datetime) -> None:
        who, other = dice.choice(self._people), dice.choice(self._people[:4])
        kinds = ["comment", "comment", "labeled", "unlabeled", "assigned", "unassigned", "renamed", "locked"]
        kinds += ["unlocked", "reopened", "milestoned", "demilestoned", "marked_as_duplicate", "transferred"]
        if issue.pull is not None:
            kinds += ["review", "review", "review_requested", "review_request_removed", "ready_for_review"]
            kinds += ["convert_to_draft", "head_ref_force_pushed"]
        details: dict[str, dict[str, Any]] = {
            "labeled": {"label": {"name": "bug", "color": "ededed"}},
            "unlabeled": {"label": {"name": "bug", "color": "ededed"}},
            "assigned": {"assignee": other, "assigner": who},
            "unassigned": {"assignee": other, "assigner": who},
            "renamed": {"rename": {"from": "Before", "to": issue.title}},
            "locked": {"lock_reason": dice.choice([None, "off-topic", "too heated", "resolved", "spam"])},
            "milestoned": {"milestone": {"title": "1.0"}},
            "demilestoned": {"milestone": {"title": "1.0"}},
            "review_requested": {"requested_reviewer": other, "review_requester": who},
            "review_request_removed": {"requested_reviewer": other, "review_requester": who},
        }
        kind = dice.choice(kinds)
        if kind == "comment":
            said = f"Thank you @{other.login}, see #{dice.randrange(99)}"
            issue.comments.append(Comment(self._id(), who, said, at, at))
        elif kind == "review":
            state = dice.choice(["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"])
            sha = pull_of(issue).head_sha
            pull_of(issue).reviews.append(Review(self._id(), who, "Looks fine", state, sha, at))
        else:
            self._event(issue, kind, who, at, **details.get(kind, {}))
        issue.updated_at = at

    def _event(self, issue: Issue, kind: str, who: User, at: datetime, **details: Any) -> None:
        issue.events.append(Event(self._id(), kind, who, at, details=details))
        issue.updated_at = at

    def _say_on_a_line(self, issue: Issue, dice: Random, at: datetime) -> None:
        said, pull = pull_of(issue).review_comments, pull_of(issue)
        first = dice.choice(said) if said and dice.random() < 0.5 else None
        comment = ReviewComment(
            *(self._id(), dice.choice(self._people), "Why?", "a.txt", 1, "RIGHT", pull.head_sha, "", at, at)
        )
        comment.in_reply_to = None if first is None else first.in_reply_to or first.id
        said.append(comment)
        issue.updated_at = max(issue.updated_at, at)

    def _pull(self, dice: Random, number: int, at: datetime) -> Pull:
        repo, author = self.repo, NIA
        base = head = repo.branches["main"]
        for turn in range(1 + dice.randrange(2)):
            tree = {"a.txt": f"{number} {turn}".encode()}
            made = repo.network.commit(tree, (head,), f"Step {turn}", author, at + timedelta(seconds=turn))
            head = made.sha
        return Pull(self._id(), repo, f"branch-{number}", head, "main", base, draft=dice.random() < 0.2)

    def _id(self) -> int:
        return self.sandbox.store.next_id()


def expected(repo: Repository, issue: Issue) -> PastThread:
    """The history of a thread as it is at GitHub, but for the digests of texts."""
    events = [_event_of(event) for event in issue.events]
    events += [_said("commented", repo, one.user, one.created_at) for one in issue.comments]
    pull = issue.pull
    if pull is not None:
        events += [TimelineEvent(one.date, "committed", None) for one in comparison_of(repo, pull).commits]
        for review in pull.reviews:
            assert review.submitted_at is not None
            said = _said("reviewed", repo, review.user, review.submitted_at, review.state.lower())
            events.append(replace(said, of_commit=review.commit_id))
        events += [_said("review_commented", repo, one.user, one.created_at) for one in pull.review_comments]
    return PastThread(
        number=issue.number,
        is_pull=pull is not None,
        title=issue.title,
        author=_account(issue.user),
        created_at=_second(issue.created_at),
        association=association_of(repo, issue.user),
        is_open=issue.state == "open",
        is_draft=pull is not None and pull.draft,
        is_locked=issue.locked,
        closed_at=issue.closed_at,
        merged_at=None if pull is None else pull.merged_at,
        merged_by=_account(pull.merged_by) if pull and pull.merged_by else None,
        labels=tuple(label.name for label in issue.labels),
        timeline=tuple(
            replace(event, at=_second(event.at)) for event in sorted(events, key=attrgetter("at"))
        ),
    )


def _event_of(event: Event) -> TimelineEvent:
    details = event.details
    person = details.get("assignee") or details.get("requested_reviewer")
    found = details.get("label") or details.get("milestone") or {}
    words = found.get("name") or found.get("title") or details.get("rename", {}).get("from")
    detail = person.login if person else words or details.get("lock_reason") or ""
    kind: Any = KINDS.get(event.kind, event.kind)
    return TimelineEvent(event.created_at, kind, _account(event.actor), detail=detail)


def _said(kind: EventKind, repo: Repository, who: User, at: datetime, detail: str = "") -> TimelineEvent:
    return TimelineEvent(at, kind, _account(who), association=association_of(repo, who), detail=detail)


def _second(at: datetime) -> datetime:
    """GitHub tells no more."""
    return at.replace(microsecond=0)


def _account(user: User) -> int | None:
    return None if user.login == "ghost" else user.id
