"""What Usher asks GitHub about the rules of a branch."""

from dataclasses import dataclass

from bot.core.payload import items_at, mapping_at, number_at, text_at, texts_at
from bot.github.answers import Forbidden, Missing, Refused
from bot.github.client import RepositoryClient, segment
from bot.github.kept import KeptAnswers


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the rules of a branch want of each pull request.

    Args:
        approvals: how many reviews have to approve.
        checks: names of the required checks.
    """

    approvals: int = 0
    checks: tuple[str, ...] = ()


class RuleReader(KeptAnswers):
    """Asks about the rules of branches, and keeps the answers for the next time."""

    def wanted(self, client: RepositoryClient, branch: str) -> Wanted:
        """Return what a branch wants, as its rules say; nothing where GitHub does not tell.

        The older branch protection is not among them: only administrators may read that.
        """
        try:
            rules = list(self._pages(client, f"/rules/branches/{segment(branch)}", 1))
        except (Missing, Forbidden, Refused):
            return Wanted()
        parameters = [(text_at(rule, "type"), mapping_at(rule, "parameters")) for rule in rules]
        reviews = [
            number_at(of, "required_approving_review_count") or 0
            for kind, of in parameters
            if kind == "pull_request"
        ]
        checks = [
            name
            for kind, of in parameters
            if kind == "required_status_checks"
            for name in texts_at(items_at(of, "required_status_checks"), "context")
        ]
        return Wanted(max(reviews, default=0), tuple(dict.fromkeys(checks)))
