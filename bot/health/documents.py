"""The documents of a project: which of them there are, and since when each stands as it is."""

from datetime import datetime, timedelta

from bot.core.documents import KINDS, Document, DocumentKind, Inventory
from bot.health.figures import Metric, Part

DEFINITION = (
    "How many there are of README, CONTRIBUTING, code of conduct, security policy, license, and templates for"
    " issues and pull requests, where GitHub looks for them; those that the owner shares count, too. The age"
    " is the time since the last commit that changed one: old is not bad."
)
#: A look counts for windows that ended up to this long before it; what stood there earlier is not known.
COUNTS_BACK = timedelta(days=7)
ID = "documents_present"


def documents(until: datetime, known: Inventory | None) -> Metric:
    """Return the figure of documents; which says that it is not known where nobody knows which there were.

    One that a commit changed since the window ended may have come only then: nothing is said about it.

    Args:
        until: the end of the window.
        known: what was found at the last look; None where nobody looked.
    """
    if known is None or known.looked_at - until > COUNTS_BACK:
        return Metric(ID, "count", 0, DEFINITION, is_known=False)
    there = {one.kind: one for one in known.documents}
    later = {one.kind for one in known.documents if one.changed_at and one.changed_at >= until}
    kinds = [kind for kind in KINDS if kind not in later]
    if not kinds:
        return Metric(ID, "count", 0, DEFINITION, is_known=False)
    return Metric(
        ID,
        "count",
        len(kinds),
        DEFINITION,
        value=sum(kind in there for kind in kinds),
        details={"days_since_look": max(0, (until - known.looked_at).days)},
        breakdown=tuple(_part(kind, there.get(kind), until) for kind in kinds),
    )


def _part(kind: DocumentKind, document: Document | None, until: datetime) -> Part:
    """What is known of one: 1 where it is there, its age in whole days, whether it is shared by the owner."""
    if document is None:
        return Part(kind, 0)
    details: dict[str, float] = {"is_shared": bool(document.home)}
    if document.changed_at is not None:
        details["age_days"] = (until - document.changed_at).days
    if document.has_contact is not None:
        details["has_contact"] = document.has_contact
    return Part(kind, 1, details)


def lacks(metric: Metric, kind: DocumentKind) -> bool:
    """Whether it is known that there is no such document."""
    return any(part.name == kind and not part.value for part in metric.breakdown)
