from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.phrases import Phrase
from bot.core.pulls import PullRequest
from bot.core.sections import CommandsConfig
from bot.rules.hold import hold
from tests.rules.examples import MAINTAINER, pull


def decide(*labels: str, is_open: bool = True) -> list[Item]:
    event, found = PullRequestUpdated(MAINTAINER, pull()), PullRequest(15, labels=labels, is_open=is_open)
    said = hold.decide(event, CommandsConfig(hold_label="on hold"), Facts([found]))
    return [one for one in said if isinstance(one, Item)]


def test_the_label_holds_it_up() -> None:
    text = Phrase("held by the label {label}; `/hold cancel` lets it go", {"label": "on hold"})
    expected = Item("hold", "Hold", Stage.REVIEW, Status.MISSING, text, who="maintainers")
    assert decide("bug", "On hold") == [expected]


def test_without_it_nothing_is_said() -> None:
    assert decide("bug") == []
    assert decide("on hold", is_open=False) == []
