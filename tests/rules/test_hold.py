from bot.core.actions import Action
from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.pull_actions import ForgetWord
from bot.core.pull_context import Word, Words
from bot.core.pulls import PullRequest
from bot.core.sections import CommandsConfig
from bot.rules.hold import hold
from tests.rules.examples import MAINTAINER, pull

HELD = Word("hold", "maya", "a" * 40, "waiting for the release")


def decide(*labels: str, is_open: bool = True, words: tuple[Word, ...] = ()) -> list[Item | Action]:
    event, found = PullRequestUpdated(MAINTAINER, pull()), PullRequest(15, labels=labels, is_open=is_open)
    said = hold.decide(event, CommandsConfig(hold_label="on hold"), Facts([found, Words(words)]))
    return list(said)  # type: ignore[arg-type]


def text(*words: Word) -> str:
    (item,) = decide("bug", "On hold", words=words)
    assert isinstance(item, Item)
    assert (item.key, item.stage, item.status, item.who) == (
        "hold",
        Stage.REVIEW,
        Status.MISSING,
        "maintainers",
    )
    return item.text.plain()


def test_the_label_holds_it_up() -> None:
    assert text() == "held by the label on hold; `/hold cancel` lets it go"


def test_who_holds_it_and_what_for_is_shown() -> None:
    assert text(HELD) == "held by maya: waiting for the release; `/hold cancel` lets it go"
    assert text(Word("hold", "wes")) == "held by wes; `/hold cancel` lets it go"


def test_without_it_nothing_is_said() -> None:
    assert decide("bug") == []
    assert decide("on hold", is_open=False) == []


def test_what_it_was_held_for_is_forgotten_with_the_label() -> None:
    assert decide("bug", words=(HELD,)) == [ForgetWord(word="hold", reason="the label on hold is off")]
