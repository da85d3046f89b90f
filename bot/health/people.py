"""Who is who: bots, people who maintain the project, and everybody else.

Nobody is a bot because of the letters "bot" in their name.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.core.history import PastThread, Person, TimelineEvent
from bot.health.settings import HealthConfig

#: Accounts that GitHub shows as people and that are well known to be programs.
WELL_KNOWN_BOTS = frozenset(
    {
        "amplabjenkins",
        "asfgit",
        "brewtestbot",
        "claassistant",
        "codecov-commenter",
        "codecov-io",
        "conda-forge-admin",
        "conda-forge-linter",
        "coveralls",
        "dotnet-bot",
        "dotnet-maestro-bot",
        "drahtbot",
        "elasticmachine",
        "facebook-github-bot",
        "fejta-bot",
        "gitter-badger",
        "googlebot",
        "gopherbot",
        "gordontheturtle",
        "greenkeeperio-bot",
        "houndci-bot",
        "huggingfacedocbuilder",
        "huggingfacedocbuilderdev",
        "istio-testing",
        "jenkins-x-bot",
        "k8s-ci-robot",
        "k8s-triage-robot",
        "kibanamachine",
        "knative-prow-robot",
        "kubevirt-bot",
        "mention-bot",
        "nodejs-github-bot",
        "openshift-bot",
        "openshift-ci-robot",
        "openshift-merge-robot",
        "pep8speaks",
        "pytorchbot",
        "pytorchmergebot",
        "pyup-bot",
        "r-ryantm",
        "regro-cf-autotick-bot",
        "rust-highfive",
        "rust-log-analyzer",
        "rust-timer",
        "rustbot",
        "scala-steward",
        "snyk-bot",
        "sparkqa",
        "sre-bot",
        "stickler-ci",
        "tensorflow-copybara",
        "ti-chi-bot",
        "ti-srebot",
    }
)
MAINTAINERS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
#: What GitHub lets nobody do on another person's thread who has not the triage role at least.
RIGHTS = frozenset(
    {
        "closed",
        "reopened",
        "labeled",
        "unlabeled",
        "milestoned",
        "demilestoned",
        "locked",
        "unlocked",
        "merged",
    }
)


def shows_rights(event: TimelineEvent, thread: PastThread) -> bool:
    """Return whether a event shows that its account maintains the project."""
    if event.who is None:
        return False
    if event.association in MAINTAINERS:
        return True
    return event.kind == "merged" or (event.kind in RIGHTS and event.who != thread.author)


@dataclass(frozen=True, slots=True)
class Suspect:
    """An account that behaves like a bot: it is left out until somebody says what it is.

    Args:
        who: its number.
        login: its name.
        threads: on how many threads of others it wrote.
        instant: on how many of these it did within a minute of their opening.
        alike: the share of what it wrote that is one text.
    """

    who: int
    login: str
    threads: int
    instant: int
    alike: float


@dataclass(frozen=True, slots=True)
class People:
    """Who counts as what. An account without a number is a ghost: a person of whom no more is known.

    Args:
        logins: the names of accounts by their numbers.
        bots: the numbers of the bots, the suspected ones included.
        maintainers: the numbers of those who maintain the project.
        suspects: who is a bot by behaviour alone.
    """

    logins: Mapping[int, str] = field(default_factory=dict)
    bots: Collection[int] = frozenset()
    maintainers: Collection[int] = frozenset()
    suspects: tuple[Suspect, ...] = ()

    def is_bot(self, who: int | None) -> bool:
        return who in self.bots

    def is_maintainer(self, who: int | None) -> bool:
        return who in self.maintainers and who not in self.bots

    def is_human(self, event: TimelineEvent) -> bool:
        """Return whether a person did it: no bot, and no App in somebody's name."""
        return not event.by_app and event.who not in self.bots

    def is_answer(self, event: TimelineEvent, thread: PastThread) -> bool:
        """Return whether a event is a response: written by a person who is not the author.

        Of a ghost on a ghost's thread nobody can tell that it was somebody else; it is none.
        """
        is_writing = event.kind in {"commented", "reviewed", "review_commented"}
        return is_writing and event.who != thread.author and self.is_human(event)

    def is_maintainers_answer(self, event: TimelineEvent, thread: PastThread) -> bool:
        return self.is_answer(event, thread) and self.is_maintainer(event.who)

    def login(self, who: int) -> str:
        """The name of an account, or its number where the name is not known."""
        return self.logins.get(who, str(who))


def known_bots(
    people: Iterable[Person], config: HealthConfig, marks: Mapping[int, bool]
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the accounts that are bots and those that are not, whatever they do.

    Args:
        people: the accounts.
        config: whom the project lists.
        marks: what people said of accounts by a click: True for a bot.
    """
    listed = {login.lower() for login in config.bots}
    cleared = {login.lower() for login in config.people}
    bots, humans = set(), set()
    for person in people:
        login = person.login.lower()
        said = marks.get(person.id)
        if said is None and login in listed | cleared:
            said = login in listed
        if said is False:
            humans.add(person.id)
        elif said or person.is_bot or login.endswith("[bot]") or login in WELL_KNOWN_BOTS:
            bots.add(person.id)
    marked = {who for who, is_bot in marks.items() if is_bot}
    return frozenset(bots | marked), frozenset(humans | (marks.keys() - marked))


def known_bots_by_name(names: Iterable[str], config: HealthConfig) -> frozenset[str]:
    """Return which of these are the names of bots, of authors that no account is known of."""
    numbered = dict(enumerate(set(names), 1))
    bots, _humans = known_bots((Person(id_, name) for id_, name in numbered.items()), config, {})
    return frozenset(numbered[id_] for id_ in bots)


def listed_maintainers(people: Iterable[Person], config: HealthConfig) -> frozenset[int]:
    """Return the accounts that the settings list as maintainers."""
    listed = {login.lower() for login in config.maintainers}
    return frozenset(person.id for person in people if person.login.lower() in listed)
