"""Documentation: a change of what others build on is described, and has its line in the changelog."""

from bot.core.docs_needs import documented, is_left_for_later, lacks_line, needless, undocumented
from bot.core.docs_settings import DocsConfig
from bot.core.events import PullEvent
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status, Who
from bot.core.phrases import Phrase, names
from bot.core.pull_context import Skips
from bot.core.pulls import ChangedFiles, PullRequest
from bot.core.rule import rule

Said = tuple[Status, Phrase]
_LATER = "an issue is opened for it after the merge"


@rule(
    on=PullEvent,
    needs=(PullRequest, ChangedFiles, Skips),
    config=DocsConfig,
    section="docs",
    spares=lambda config: (ChangedFiles,) if config.is_silent else (),
)
def documentation(_event: PullEvent, config: DocsConfig, facts: Facts) -> list[Item]:
    """Ask for documentation of public changes, and for a line in the changelog."""
    pull = facts[PullRequest]
    if not pull.is_open or config.is_silent:
        return []
    changed = facts[ChangedFiles]
    status, text = _state(pull, config, changed)
    who: Who = "maintainers" if pull.author.is_bot else "author"
    later = _LATER if is_left_for_later(config, changed, facts[Skips].of("docs")) else ""
    return [Item("docs", "Docs", Stage.DOCS, status, text, who, once_waived=later)]


def _state(pull: PullRequest, config: DocsConfig, changed: ChangedFiles) -> Said:
    if wanted := _wanted(pull, config, changed):
        return Status.MISSING, wanted
    if docs := documented(config, changed):
        named = names(docs)
        return Status.DONE, Phrase(f"{named.text} changed", named.values)
    if not changed.is_complete:
        return Status.NOT_APPLICABLE, Phrase("more files than GitHub lists: a person has to look")
    return Status.NOT_APPLICABLE, needless(pull, config, changed) or Phrase("no public surface changed")


def _wanted(pull: PullRequest, config: DocsConfig, changed: ChangedFiles) -> Phrase | None:
    """Say all that is missing; None where nothing is."""
    public, lacks = undocumented(config, changed), lacks_line(pull, config, changed)
    named = names(public)
    values = dict(named.values)
    texts = []
    if public:
        texts.append(f"{named.text} changed, which others build on, and no documentation did. Describe it")
    if lacks:
        values |= {"file": config.changelog[0], "label": config.skip_label}
        line = "a line about it in `{file}`"
        texts.append(f"add {line}" if public else f"no {line[2:]}. Add one")
    if not texts:
        return None
    text = ", and ".join(texts) + "; a maintainer can waive it with `/skip docs <reason>`"
    if lacks:
        text += (
            ", or put `{label}` on where only the line is not needed" if public else ", or put `{label}` on"
        )
    return Phrase(text, values)
