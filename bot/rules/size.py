"""Size and risk: how much a pull request changes, and whether it touches what needs more care, as labels."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.core.actions import Action
from bot.core.events import PullEvent
from bot.core.facts import Facts
from bot.core.flow import Item, Stage, Status
from bot.core.globs import first_match
from bot.core.labelling import NEEDS, Labelling
from bot.core.limits import LABEL_NAME
from bot.core.match_objects import Globs, LabelRules
from bot.core.path_matching import Change, match
from bot.core.phrases import Phrase
from bot.core.pulls import ChangedFiles, PullRequest
from bot.core.rule import Section, rule

#: What nobody reads line by line: lock files, what programs wrote, other people's code.
NOT_COUNTED = (
    "**/*.lock",
    "**/{package-lock,npm-shrinkwrap,packages.lock}.json",
    "**/pnpm-lock.yaml",
    "**/{go.sum,go.work.sum,gradle.lockfile,*.lock.hcl}",
    "**/*.min.{js,css}",
    "**/*.{js,css}.map",
    "**/*.snap",
    "**/*.pb.{go,h,cc}",
    "**/*_pb2{,_grpc}.{py,pyi}",
    "**/*.{g,freezed}.dart",
    "**/*.generated.*",
    "**/zz_generated.*",
    "**/{vendor,node_modules,third_party}/**",
)

Lines = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]
SizeName = Annotated[str, Field(min_length=1, max_length=20)]


def _distinct(sizes: Mapping[str, int]) -> dict[str, int]:
    """The sizes in rising order."""
    if len(set(sizes.values())) < len(sizes):
        raise ValueError("sizes that begin at different numbers of lines")
    return dict(sorted(sizes.items(), key=itemgetter(1)))


class SizeConfig(Section):
    """The size label and the risk labels of a pull request."""

    prefix: str = Field(
        default="size/", max_length=LABEL_NAME - 20, description="What stands before a size in its label."
    )
    sizes: Annotated[dict[SizeName, Lines], Field(min_length=1, max_length=20), AfterValidator(_distinct)] = (
        Field(
            default={"XS": 0, "S": 10, "M": 30, "L": 100, "XL": 500},
            description="The sizes, and from how many changed lines (added or deleted) each of them counts.",
        )
    )
    exclude: Globs = Field(
        default=NOT_COUNTED,
        description="Patterns of files that do not count: generated and vendored ones.",
    )
    max_lines: Annotated[int, Field(strict=True, ge=1)] | None = Field(
        default=None, description="Beyond this many lines the checklist suggests splitting; `null`: never."
    )
    required: bool = Field(
        default=False, description="`true` holds up a pull request that has more than `max_lines`."
    )
    risk: LabelRules = Field(
        default_factory=dict,
        description="Labels for changes that need more care: conditions as in `path_labels`.",
    )
    create_labels: bool = Field(
        default=False, description="`true` lets Usher create a label that the repository does not have yet."
    )

    @property
    def size_labels(self) -> dict[str, int]:
        """Label -> from how many lines it counts."""
        return {self.prefix + name: least for name, least in self.sizes.items()}


@rule(
    on=PullEvent,
    needs=(*NEEDS, ChangedFiles),
    config=SizeConfig,
    section="size",
    labels=lambda config: None if config.create_labels else (*config.size_labels, *config.risk),
)
def size(_event: PullEvent, config: SizeConfig, facts: Facts) -> list[Action | Item]:
    """Label a pull request with its size and its risks, and suggest splitting a very large one."""
    pull, files = facts[PullRequest], facts[ChangedFiles]
    if not (pull.is_open and files.files):
        return []
    labelling = Labelling.of(facts, may_create=config.create_labels)
    counted = [file for file in files.files if first_match(config.exclude, file.path) is None]
    lines = sum(file.additions + file.deletions for file in counted)
    seen = _seen(lines, len(counted), len(files.files) - len(counted), is_complete=files.is_complete)
    return [
        *_size_labels(lines, seen, config, labelling),
        *_risk_labels(Change.of(pull, files), config, labelling),
        *_items(lines, seen, pull, config),
    ]


def _seen(lines: int, counted: int, others: int, *, is_complete: bool) -> str:
    least = "" if is_complete else "at least "
    files = f"{least}{lines:,} changed line{'s' * (lines != 1)} in {counted:,} file{'s' * (counted != 1)}"
    return f"{files} ({others:,} generated, vendored or lock files not counted)" if others else files


def _size_labels(lines: int, seen: str, config: SizeConfig, labelling: Labelling) -> list[Action]:
    """The label that fits, in place of the one that Usher put on before. A person's choice stays."""
    labels = config.size_labels
    present = [label for label in labels if labelling.has(label)]
    if any(not labelling.is_ours(label) for label in present):
        return []
    reached = [label for label, least in labels.items() if lines >= least]
    fitting = reached[-1] if reached else ""
    actions: list[Action] = []
    if fitting and labelling.is_wanted(fitting):
        actions.append(labelling.add(fitting, f"{seen}; `{fitting}` begins at {labels[fitting]:,}"))
    old = [label for label in present if label != fitting]
    return actions + [labelling.remove(label, f"the size is another one now: {seen}") for label in old]


def _risk_labels(change: Change, config: SizeConfig, labelling: Labelling) -> list[Action]:
    found = {label: match(conditions, change) for label, conditions in config.risk.items()}
    actions: list[Action] = [
        labelling.add(label, why) for label, why in found.items() if why and labelling.is_wanted(label)
    ]
    if change.is_complete:
        gone = [label for label, why in found.items() if not why and labelling.is_ours(label)]
        actions += [labelling.remove(label, "nothing that it changes fits it any more") for label in gone]
    return actions


def _items(lines: int, seen: str, pull: PullRequest, config: SizeConfig) -> list[Item]:
    """The line of the checklist, where one was asked for."""
    most = config.max_lines
    if most is None:
        return []
    if pull.author.is_bot:
        status, text = Status.NOT_APPLICABLE, Phrase("a bot wrote it")
    elif lines <= most:
        status, text = Status.DONE, Phrase("{seen}", {"seen": seen})
    else:
        status = Status.MISSING
        text = Phrase(
            "{seen}; up to {most} are reviewed sooner and better. Can it be split? If not,"
            " a maintainer can waive it with `/skip size <reason>`",
            {"seen": seen, "most": f"{most:,}"},
        )
    return [Item("size", "Size", Stage.OPENED, status, text, needed=config.required)]
