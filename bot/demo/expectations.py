"""Holding what was expected against what is there."""

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import httpx

from bot.demo.moments import Doubt, Expect, IssueType
from bot.demo.script import Repo
from bot.demo.stage import Stage
from bot.demo.witness import Outcome, Thread, Witness
from bot.store.inbox import FAILED, UNFINISHED
from bot.store.ledger import OPEN

UNSURE = "needs-triage"
WELCOMES = ("welcome", "first-merge")


@dataclass(frozen=True)
class Check:
    """One expectation, and whether it held.

    Args:
        about: whose it is.
        expected, found: what was expected and what is there, in words.
        held: whether the two agree.
    """

    about: str
    expected: str
    found: str
    held: bool


def check_entry(about: str, expect: Expect, repo: Repo, outcome: Outcome) -> list[Check]:
    """Hold the expectations of one entry against its outcome."""
    return [
        *check_thread(about, expect, repo, outcome.after),
        *(Check(about, *one) for one in _events(expect, outcome)),
    ]


def check_thread(about: str, expect: Expect, repo: Repo, thread: Thread) -> list[Check]:
    """Hold what is expected of a thread against the thread."""
    return [Check(about, *one) for one in (*_labels(expect, repo, thread), *_comments(expect, thread))]


Found = tuple[str, str, bool]


def _labels(expect: Expect, repo: Repo, thread: Thread) -> Iterator[Found]:
    found = f"labels: {_listed(thread.labels)}"
    if expect.type is not None:
        types = {*repo.types.values(), UNSURE}
        here = thread.labels & types
        yield f"type: {expect.type}", found, _fits(expect.type, here, repo)
    for label in expect.labels:
        yield f"label {label}", found, label in thread.labels
    for label in expect.no_labels:
        yield f"no label {label}", found, label not in thread.labels


def _fits(wanted: IssueType | Doubt, here: frozenset[str], repo: Repo) -> bool:
    match wanted:
        case "any":
            return len(here) == 1
        case "none":
            return not here
        case "unsure":
            return here == {UNSURE}
        case _:
            return here == {repo.types[wanted]}


def _comments(expect: Expect, thread: Thread) -> Iterator[Found]:
    if expect.comments is not None:
        here = sorted(thread.purposes().elements())
        yield (
            f"comments: {_listed(expect.comments)}",
            f"comments: {_listed(here)}",
            here == sorted(expect.comments),
        )
    for text in expect.says:
        yield f"a comment that says {text!r}", f"comments: {thread.said()!r}", text in thread.said()
    for text in expect.never_says:
        yield f"no comment that says {text!r}", f"comments: {thread.said()!r}", text not in thread.said()


def _events(expect: Expect, outcome: Outcome) -> Iterator[Found]:
    if expect.untouched:
        yield (
            "the thread as it was",
            _difference(outcome.before, outcome.after),
            outcome.before == outcome.after,
        )
    if expect.ledger is not None:
        steps = [f"{step.rule} {step.status}" for step in outcome.steps]
        yield (
            f"ledger: {_listed(expect.ledger)}",
            f"ledger: {_listed(steps)}",
            sorted(steps) == sorted(expect.ledger),
        )
    if expect.delivery is not None:
        held = set(outcome.states) == {expect.delivery}
        yield f"delivery: {expect.delivery}", f"delivery: {_listed(outcome.states)}", held
    if expect.answer is not None:
        held = set(outcome.answers) == {expect.answer}
        yield f"answer: {expect.answer}", f"answer: {_listed(map(str, outcome.answers))}", held


def _difference(before: Thread, after: Thread) -> str:
    changes = [f"+{label}" for label in sorted(after.labels - before.labels)]
    changes += [f"-{label}" for label in sorted(before.labels - after.labels)]
    changes += [
        f"comment {id_}" for id_ in {**before.comments, **after.comments} if _differs(id_, before, after)
    ]
    return f"changed: {_listed(changes)}"


def _differs(comment: int, before: Thread, after: Thread) -> bool:
    return before.comments.get(comment) != after.comments.get(comment)


def check_whole(stage: Stage, witness: Witness) -> list[Check]:
    """Check what must hold for the day as a whole, whatever happened in it."""
    return [
        Check("the whole day", *one)
        for one in (*_books(witness), *_manners(stage, witness), *_pages(stage, witness))
    ]


def _books(witness: Witness) -> Iterator[Found]:
    """Nothing is left over, and nothing went wrong."""
    states, actions = witness.inbox.counts(), witness.ledger.counts()
    unfinished = {state: states[state] for state in UNFINISHED if states.get(state)}
    yield "every delivery finished", f"{unfinished}", not unfinished
    failed = {state: states[state] for state in FAILED if states.get(state)}
    yield "no delivery given up", f"{failed}", not failed
    left = {status: actions[status] for status in (*OPEN, "failed") if actions.get(status)}
    yield "every action done", f"{left}", not left


def _manners(stage: Stage, witness: Witness) -> Iterator[Found]:
    """One voice on each thread, one greeting for each newcomer, and no request before its time."""
    twice, greeted = [], []
    for repo in list(stage.sandbox.store.repositories.values()):
        for issue in list(repo.issues.values()):
            purposes = witness.thread((repo.full_name, issue.number)).purposes()
            twice += [f"{repo.full_name}#{issue.number}: {name}" for name, n in purposes.items() if n > 1]
            kind = "issue" if issue.pull is None else "pull request"
            greeted += [f"{issue.user.login}: {name}, {kind}" for name in WELCOMES if name in purposes]
    again = sorted({one for one in greeted if greeted.count(one) > 1})
    yield "one comment for each purpose", _listed(twice), not twice
    yield "each first welcomed once in the organisation", _listed(again), not again
    early = [str(one) for one in stage.sandbox.violations]
    yield "no request before GitHub allowed it", _listed(early), not early


def _pages(stage: Stage, witness: Witness) -> Iterator[Found]:
    """The dashboard shows what the ledger holds."""
    last = witness.ledger.recent(limit=1)
    for path in ["/", *(f"/r/{plan.repository}/{plan.number}" for plan in last)]:
        answer = httpx.get(stage.server.url + path, trust_env=False)
        shown = [plan.title in html.unescape(answer.text) for plan in last]
        held = answer.status_code == httpx.codes.OK and all(shown)
        yield (
            f"the dashboard's page {path} shows the last plan",
            f"{answer.status_code}, shown: {shown}",
            held,
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
