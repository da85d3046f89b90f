"""Path labels: what a pull request touches, and where it goes, as labels. Semantics of actions/labeler."""

from pydantic import AliasChoices, Field

from bot.core.actions import Abstain, Action
from bot.core.events import PullEvent, PullRequestOpened, PullRequestUpdated
from bot.core.facts import Facts, LabelHistory, RepositoryLabels
from bot.core.labelling import NEEDS, Labelling
from bot.core.match_objects import LabelRules
from bot.core.path_matching import Change, looks_at_files, match
from bot.core.pulls import ChangedFiles, PullRequest
from bot.core.rule import Section, rule

_PUSHED = "synchronize"


class PathLabelsConfig(Section):
    """Labels for the paths and branches of a pull request."""

    labels: LabelRules = Field(
        default_factory=dict,
        description="Per label: path patterns, or the match objects of actions/labeler (version 4, 5 or 6).",
    )
    sync: bool = Field(
        default=False,
        validation_alias=AliasChoices("sync", "sync-labels"),
        description="`true` takes a label off again when it no longer fits, if Usher had put it on.",
    )
    create_labels: bool = Field(
        default=False, description="`true` lets Usher create a label that the repository does not have yet."
    )
    max_files_changed: int | None = Field(
        default=None,
        ge=1,
        validation_alias=AliasChoices("max_files_changed", "max-files-changed"),
        description="With more files than this, labels that depend on files are left as they are.",
    )
    changed_files_labels_limit: int | None = Field(
        default=None,
        ge=0,
        validation_alias=AliasChoices("changed_files_labels_limit", "changed-files-labels-limit"),
        description="Where more labels than this would be new because of files, none of them is put on.",
    )


@rule(
    on=PullEvent,
    needs=(*NEEDS, ChangedFiles),
    config=PathLabelsConfig,
    section="path_labels",
    spares=lambda config: () if config.labels else (RepositoryLabels, LabelHistory, ChangedFiles),
    labels=lambda config: None if config.create_labels else config.labels,
)
def path_labels(event: PullEvent, config: PathLabelsConfig, facts: Facts) -> list[Action]:
    """Label a pull request by the paths that it changes and the branches that it goes between."""
    pull = facts[PullRequest]
    if not (config.labels and pull.is_open):
        return []
    files = facts[ChangedFiles]
    change, labelling = Change.of(pull, files), Labelling.of(facts, may_create=config.create_labels)
    rules = config.labels
    if config.max_files_changed is not None and len(files.files) > config.max_files_changed:
        rules = {name: each for name, each in rules.items() if not looks_at_files(each)}
    found = {name: match(each, change) for name, each in rules.items()}
    fitting = {name: why for name, why in found.items() if why is not None}
    new = [name for name in fitting if labelling.is_wanted(name)]
    kept, too_many = _within_limit(new, config)
    actions: list[Action] = [labelling.add(name, fitting[name]) for name in kept[: labelling.room]]
    if config.sync and files.is_complete:
        gone = [name for name in found if name not in fitting and labelling.is_ours(name)]
        actions += [labelling.remove(name, "no changed path and no branch fits it any more") for name in gone]
    return actions + (_left_undone(fitting, too_many, labelling, files) if _is_news(event) else [])


def _within_limit(new: list[str], config: PathLabelsConfig) -> tuple[list[str], list[str]]:
    """Part the new labels into those to put on and those that are too many."""
    by_files = [name for name in new if looks_at_files(config.labels[name])]
    limit = config.changed_files_labels_limit
    too_many = by_files if limit is not None and len(by_files) > limit else []
    return [name for name in new if name not in too_many], too_many


def _is_news(event: PullEvent) -> bool:
    """Whether what is left undone is worth a line: once for each state of the files, not on every look."""
    return isinstance(event, PullRequestOpened) or (
        isinstance(event, PullRequestUpdated) and event.what == _PUSHED
    )


def _left_undone(
    fitting: dict[str, str], too_many: list[str], labelling: Labelling, files: ChangedFiles
) -> list[Action]:
    """Say why labels are missing, so that "why not?" has an answer."""
    said = [
        f"{why}, and the repository has no label `{name}`"
        for name, why in fitting.items()
        if labelling.spelled(name) is None
    ]
    if too_many:
        said.append(f"{len(too_many)} labels would be new because of files, more than the limit")
    if not files.is_complete:
        said.append(
            f"GitHub lists only {len(files.files):,} of the changed files: what must hold for all of them"
            " cannot be known, and no label is taken off"
        )
    return [Abstain(about="path label", reason=reason) for reason in said]
