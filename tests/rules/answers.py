"""Every kind of comment that the rules write, from the rules themselves: for the tests of the templates."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.apply.threads import cannot_be_assigned
from bot.core.actions import UpsertComment
from bot.core.actors import Actor
from bot.core.docs_settings import DocsConfig
from bot.core.events import (
    Event,
    IssueOpened,
    PullRequestMerged,
    PullRequestOpened,
    PullRequestUpdated,
    ReportDue,
)
from bot.core.facts import (
    AuthorHistory,
    CommandComment,
    CurrentThread,
    Fact,
    Facts,
    LedgerEntry,
    Level,
    Now,
    OwnComments,
    Permission,
    ReportText,
    RepositoryLabels,
    SwitchedOff,
    ThreadLedger,
    ThreadPause,
)
from bot.core.flow import FlowItems, Item, Stage, Status
from bot.core.merging import QueuePlace
from bot.core.phrases import Phrase
from bot.core.pull_actions import Assign, UpsertIssue
from bot.core.pull_context import PushedSince, Skip, Skips, Strangers, Words
from bot.core.pulls import ChangedFile, ChangedFiles, Check, Checks, ChecksExpected, ParentChecks, PullRequest
from bot.core.release.checklist import begun, ended, standing
from bot.core.release.gate import gate
from bot.core.release.gate_settings import ReleaseGateConfig
from bot.core.release.gate_state import Checklist, GateState, OpenChecklist
from bot.health.settings import HealthConfig
from bot.rules import RULES
from bot.rules.docs_follow_up import docs_follow_up
from bot.rules.report_issue import report_issue
from tests.core.release.gates import CHECKLIST, ready
from tests.rules.examples import BOT as OTHER_BOT
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
_MERGED = replace(
    _PULL,
    is_open=False,
    is_merged=True,
    merge_sha="b" * 40,
    merged_at=datetime(2025, 6, 9, tzinfo=UTC),
)
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
        SwitchedOff(),
        OpenChecklist(),
        GateState(closed=7),
    ]


def _answers(event: Event, facts: list[Fact]) -> list[UpsertComment]:
    """What the rules say to an event, leaving out those that ask for other facts."""
    given = {type(fact) for fact in facts}
    able = [each for each in RULES if each.listens_to(event) and given.issuperset(each.needs)]
    actions = [action for each in able for action in each.decide(event, each.config(), Facts(facts))]
    return [action for action in actions if isinstance(action, UpsertComment)]


def _idle() -> list[UpsertComment]:
    """What is said of a command that is switched off, and on a thread that is paused."""
    said = [Permission(MAINTAINER.login, Level.ADMIN), CommandComment(still_says=True)]
    merge = replace(command("/merge"), thread=pull())
    return [
        *_answers(merge, [*said, ThreadPause(), SwitchedOff(frozenset({"merge"}))]),
        *_answers(merge, [*said, ThreadPause(is_paused=True), SwitchedOff()]),
        *_answers(
            command("/release check"), [*said, ThreadPause(), SwitchedOff(frozenset({"release_gate"}))]
        ),
    ]


def _reviews(by: Actor, *, pushed_since: bool) -> list[UpsertComment]:
    """What is said to a review by command."""
    event = replace(command("/approve", by), thread=pull())
    return _answers(event, [*_facts(Level.WRITE), _PULL, Words(), PushedSince(pushed_since)])


def _after_merge(
    conclusions: tuple[str, ...], before: tuple[str, ...], author: Actor = NEWCOMER
) -> list[UpsertComment]:
    """What is said on a pull request once its merge was checked."""
    checks, earlier = (
        tuple(Check(f"check {place}", each) for place, each in enumerate(some))
        for some in (conclusions, before)
    )
    merged = replace(_MERGED, author=author, merged_by=author.login)
    known = [Checks(checks), ChecksExpected(), ParentChecks(earlier), OwnComments(frozenset({"post-merge"}))]
    now = Now(datetime(2025, 6, 9, tzinfo=UTC))
    return _answers(PullRequestMerged(MAINTAINER, pull()), [merged, *known, now, Words()])


_RELEASE, _GATE = GateState(sha="a" * 40), ReleaseGateConfig()
_ASKED = begun(_RELEASE, 12, MAINTAINER.login)

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
    *_idle(),
    *_answers(command("/usher why"), _facts()),
    *_answers(command("/usher why"), _facts(ledger=ThreadLedger())),
    *_answers(command("/usher undo"), _facts()),
    *_answers(command("/usher undo"), _facts(ledger=ThreadLedger())),
    *_answers(command("/usher pause"), _facts()),
    *_answers(command("/usher resume"), _facts()),
    *_answers(replace(command("/skip tests"), thread=pull()), [*_facts(Level.WRITE), _PULL, PushedSince()]),
    *_answers(
        replace(command("/skip review typo", NEWCOMER), thread=pull()),
        [*_facts(Level.WRITE), _PULL, PushedSince()],
    ),
    *(
        answer
        for unable in ((), ("zed",), ("zed", "wes"))
        for answer in _answers(
            replace(command("/cc @zed, @wes"), thread=pull()),
            [*_facts(Level.WRITE), _PULL, Strangers(frozenset(unable))],
        )
    ),
    *_answers(
        replace(command("/skip tets typo"), thread=pull()), [*_facts(Level.WRITE), _PULL, PushedSince()]
    ),
    *_answers(
        replace(command("/merge fast"), thread=pull()),
        [*_facts(Level.WRITE), _PULL, Words(), PushedSince()],
    ),
    *_answers(PullRequestUpdated(NEWCOMER, pull()), [_PULL, _ITEMS, Skips(), QueuePlace()]),
    *_answers(command("/release check"), _facts()),
    *_answers(command("/release publish"), [*_facts(Level.MAINTAIN), GateState(checklist=Checklist(7, ""))]),
    *_answers(command("/release prepare"), [*_facts(Level.WRITE), GateState()]),
    *_answers(command("/release 1.2"), _facts()),
    *_answers(command("/release check"), [*_facts(), ready(checklist=CHECKLIST)]),
    *_answers(command("/assign @acme/core"), _facts()),
    *_answers(command(f"/assign {' '.join('abcdefghijk')}"), _facts()),
    cannot_be_assigned(Assign(logins=("ada", "bob"), reason="asked"), ["ada"]),
    cannot_be_assigned(Assign(logins=("ada", "bob"), reason="asked"), ["ada", "bob"]),
    UpsertComment(
        purpose="reply",
        template="answers",
        context={"answers": ({"command": "skip docs", "text": "Sorry"}, {"command": "x", "text": "No"})},
        reason="asked",
    ),
    *_answers(command("/retitle"), _facts()),
    *_answers(command(f"/retitle {'x' * 300}"), _facts()),
    *_answers(command("/retitle a\x1bb"), _facts()),
    *_reviews(NEWCOMER, pushed_since=False),
    *_reviews(MAINTAINER, pushed_since=True),
    *_after_merge(("failure",), ()),
    *_after_merge(("failure", "failure"), ("success", "success"), author=OTHER_BOT),
    *_after_merge(("failure",), ("failure",)),
    *_after_merge(("success",), ()),
]
ISSUES: list[UpsertIssue] = [
    *docs_follow_up.decide(
        PullRequestMerged(MAINTAINER, pull()),
        DocsConfig(public=("src/**",)),
        Facts(
            [_MERGED, Skips((Skip("docs", "no time", "maint"),)), ChangedFiles((ChangedFile("src/a.py"),))]
        ),
    ),
    *(said for said in standing(_RELEASE, gate(_RELEASE, _GATE), _ASKED) if isinstance(said, UpsertIssue)),
    *(said for said in ended(gate(_RELEASE, _GATE), _ASKED, "v1.2.0") if isinstance(said, UpsertIssue)),
    *report_issue.decide(
        ReportDue(MAINTAINER, issue(number=0), "weekly", date(2026, 6, 15), 7),
        HealthConfig(issue="weekly"),
        Facts([ReportText("## acme/widgets\n\nNothing needs you. Thank you.")]),
    ),
]
