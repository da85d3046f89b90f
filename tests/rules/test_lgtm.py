from bot.core.actions import Action, RemoveLabels
from bot.core.events import PullRequestUpdated
from bot.core.facts import Facts
from bot.core.heads import UPDATED
from bot.core.merging import GITHUB
from bot.core.pull_actions import ForgetWord
from bot.core.pull_context import Word, Words
from bot.core.pulls import PullRequest
from bot.core.sections import CommandsConfig
from bot.rules.lgtm import lgtm
from tests.rules.examples import MAINTAINER, pull

REASON = "there were new commits since"
OFF = RemoveLabels(labels=("looks good",), reason=REASON)
EARLIER, NOW = Word("lgtm", "ada", "one"), Word("lgtm", "bob", "two")


def decide(*words: Word, is_open: bool = True) -> list[Action]:
    found = PullRequest(15, head_sha="two", labels=("Looks good",), is_open=is_open)
    event = PullRequestUpdated(MAINTAINER, pull(), what="synchronize")
    said = lgtm.decide(event, CommandsConfig(lgtm_label="looks good"), Facts([found, Words(words)]))
    return [one for one in said if isinstance(one, Action)]


def forgotten(by: str) -> ForgetWord:
    return ForgetWord(word="lgtm", by=by, reason=REASON)


def test_the_label_goes_when_nobody_has_seen_the_commits() -> None:
    other = Word("lgtm", "cy", "zero")
    assert decide(EARLIER, other) == [OFF, forgotten("ada"), forgotten("cy")]


def test_it_stays_while_somebody_has() -> None:
    assert decide(EARLIER, NOW) == [forgotten("ada")]
    assert decide(NOW) == []


def test_a_label_without_a_word_is_not_for_this_rule() -> None:
    assert decide() == []
    assert decide(Word("approve", "ada", "one")) == []


def test_what_is_closed_stays_as_it_is() -> None:
    assert decide(EARLIER, is_open=False) == []


def test_an_update_of_ushers_own_was_seen_before() -> None:
    assert decide(EARLIER, Word(UPDATED, GITHUB, "two", "zero one")) == []
    assert decide(EARLIER, Word(UPDATED, GITHUB, "one", "zero")) == [OFF, forgotten("ada")]
