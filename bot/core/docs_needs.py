"""What documentation a change wants, and whether what was waived is left for later or not needed at all."""

import re

from bot.core.conventional import parse
from bot.core.docs_settings import DocsConfig
from bot.core.globs import first_match
from bot.core.phrases import Phrase
from bot.core.pull_context import Skip
from bot.core.pulls import ChangedFiles, PullRequest

_NEEDLESS = re.compile(
    r"(?i)\W*(?:none|n/?a|needless|unnecessary|no need"
    r"|no(?:t|ne|thing)?\s(?:\w+\s){0,2}(?:needed|necessary|required|applicable))\b"
)


def documented(config: DocsConfig, changed: ChangedFiles) -> list[str]:
    """The changed files that are documentation, the changelog included."""
    return [path for path in changed.paths if first_match((*config.docs, *config.changelog), path)]


def undocumented(config: DocsConfig, changed: ChangedFiles) -> list[str]:
    """The changed files that others build on, where no documentation changed with them."""
    if documented(config, changed) or not changed.is_complete:
        return []
    return [path for path in changed.paths if first_match(config.public, path)]


def lacks_line(pull: PullRequest, config: DocsConfig, changed: ChangedFiles) -> bool:
    """Whether a line in the changelog is wanted and missing."""
    written = (file.path for file in changed.files if file.status != "removed")
    if not config.changelog or not changed.is_complete or needless(pull, config, changed):
        return False
    return not any(first_match(config.changelog, path) for path in written)


def needless(pull: PullRequest, config: DocsConfig, changed: ChangedFiles) -> Phrase | None:
    """Say why no line in the changelog is needed; None where one is."""
    if pull.has_label(config.skip_label):
        return Phrase("has the label `{label}`", {"label": config.skip_label})
    if pull.author.is_bot:
        return Phrase("a bot's change needs no line in the changelog")
    if len(documented(config, changed)) == len(changed.files):
        return Phrase("only documentation changed")
    said = parse(pull.title)
    if said and not said.is_breaking and said.type in {word.lower() for word in config.exempt_types}:
        return Phrase("`{type}` needs no line in the changelog", {"type": said.type})
    return None


def is_left_for_later(config: DocsConfig, changed: ChangedFiles, waived: Skip | None) -> bool:
    """Whether documentation is still to be written, so that an issue has to stand for it after the merge.

    A missing line in the changelog is none: once it is merged, nobody adds that. Nor is what is not needed.

    Args:
        config: where documentation is, and whether issues stand for it.
        changed: the files of the pull request.
        waived: a maintainer's word; None where that is still to come.
    """
    if not config.follow_up or config.is_silent or not undocumented(config, changed):
        return False
    return waived is None or _NEEDLESS.match(waived.reason) is None
