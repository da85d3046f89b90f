"""All checks of the review sheet: their names in the config, and which of them are on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.core.diffs import Diff
from bot.core.findings import PER_CHECK, Finding, first_of
from bot.core.sheet import (
    complexity,
    datasets,
    dependencies,
    leftovers,
    notebooks,
    personal_data,
    random_text,
    secrets,
    weights,
    workflows,
)

CheckName = Literal[
    "private_keys",
    "tokens",
    "json_web_tokens",
    "entropy",
    "workflow_permissions",
    "workflow_triggers",
    "workflow_injection",
    "unpinned_actions",
    "dependencies",
    "lock_only",
    "weights",
    "weight_licence",
    "datasets",
    "notebooks",
    "personal_data",
    "conflict_markers",
    "breakpoints",
    "console_logs",
    "prints",
    "to_do_marks",
    "long_files",
    "long_functions",
    "deep_nesting",
]


@dataclass(frozen=True, slots=True)
class SheetCheck:
    """A check of the review sheet.

    Args:
        name: in the config.
        find: from what a pull request changes to what stands out.
        is_on: False for a check that is often wrong, until the config switches it on.
    """

    name: CheckName
    find: Callable[[Diff], Iterable[Finding]]
    is_on: bool = True


#: In the order in which findings of the same level are shown.
CHECKS: tuple[SheetCheck, ...] = (
    SheetCheck("private_keys", secrets.private_keys),
    SheetCheck("tokens", secrets.tokens),
    SheetCheck("conflict_markers", leftovers.conflict_markers),
    SheetCheck("workflow_triggers", workflows.workflow_triggers),
    SheetCheck("workflow_injection", workflows.workflow_injection),
    SheetCheck("workflow_permissions", workflows.workflow_permissions),
    SheetCheck("weights", weights.weights),
    SheetCheck("weight_licence", weights.weight_licence),
    SheetCheck("datasets", datasets.datasets),
    SheetCheck("notebooks", notebooks.notebooks),
    SheetCheck("dependencies", dependencies.dependencies),
    SheetCheck("lock_only", dependencies.lock_only),
    SheetCheck("breakpoints", leftovers.breakpoints),
    SheetCheck("console_logs", leftovers.console_logs),
    SheetCheck("to_do_marks", leftovers.to_do_marks),
    SheetCheck("personal_data", personal_data.personal_data, is_on=False),
    SheetCheck("json_web_tokens", random_text.json_web_tokens, is_on=False),
    SheetCheck("entropy", random_text.entropy, is_on=False),
    SheetCheck("unpinned_actions", workflows.unpinned_actions, is_on=False),
    SheetCheck("prints", leftovers.prints, is_on=False),
    SheetCheck("long_files", complexity.long_files, is_on=False),
    SheetCheck("long_functions", complexity.long_functions, is_on=False),
    SheetCheck("deep_nesting", complexity.deep_nesting, is_on=False),
)


def switched_on(switches: Mapping[CheckName, bool]) -> tuple[SheetCheck, ...]:
    """The checks that run: the config's word, otherwise their own."""
    return tuple(check for check in CHECKS if switches.get(check.name, check.is_on))


def look(diff: Diff, checks: Iterable[SheetCheck], *, data_lines: int) -> tuple[Finding, ...]:
    """Run the checks over a diff; of each, the first findings.

    Args:
        diff: what the pull request changes.
        checks: those to run.
        data_lines: the added lines that make a text file a data set.
    """
    found: list[Finding] = []
    for check in checks:
        if check.name == "datasets":
            found += first_of(datasets.datasets(diff, data_lines), PER_CHECK)
        else:
            found += first_of(check.find(diff), PER_CHECK)
    return tuple(found)
