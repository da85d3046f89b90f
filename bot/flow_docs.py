"""The contribution flow drawn: the manual's page with the diagram that comes from the code.

``python -m bot.flow_docs > docs/contribution-flow.md`` writes the page anew.
"""

import sys

from bot.core.flow import BEFORE_MERGE, CHECK_NAME, Stage, Status, transitions

_MEANINGS = {
    Stage.OPENED: "the title, the commits and the linked issue",
    Stage.REVIEW: "somebody who may has to look at it and agree",
    Stage.TESTS: "tests for what changed, and the checks of the head commit",
    Stage.DOCS: "documentation and changelog for what people can see",
    Stage.MERGE: "everything is there: the check is green",
    Stage.VERIFICATION: "merged; what was merged is watched",
    Stage.RELEASE: "it waits for the release that brings it to people",
    Stage.DONE: "nothing is left to do",
    Stage.CLOSED: "closed without merging; reopening takes it up where it was",
}
_STATUSES = {
    Status.DONE: "there",
    Status.MISSING: "somebody has to do something; the check fails",
    Status.WAITING: "it comes by itself or by a reviewer; the check is in progress",
    Status.SKIPPED: "a maintainer waived it with `/skip`; the reason is shown",
    Status.NOT_APPLICABLE: "it does not apply, and is not counted",
}
_PAGE = """# The contribution flow

<!-- Written by `python -m bot.flow_docs`. Change the words in the code, not here. -->

Each pull request has one checklist comment and one check, `{check}`, that say where it is and
what comes next. Rules report the items of the checklist; the first stage with a needed item that is open is
where the pull request is. The same facts always give the same state, in whatever order events arrive.

```mermaid
{diagram}
```

A push, a review, an edit, a label, a check or a new base may open an item of any stage before the merge, so
each of these can follow each. An event that was lost is made up for: what is open is looked at again from
time to time.

| Stage | What it is about |
|---|---|
{stages}

| An item is | Which means |
|---|---|
{statuses}

The check can be required in the branch protection. It is green when nothing that is needed is open. The
rules, and the settings of each, are in the [manual](rules.md).
"""


def diagram() -> str:
    """Return the flow as a Mermaid state diagram; stages that can all follow each other are in one box."""
    names = {stage: stage.name.lower() for stage in Stage}
    lines = ["stateDiagram-v2", "    [*] --> before", '    state "before the merge" as before {']
    lines += [f'        state "{stage}" as {names[stage]}' for stage in BEFORE_MERGE]
    lines += ["    }"]
    lines += [f'    state "{stage}" as {names[stage]}' for stage in Stage if stage not in BEFORE_MERGE]
    places = {stage: "before" if stage in BEFORE_MERGE else names[stage] for stage in Stage}
    steps = {
        f"    {places[stage]} --> {places[after]}": None
        for stage, followers in transitions().items()
        for after in followers
        if places[stage] != places[after]
    }
    lines += [*steps, f"    {names[Stage.DONE]} --> [*]"]
    return "\n".join(lines)


def page() -> str:
    """Return the manual's page, in Markdown."""
    return _PAGE.format(
        check=CHECK_NAME,
        diagram=diagram(),
        stages="\n".join(f"| {stage} | {_MEANINGS[stage]} |" for stage in Stage),
        statuses="\n".join(f"| {status} | {_STATUSES[status]} |" for status in Status),
    )


if __name__ == "__main__":
    sys.stdout.write(page())
