"""Changes to GitHub Actions workflows that give more rights, or let strangers' text or code run.

The dangers are those of GitHub's own guide to secure use of Actions. Only added lines are reported; the
lines around them tell where they stand.
"""

import re
from collections.abc import Iterator

import re2

from bot.core.diffs import Diff, FileDiff, Line
from bot.core.findings import Finding, shown
from bot.core.phrases import Phrase

_WORKFLOW = re2.compile(r"^\.github/workflows/[^/]+\.ya?ml$")
_LINE = 500  # characters of a line that are looked at
_WRITE_ALL = re2.compile(r"^[ \t-]*permissions:[ \t]*[\"']?write-all\b")
_WRITE = re2.compile(
    r"^[ \t]*(?:permissions:[ \t]*\{[^}\n]*)?[\"']?"
    r"(contents|id-token|packages|actions|deployments|attestations)[\"']?:[ \t]*[\"']?write\b"
)
_TARGET = re2.compile(
    r"^[ \t]*(?:-[ \t]*)?[\"']?(pull_request_target)[\"']?[ \t]*(?::.*)?(?:#.*)?$"
    r"|^[ \t]*[\"']?on[\"']?:[^#]*\b(pull_request_target)\b"
)
_HEAD = re2.compile(
    r"^[ \t]*(?:-[ \t]*)?(?:ref|repository):[ \t]*[^#]*(?:github\.event\.pull_request\.head\."
    r"(?:sha|ref|repo\.full_name)|github\.head_ref|refs/pull/)|\bgh pr checkout\b"
)
#: What people outside can write freely.
_TEXT = re2.compile(
    r"\$\{\{[^}]*\bgithub\.(?:head_ref\b|event\.(?:issue|pull_request|discussion)\.(?:title|body)\b"
    r"|event\.(?:comment|review|review_comment)\.body\b|event\.pull_request\.head\.(?:ref|label)\b"
    r"|event\.pull_request\.head\.repo\.default_branch\b|event\.workflow_run\.head_branch\b"
    r"|event\.workflow_run\.head_commit\.(?:message|author\.(?:name|email))"
    r"|event\.head_commit\.(?:message|author\.(?:name|email))"
    r"|event\.commits[^ }]{0,40}\.(?:message|author\.(?:name|email))"
    r"|event\.pages[^ }]{0,40}\.page_name\b)[^}]*\}\}"
)
_RUN = re.compile(r"([ \t]{0,80}(?:-[ \t]+)?)run:[ \t]*([|>][-+0-9]{0,3}[ \t]*(?:#.*)?$)?")
_USES = re2.compile(r"^[ \t]*(?:-[ \t]*)?uses:[ \t]*[\"']?([\w.-]+)/([\w./-]+)@([^\s\"'#]+)")
_PINNED = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_OWN_ACTIONS = frozenset({"actions", "github"})

_TRIGGER = Phrase(
    "It runs with the repository's secrets and a token that may write, for pull requests of anybody."
)
_CHECKOUT = (
    "This brings the code of a pull request into a workflow with secrets: {code}. Anybody can open one."
)
_INJECTION = "A shell runs whatever is written there: {code}. Hand it over as a variable (env:) instead."


def workflow_permissions(diff: Diff) -> Iterator[Finding]:
    """New rights for the token of a workflow."""
    text = "This gives the workflow's token {right}. Does every job in its reach need it?"
    for file in _workflows(diff):
        for line in file.added:
            found = _WRITE.search(line.text[:_LINE])
            right = f"{found[1]}: write" if found else ""
            right = "write-all" if _WRITE_ALL.search(line.text[:_LINE]) else right
            if right and file.is_new(line):
                yield _finding(
                    "workflow_permissions", file, line, "More rights", Phrase(text, {"right": right})
                )


def workflow_triggers(diff: Diff) -> Iterator[Finding]:
    """A trigger that runs with secrets for strangers' pull requests; their code checked out under it."""
    for file in _workflows(diff):
        is_target = any(_TARGET.search(line.text[:_LINE]) for line in file.lines if line.kind != "-")
        for line in file.added:
            if not file.is_new(line):
                continue
            if _TARGET.search(line.text[:_LINE]):
                yield _finding("workflow_triggers", file, line, "pull_request_target", _TRIGGER)
            elif is_target and _HEAD.search(line.text[:_LINE]):
                values = {"code": shown(line.text)}
                yield _finding(
                    "workflow_triggers", file, line, "Untrusted checkout", Phrase(_CHECKOUT, values)
                )


def workflow_injection(diff: Diff) -> Iterator[Finding]:
    """Text of strangers that is put into a shell script before the shell reads it."""
    for file in _workflows(diff):
        for line in _in_scripts(file):
            found = _TEXT.search(line.text[:_LINE]) if line.kind == "+" else None
            if found:
                values = {"code": shown(found.group())}
                yield _finding(
                    "workflow_injection", file, line, "Script injection", Phrase(_INJECTION, values)
                )


def unpinned_actions(diff: Diff) -> Iterator[Finding]:
    """Actions of third parties by a name that its owner can move."""
    text = "{action} is not pinned: its owner can change what {ref} is. Name the full commit instead."
    for file in _workflows(diff):
        for line in file.added:
            found = _USES.search(line.text[:_LINE])
            if found and found[1] not in _OWN_ACTIONS and not _PINNED.fullmatch(found[3]):
                values = {"action": shown(f"{found[1]}/{found[2]}"), "ref": shown(found[3])}
                yield Finding(
                    "unpinned_actions",
                    "security",
                    "notice",
                    file.path,
                    line.number,
                    "Not pinned",
                    Phrase(text, values),
                )


def _workflows(diff: Diff) -> Iterator[FileDiff]:
    return (file for file in diff.files if file.added and _WORKFLOW.search(file.path))


def _finding(check: str, file: FileDiff, line: Line, title: str, message: Phrase) -> Finding:
    return Finding(check, "security", "warning", file.path, line.number, title, message)


def _in_scripts(file: FileDiff) -> Iterator[Line]:
    """The lines that are a shell script, or part of one whose beginning is in the patch."""
    indent, number = -1, 0  # of the key whose block this is
    for line in file.lines:
        text = line.text[:_LINE]
        if line.kind in "-@":
            continue
        if line.number > number + 1:
            indent = -1  # lines that the patch does not show lie between
        number = line.number
        if indent >= 0 and text.strip() and len(text) - len(text.lstrip()) <= indent:
            indent = -1
        run = _RUN.match(text) if indent < 0 else None
        if run and run[2]:
            indent = len(run[1].expandtabs(1))
        if indent >= 0 or run:
            yield line
