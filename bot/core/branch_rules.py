"""What the rules of a branch still want before GitHub lets a pull request in."""

from dataclasses import dataclass

from bot.core.actors import MAINTAINER_ASSOCIATIONS
from bot.core.facts import Fact
from bot.core.flow import Status, Who
from bot.core.phrases import Phrase, names
from bot.core.pulls import Reviews

Said = tuple[Status, Phrase, Who]


@dataclass(frozen=True, slots=True)
class BranchRules(Fact):
    """What the base branch asks for; empty where GitHub blocks nothing, or does not tell.

    Args:
        approvals: reviews on GitHub's own page that have to approve.
        checks: names of required checks that have not passed.
    """

    approvals: int = 0
    checks: tuple[str, ...] = ()

    def wanted(self, reviews: Reviews) -> Said | None:
        """Say what GitHub still wants, and of whom; None where that is not known.

        Args:
            reviews: those that were handed in at GitHub.
        """
        said = (each for each in reviews.latest().values() if each.association in MAINTAINER_ASSOCIATIONS)
        count = self.approvals - sum(each.state == "approved" for each in said)
        if count > 0:
            text = "GitHub wants {missing} on its page; `/approve` does not count there"
            missing = "an approving review" if count == 1 else f"{count} approving reviews"
            return Status.MISSING, Phrase(text.replace("{missing}", missing)), "maintainers"
        if self.checks:
            named, which = names(self.checks), "check" if len(self.checks) == 1 else "checks"
            return (
                Status.WAITING,
                Phrase(f"waits for the required {which} {named.text}", named.values),
                "checks",
            )
        return None
