"""Accounts that behave like bots although GitHub shows them as people.

Such an account answers within a minute, again and again, with nearly the same words. One that greets every
pull request turned a median first response of 1.7 days into 13 seconds. People who are fast are no bots: what
counts is what they write, not what they merge, and who approves, merges or maintains has to be far more
regular to be suspected.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.core.history import ANSWERS, PastThread, TimelineEvent
from bot.health.people import Suspect

#: A first comment so many seconds after the opening was not thought about.
INSTANT = 60
#: So many texts are told apart for each account and kind; more of them make no difference.
TEXTS = 32


@dataclass(slots=True)
class _Habit:
    """What one account does on the threads of others."""

    threads: int = 0
    instant: int = 0
    answers: int = 0
    opened: int = 0
    vouched: int = 0  # approved or merged
    texts: Counter[str] = field(default_factory=Counter)
    instant_texts: Counter[str] = field(default_factory=Counter)


def _note(texts: Counter[str], text: str) -> None:
    """Count a text. Frequent ones stay in however many rare ones there are (Misra and Gries 1982)."""
    if text in texts or len(texts) < TEXTS:
        texts[text] += 1
        return
    for known in list(texts):
        texts[known] -= 1
        if not texts[known]:
            del texts[known]


class Habits:
    """The habits of all accounts, seen thread by thread."""

    def __init__(self) -> None:
        self._habits: defaultdict[int, _Habit] = defaultdict(_Habit)

    def add(self, thread: PastThread) -> None:
        """See what happened on a thread."""
        if thread.author is not None:
            self._habits[thread.author].opened += 1
        seen: set[int] = set()
        for event in thread.timeline:
            if event.who is None or event.who == thread.author or event.by_app:
                continue
            if event.kind == "merged" or event.detail == "approved":
                self._habits[event.who].vouched += 1
            if event.kind in ANSWERS:
                self._answered(thread, event, is_first=event.who not in seen)
                seen.add(event.who)

    def _answered(self, thread: PastThread, event: TimelineEvent, *, is_first: bool) -> None:
        assert event.who is not None
        habit = self._habits[event.who]
        habit.answers += 1
        if event.text:
            _note(habit.texts, event.text)
        if not is_first:
            return
        habit.threads += 1
        if (event.at - thread.created_at).total_seconds() <= INSTANT:
            habit.instant += 1
            if event.text:
                _note(habit.instant_texts, event.text)

    def suspects(
        self, humans: Collection[int], maintainers: Collection[int], logins: Mapping[int, str]
    ) -> tuple[Suspect, ...]:
        """Return the accounts that behave like bots.

        Args:
            humans: who is none, whatever it looks like; and the bots that are known anyway.
            maintainers: who maintains the project.
            logins: the names of accounts.
        """
        found = [
            Suspect(
                who,
                logins.get(who, str(who)),
                habit.threads,
                habit.instant,
                _top(habit.texts, 1) / max(habit.answers, 1),
            )
            for who, habit in self._habits.items()
            if who not in humans and _is_machine(habit, is_maintainer=who in maintainers)
        ]
        return tuple(sorted(found, key=lambda suspect: (-suspect.threads, suspect.who)))


def _top(texts: Counter[str], most: int) -> int:
    return sum(number for _text, number in texts.most_common(most))


def _is_machine(habit: _Habit, *, is_maintainer: bool) -> bool:
    if habit.vouched:
        least, part, alike = 20, 0.9, 0.9
    elif is_maintainer:
        least, part, alike = 10, 0.8, 0.8
    else:
        least, part, alike = 5, 0.5, 0.5
    is_instant = habit.instant >= least and habit.instant >= part * habit.threads
    # A greeter has a text for first issues, one for first pull requests, and one for the others.
    if is_instant and _top(habit.instant_texts, 3) >= alike * habit.instant:
        return True
    if habit.vouched:
        return False
    if habit.instant >= 10 and habit.instant >= 0.9 * habit.threads:
        return True
    # Who only ever says one thing, on many threads, and never did anything else.
    says_one_thing = habit.threads >= 30 and _top(habit.texts, 1) >= 0.95 * habit.answers
    return says_one_thing and not (is_maintainer or habit.opened)
