"""Documentation: a change of what others build on is described, and has its line in the changelog."""

from bot.core.conventional import parse
from bot.core.docs_settings import DocsConfig
from bot.core.events import PullEvent
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status, Who
from bot.core.globs import first_match
from bot.core.phrases import Phrase, names
from bot.core.pulls import ChangedFiles, PullRequest
from bot.core.rule import rule

Said = tuple[Status, Phrase]


@rule(
    on=PullEvent,
    needs=(PullRequest, ChangedFiles),
    config=DocsConfig,
    section="docs",
    spares=lambda config: (ChangedFiles,) if config.is_silent else (),
)
def documentation(_event: PullEvent, config: DocsConfig, facts: Facts) -> list[Item]:
    """Ask for documentation of public changes, and for a line in the changelog."""
    pull = facts[PullRequest]
    if not pull.is_open or config.is_silent:
        return []
    status, text = _state(pull, config, facts[ChangedFiles])
    who: Who = "maintainers" if pull.author.is_bot else "author"
    return [Item("docs", "Docs", Stage.DOCS, status, text, who)]


def _state(pull: PullRequest, config: DocsConfig, changed: ChangedFiles) -> Said:
    docs = [path for path in changed.paths if first_match((*config.docs, *config.changelog), path)]
    public = [path for path in changed.paths if path not in docs and first_match(config.public, path)]
    written = [file.path for file in changed.files if file.status != "removed"]
    entries = [path for path in written if first_match(config.changelog, path)]
    needless = _needless(pull, config, is_docs_alone=len(docs) == len(changed.files))
    if public and not docs and changed.is_complete:
        named = names(public)
        text = f"{named.text} changed, which others build on, and no documentation did."
        return Status.MISSING, Phrase(
            f"{text} Describe it; a maintainer can waive it with `/skip docs <reason>`", named.values
        )
    if config.changelog and not entries and not needless and changed.is_complete:
        text = "no line about it in `{file}`. Add one; a maintainer can waive it with `/skip docs <reason>`;"
        text += " maintainers can put `{label}` on"
        return Status.MISSING, Phrase(text, {"file": config.changelog[0], "label": config.skip_label})
    if docs:
        named = names(docs)
        return Status.DONE, Phrase(f"{named.text} changed", named.values)
    if not changed.is_complete:
        return Status.NOT_APPLICABLE, Phrase("more files than GitHub lists: a person has to look")
    return Status.NOT_APPLICABLE, needless or Phrase("no public surface changed")


def _needless(pull: PullRequest, config: DocsConfig, *, is_docs_alone: bool) -> Phrase | None:
    """Say why no line in the changelog is needed; None where one is."""
    if pull.has_label(config.skip_label):
        return Phrase("has the label `{label}`", {"label": config.skip_label})
    if pull.author.is_bot:
        return Phrase("a bot's change needs no line in the changelog")
    if is_docs_alone:
        return Phrase("only documentation changed")
    said = parse(pull.title)
    if said and not said.is_breaking and said.type in {word.lower() for word in config.exempt_types}:
        return Phrase("`{type}` needs no line in the changelog", {"type": said.type})
    return None
