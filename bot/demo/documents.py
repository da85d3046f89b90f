"""The documents of the made-up project: most are there; how to report a weakness is not written down."""

from datetime import datetime, timedelta

from bot.core.documents import Document, Inventory


def made_up_documents(begin: datetime, until: datetime) -> Inventory:
    """Make up which documents there are, as somebody sees them who looks at the end of the history.

    Args:
        begin, until: of the history (aware).
    """
    old = begin - timedelta(days=300)
    there = (
        Document("readme", "README.md", "1" * 40, "", until - timedelta(days=41)),
        Document("contributing", "CONTRIBUTING.md", "2" * 40, "", until - timedelta(days=512)),
        Document("code_of_conduct", "CODE_OF_CONDUCT.md", "3" * 40, "acme/.github", old, has_contact=True),
        Document("license", "LICENSE", "4" * 40, "", begin - timedelta(days=900)),
        Document("pull_template", ".github/PULL_REQUEST_TEMPLATE.md", "5" * 40, "", begin),
    )
    return Inventory(until, there)
