"""Every kind of comment that the rules write, from the rules themselves: for the tests of the templates."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.actions import UpsertComment
from bot.core.events import Event, IssueOpened, PullRequestMerged, PullRequestOpened, PullRequestUpdated
from bot.core.facts import (
    AuthorHistory,
    CommandComment,
    CurrentThread,
    Fact,
    Facts,
    LedgerEntry,
    Level,
    Permission,
    RepositoryLabels,
    ThreadLedger,
    ThreadPause,
)
from bot.core.flow import FlowItems, Item, Stage, Status
from bot.core.phrases import Phrase
from bot.core.pull_context import Skips
from bot.core.pulls import PullRequest
from bot.rules import RULES
from tests.rules.examples import MAINTAINER, NEWCOMER, command, issue, pull

_LEDGER = ThreadLedger(
    tuple(
        LedgerEntry(
            number,
            number,
            "triage",
            "add_labels",
            "kind/bug",
            "94% sure: `x`",
            status,
            datetime(2025, 6, 9, tzinfo=UTC),
        )
        for number, status in enumerate(("done", "undone", *("observed",) * 12))
    )
)
_PULL = PullRequest(15, author=NEWCOMER, head_sha="a" * 40)
_ITEMS = FlowItems(
    (
        Item("title", "Title", Stage.OPENED, Status.DONE, Phrase("`{title}`", {"title": "fix: save"})),
        Item("tests", "Tests", Stage.TESTS, Status.MISSING, Phrase("add one")),
        Item("issue", "Linked issue", Stage.OPENED, Status.WAITING, Phrase("name it"), needed=False),
    )
)
_FULL = tuple(f"label-{number}" for number in range(99))


def _facts(level: Level = Level.TRIAGE, ledger: ThreadLedger = _LEDGER) -> list[Fact]:
    return [
        AuthorHistory(0, 0, 0),
        Permission(MAINTAINER.login, level),
        CommandComment(still_says=True),
        RepositoryLabels(("bug", "area: ui", "P1")),
        CurrentThread(_FULL),
        ledger,
        ThreadPause(),
    ]


def _answers(event: Event, facts: list[Fact]) -> list[UpsertComment]:
    """What the rules say to an event, leaving out those that ask for other facts."""
    given = {type(fact) for fact in facts}
    able = [each for each in RULES if each.listens_to(event) and given.issuperset(each.needs)]
    actions = [action for each in able for action in each.decide(event, each.config(), Facts(facts))]
    return [action for action in actions if isinstance(action, UpsertComment)]


ANSWERS: list[UpsertComment] = [
    *_answers(IssueOpened(NEWCOMER, issue()), _facts()),
    *_answers(PullRequestOpened(NEWCOMER, pull()), _facts()),
    *_answers(PullRequestMerged(MAINTAINER, pull()), _facts()),
    *_answers(command("/label bug"), _facts(Level.READ)),
    *_answers(command("/label"), _facts()),
    *_answers(command(f"/label bgu, xyzzy, bug, P1, {'y' * 51}, {', '.join('abcdefghijkl')}"), _facts()),
    *_answers(command("/label bgu"), _facts()),
    *_answers(command("/label bug, P1"), _facts()),
    *_answers(command("/usher help"), _facts()),
    *_answers(command("/usher why"), _facts()),
    *_answers(command("/usher why"), _facts(ledger=ThreadLedger())),
    *_answers(command("/usher undo"), _facts()),
    *_answers(command("/usher undo"), _facts(ledger=ThreadLedger())),
    *_answers(command("/usher pause"), _facts()),
    *_answers(command("/usher resume"), _facts()),
    *_answers(replace(command("/skip tests"), thread=pull()), [*_facts(Level.WRITE), _PULL]),
    *_answers(replace(command("/skip tets typo"), thread=pull()), [*_facts(Level.WRITE), _PULL]),
    *_answers(PullRequestUpdated(NEWCOMER, pull()), [_PULL, _ITEMS, Skips()]),
]
