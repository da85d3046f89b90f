"""GitHub's JSON to the history of a thread: from a backup or the REST API alike.

A field that is missing, null or of the wrong type counts as absent, as in ``bot/core/pull_json.py``; what
cannot be placed in time is left out, and the snapshot says so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.core.body import FULL_NAME
from bot.core.errors import Malformed
from bot.core.fingerprints import fingerprint, names_of
from bot.core.history import EventKind, PastThread, Person, Snapshot, TimelineEvent
from bot.core.history_end import Times, end_of
from bot.core.moments import LATEST, is_possible, number_flaw, time_flaw
from bot.core.payload import items_at, mapping_at, number_at, text_at, texts_at
from bot.core.pull_json import actor_from, moment_at

_HASH = re.compile(r"[0-9A-Fa-f]{1,64}")
_PLACE = re.compile(r"https?://[^/]+/(?:.*/)?(?:repos/)?([\w.-]+/[\w.-]+)/(?:issues|pulls?)/\d+")

# What the timeline calls them; an event that is not listed is of no interest here.
_KINDS: dict[str, EventKind] = {
    "closed": "closed",
    "reopened": "reopened",
    "merged": "merged",
    "head_ref_force_pushed": "force_pushed",
    "ready_for_review": "ready_for_review",
    "convert_to_draft": "converted_to_draft",
    "converted_to_draft": "converted_to_draft",
    "labeled": "labeled",
    "unlabeled": "unlabeled",
    "assigned": "assigned",
    "unassigned": "unassigned",
    "review_requested": "review_requested",
    "review_request_removed": "review_request_removed",
    "renamed": "renamed",
    "milestoned": "milestoned",
    "demilestoned": "demilestoned",
    "locked": "locked",
    "unlocked": "unlocked",
    "marked_as_duplicate": "marked_as_duplicate",
    "transferred": "transferred",
}
_SILENT = (None, "")
_COMMENTED_LINES = frozenset({"line-commented", "commit-commented"})  # each holds its comments


def snapshot_from(
    data: Mapping[str, Any],
    events: Iterable[object] = (),
    comments: Iterable[object] = (),
    *,
    is_pull: bool,
    latest: datetime = LATEST,
) -> Snapshot:
    """Read a thread.

    Args:
        data: the issue or pull request.
        events: the items of its timeline.
        comments: a pull request's review comments; those that the timeline holds too count once.
        is_pull: True where the data is a pull request's own; an issue that says it is one becomes one, too.
        latest: no time that is later can be right (UTC).

    Raises:
        Malformed: it has no number, or it is not known when it was opened.
    """
    number, created_at = number_at(data, "number"), moment_at(data, "created_at")
    if number is None:
        raise Malformed(f"it {number_flaw(data, 'number')}")
    if created_at is None or not is_possible(created_at, latest):
        raise Malformed(f"it {time_flaw(data, 'created_at', latest)}")
    is_pull = is_pull or isinstance(data.get("pull_request"), Mapping)
    reader = _Reader(data, latest)
    timeline = reader.timeline(events, comments)
    end = end_of(data, reader.times(data, created_at), timeline, is_pull=is_pull)
    thread = PastThread(
        number=number,
        is_pull=is_pull,
        title=text_at(data, "title"),
        author=reader.author,
        created_at=created_at,
        association=text_at(data, "author_association"),
        is_open=end.is_open,
        is_draft=data.get("draft") is True,
        is_locked=data.get("locked") is True,
        closed_at=end.closed_at,
        merged_at=end.merged_at,
        merged_by=(reader.account(data, "merged_by") or end.merged_by) if end.merged_at else None,
        labels=texts_at(items_at(data, "labels"), "name"),
        disliked=_disliked(data),
        head=_hash_at(mapping_at(data, "head"), "sha"),
        has_conflicts=end.is_open and text_at(data, "mergeable_state") == "dirty",
        timeline=timeline,
    )
    people = tuple(reader.people.values())
    return Snapshot(thread, people, end.changed_at, tuple(reader.flaws), reader.undated)


def repository_of(data: Mapping[str, Any]) -> str:
    """The full name of the repository that a thread belongs to; "" where it does not say."""
    name = text_at(mapping_at(mapping_at(data, "base"), "repo"), "full_name")
    if FULL_NAME.fullmatch(name):
        return name
    for key in ("url", "html_url"):
        if found := _PLACE.match(text_at(data, key)):
            return found[1]
    return ""


def repository_id_of(data: Mapping[str, Any]) -> int | None:
    """The number of the repository that a thread belongs to; None where it does not say, as for an issue."""
    return number_at(mapping_at(mapping_at(data, "base"), "repo"), "id")


class _Reader:
    """The times of a thread, the events on it, and the people who did them; and what was wrong with these."""

    def __init__(self, data: Mapping[str, Any], latest: datetime) -> None:
        self.people: dict[int, Person] = {}
        self.flaws: list[str] = []
        self.undated = 0
        self._latest = latest
        self._seen: set[tuple[EventKind, int | str]] = set()
        self.author = self.account(data, "user")
        self._names: frozenset[str] = frozenset()

    def times(self, data: Mapping[str, Any], created_at: datetime) -> Times:
        """What the thread's own fields say of when it changed."""
        updated_at, closed_at, merged_at = (
            self._moment(data, key, "it") if data.get(key) not in _SILENT else None
            for key in ("updated_at", "closed_at", "merged_at")
        )
        listed = mapping_at(data, "pull_request")  # of a pull request in a list of issues
        if merged_at is None and listed.get("merged_at") not in _SILENT:
            merged_at = self._moment(listed, "merged_at", "it")
        return Times(created_at, updated_at, closed_at, merged_at)

    def timeline(self, events: Iterable[object], comments: Iterable[object]) -> tuple[TimelineEvent, ...]:
        """All events, the oldest first; those of one second as the timeline has them."""
        events, comments = list(events), list(comments)
        for said in (*events, *comments):  # first, so that everyone's name is known in every text
            self.account(said, "user")
        self._names = names_of(person.login for person in self.people.values())
        found = [one for n, event in enumerate(events, 1) for one in self._of_event(event, f"event {n}")]
        for n, comment in enumerate(comments, 1):
            found += self._of_line(comment, f"comment {n}")
        return tuple(sorted(found, key=lambda one: one.at))

    def account(self, value: object, *keys: str) -> int | None:
        """The number of the first account that is there; None for a ghost."""
        for key in keys:
            actor = actor_from(value, key)
            if actor.id is not None:
                is_bot = actor.is_bot or actor.login.endswith("[bot]")  # no person's login has brackets
                self.people[actor.id] = Person(actor.id, actor.login, is_bot)
                return actor.id
        return None

    def _of_event(self, event: object, where: str) -> Iterator[TimelineEvent]:
        name = text_at(event, "event")
        if not name:
            self.flaws.append(f"{where} does not say what happened")
        elif name == "commented":
            yield from self._answer(event, "commented", where)
        elif name == "reviewed":
            state = text_at(event, "state").lower()
            if state != "pending":  # not handed in yet
                yield from self._answer(event, "reviewed", where, state)
        elif name in _COMMENTED_LINES:
            for comment in items_at(event, "comments"):
                yield from self._of_line(comment, f"a comment of {where}")
        elif name == "committed":
            if self._is_new("committed", text_at(event, "sha")):
                yield from self._commit(event)
        elif kind := _KINDS.get(name):
            yield from self._change(event, kind, f"{where} ({name})")

    def _of_line(self, comment: object, where: str) -> Iterator[TimelineEvent]:
        yield from self._answer(comment, "review_commented", where)

    def _commit(self, event: object) -> Iterator[TimelineEvent]:
        """A commit. Its time is that of a clock that may have been wrong, which is nobody's fault here."""
        at = moment_at(mapping_at(event, "committer"), "date")
        if at is None or not is_possible(at, self._latest):
            self.undated += 1
        else:
            yield TimelineEvent(at, "committed", None)

    def _answer(
        self, value: object, kind: EventKind, where: str, detail: str = ""
    ) -> Iterator[TimelineEvent]:
        """Something that was written."""
        key = "created_at"
        if kind == "reviewed" and (text_at(value, "submitted_at") or not text_at(value, key)):
            key = "submitted_at"
        at = self._moment(value, key, f"{where} ({kind})")
        if at is None or not self._is_new(kind, number_at(value, "id")):
            return
        yield TimelineEvent(
            at,
            kind,
            self.account(value, "user", "actor"),
            association=text_at(value, "author_association"),
            detail=detail or text_at(mapping_at(value, "minimized"), "reason"),
            text=fingerprint(text_at(value, "body"), self._names),
            by_app=_by_app(value),
            disliked=_disliked(value),
            of_commit=_hash_at(value, "commit_id") if kind == "reviewed" else "",
        )

    def _change(self, event: object, kind: EventKind, where: str) -> Iterator[TimelineEvent]:
        """Something that was changed."""
        at = self._moment(event, "created_at", where)
        if at is not None and self._is_new(kind, number_at(event, "id")):
            who = self.account(event, "actor", "review_requester")
            yield TimelineEvent(at, kind, who, detail=_detail(event, kind), by_app=_by_app(event))

    def _moment(self, value: object, key: str, where: str) -> datetime | None:
        """A time that is needed; None, and a flaw, where it cannot be read or cannot be right."""
        at = moment_at(value, key)
        if at is None or not is_possible(at, self._latest):
            self.flaws.append(f"{where} {time_flaw(value, key, self._latest)}")
            return None
        return at

    def _is_new(self, kind: EventKind, id_: int | str | None) -> bool:
        """Note an event by its number or hash. One that has none cannot be told from others, and is new."""
        if not id_:
            return True
        is_new = (kind, id_) not in self._seen
        self._seen.add((kind, id_))
        return is_new


def _hash_at(value: object, key: str) -> str:
    """The hash of a commit; "" where that is none."""
    text = text_at(value, key)
    return text if _HASH.fullmatch(text) else ""


def _by_app(value: object) -> bool:
    return bool(mapping_at(value, "performed_via_github_app"))


def _disliked(value: object) -> int:
    """How many thumbs down a text has; 0 where as many people or more like it."""
    reactions = mapping_at(value, "reactions")
    down, up = number_at(reactions, "-1") or 0, number_at(reactions, "+1") or 0
    return down if down > up else 0


def _detail(event: object, kind: EventKind) -> str:
    match kind:
        case "labeled" | "unlabeled":
            return text_at(mapping_at(event, "label"), "name")
        case "assigned" | "unassigned":
            return text_at(mapping_at(event, "assignee"), "login")
        case "review_requested" | "review_request_removed":
            team = mapping_at(event, "requested_team")
            return text_at(mapping_at(event, "requested_reviewer"), "login") or text_at(team, "slug")
        case "renamed":
            return text_at(mapping_at(event, "rename"), "from")
        case "milestoned" | "demilestoned":
            return text_at(mapping_at(event, "milestone"), "title")
        case _:
            return text_at(event, "lock_reason")
