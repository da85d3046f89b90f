"""The made-up project on the local GitHub, so that what its report links to is there."""

from datetime import datetime

from bot.core.history import PastThread, TimelineEvent
from bot.demo.cast import LABELS, MAINTAINERS
from bot.demo.history import NAME, Made
from bot.sandbox import Sandbox
from bot.sandbox.store import author_of
from bot.sandbox.things import (
    Comment,
    Event,
    Issue,
    Label,
    Pull,
    Repository,
    Review,
)
from bot.sandbox.users import User

DESCRIPTION = "A project with two made-up years, for a report to tell of."
OPENING = "*This thread is made up, for the demo's report to have a history.*"
#: What people write; by the number of the thread, so that it is always the same.
SAID = {
    "commented": (
        "Thank you for writing. Which version is it?",
        "I see it here, too.",
        "This is how it is meant, but the manual could say so.",
        "Somebody asked that last month; the answer should be in the README.",
    ),
    "abuse": ("Whoever did this should not be let near a keyboard.",),
    "approved": ("Looks good, thank you!", "Nice and small. In it goes.", "Works here. Thank you!"),
    "changes_requested": (
        "Could you add a test for the empty case?",
        "Please split this: the second half is another change.",
        "One name reads oddly; the rest is fine.",
    ),
}
GREETING = "Thanks for your pull request! A maintainer will look at it soon."
TEXT = f"# widgets\n\n{DESCRIPTION}\n"


def place(made: Made, sandbox: Sandbox) -> None:
    """Add the project with all its threads. Nobody is told of it."""
    with sandbox.lock:
        repo = sandbox.add_repo(
            NAME,
            description=DESCRIPTION,
            labels=[{"name": name} for name in (*LABELS, "dependencies")],
            files={each.path: TEXT for each in made.documents.documents},
            collaborators=dict.fromkeys(MAINTAINERS, "admin"),
        )
        users = {person.id: sandbox.add_user(person.login) for person in made.people}
        for thread in made.threads:
            repo.issues[thread.number] = _Placed(sandbox, repo, users, thread).issue()


class _Placed:
    """One thread on its way to the local GitHub."""

    def __init__(
        self, sandbox: Sandbox, repo: Repository, users: dict[int, User], thread: PastThread
    ) -> None:
        self._id, self._repo, self._users, self._thread = sandbox.store.next_id, repo, users, thread

    def issue(self) -> Issue:
        thread = self._thread
        issue = Issue(
            self._id(),
            thread.number,
            thread.title,
            OPENING,
            self._user(thread.author),
            thread.created_at,
            max([thread.created_at, *(event.at for event in thread.timeline)]),
            state="open" if thread.is_open else "closed",
            closed_at=thread.closed_at,
            locked=thread.is_locked,
            labels=[self._label(name) for name in thread.labels],
        )
        if thread.is_pull:
            issue.pull = self._pull()
        for event in thread.timeline:
            self._do(issue, event)
        return issue

    def _user(self, account: int | None) -> User:
        """Somebody; GitHub shows deleted accounts as one that is called ghost."""
        return self._users[account] if account else User(0, "ghost", self._thread.created_at)

    def _label(self, name: str) -> Label:
        found = self._repo.labels.get(name.lower())
        return found or Label(self._id(), name, "ededed")

    def _pull(self) -> Pull:
        """A pull request with a commit at its opening, and one for each push after that."""
        repo, thread = self._repo, self._thread
        base = head = repo.branches[repo.default_branch]
        pushes = [(thread.created_at, thread.title)]
        pushes += [(event.at, "Do what the review asked for") for event in thread.of("committed")]
        for at, message in pushes:
            head = self._commit(head, at, message)
        return Pull(
            self._id(),
            repo,
            f"thread-{thread.number}",
            head,
            repo.default_branch,
            base,
            draft=thread.is_draft,
            merged_at=thread.merged_at,
            merged_by=self._user(thread.merged_by) if thread.is_merged else None,
        )

    def _commit(self, parent: str, at: datetime, message: str) -> str:
        before = self._repo.network.commits[parent].tree
        path = f"changes/{self._thread.number}.md"
        tree = {**before, path: before.get(path, b"") + f"{message}\n".encode()}
        author = author_of(self._user(self._thread.author))
        return self._repo.network.commit(tree, (parent,), message, author, at).sha

    def _do(self, issue: Issue, event: TimelineEvent) -> None:
        who = self._user(event.who)
        if event.kind == "commented":
            said = Comment(
                self._id(), who, self._said(event), event.at, event.at, hidden=event.detail or None
            )
            issue.comments.append(said)
        elif event.kind == "reviewed" and issue.pull is not None:
            state, head = event.detail.upper(), issue.pull.head_sha
            issue.pull.reviews.append(Review(self._id(), who, self._said(event), state, head, event.at))
        elif event.kind != "committed":  # those are in the branch
            details = {"label": {"name": event.detail}} if event.kind == "labeled" else {}
            issue.events.append(Event(self._id(), event.kind, who, event.at, details=details))

    def _said(self, event: TimelineEvent) -> str:
        is_greeting = event.kind == "commented" and self._thread.is_pull
        if is_greeting:
            return GREETING
        texts = SAID[event.detail or event.kind]
        return texts[(self._thread.number + event.at.minute) % len(texts)]
