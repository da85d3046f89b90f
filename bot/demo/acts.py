"""Doing what an entry of the script says, as the person it names, at the sandbox."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import httpx

from bot.demo import entries, moments
from bot.demo.stage import Stage, Trace
from bot.sandbox.deliveries import Delivery, new_guid, signatures
from bot.sandbox.person import Person

Act = Callable[[Stage, Any], Trace]


def perform(stage: Stage, entry: entries.Entry) -> Trace:
    """Do it once. Returns what it left behind, with the deliveries that GitHub sent because of it."""
    sandbox = stage.sandbox
    with sandbox.lock:  # so that no delivery about Usher's own doings comes in between
        before = len(sandbox.hooks.log)
        if entry.fault is not None:
            sandbox.faults.add(entry.fault.kind, match=entry.fault.match, times=1, after=entry.fault.after)
        trace = ACTS[type(entry)](stage, entry)
        trace.sent = trace.sent or list(sandbox.hooks.log.values())[before:]
    if entry.name:
        stage.traces[entry.name] = trace
    return trace


def _person(stage: Stage, entry: moments.Moment) -> Person:
    return stage.sandbox.as_user(entry.by)


def _on(stage: Stage, entry: moments.OnThread) -> tuple[Person, Trace, int]:
    earlier = stage.traces[entry.thread]
    assert earlier.number is not None, f"{entry.thread} opened no thread"
    return _person(stage, entry), Trace(earlier.repo, earlier.number), earlier.number


def _open_issue(stage: Stage, entry: entries.OpenIssue) -> Trace:
    repo = stage.full_name(entry.repo)
    made = _person(stage, entry).open_issue(repo, entry.title, entry.body, list(entry.labels))
    return Trace(repo, made["number"])


def _open_pull(stage: Stage, entry: entries.OpenPull) -> Trace:
    repo = stage.full_name(entry.repo)
    person = _person(stage, entry)
    made = person.open_pull(repo, entry.title, entry.body, entry.files, draft=entry.draft)
    return Trace(repo, made["number"])


def _comment(stage: Stage, entry: entries.Comment) -> Trace:
    person, trace, number = _on(stage, entry)
    stage.sandbox.clock.advance(1)  # nobody has seen, and answers, what was pushed within the same second
    return replace(trace, comment=person.comment(trace.repo, number, entry.text)["id"])


def _edit(stage: Stage, entry: entries.Edit) -> Trace:
    person, trace, number = _on(stage, entry)
    fields = {"title": entry.title, "body": entry.body}
    person.edit(trace.repo, number, **{name: text for name, text in fields.items() if text is not None})
    return trace


def _add_label(stage: Stage, entry: entries.AddLabel) -> Trace:
    person, trace, number = _on(stage, entry)
    person.add_label(trace.repo, number, entry.label)
    return trace


def _remove_label(stage: Stage, entry: entries.RemoveLabel) -> Trace:
    person, trace, number = _on(stage, entry)
    person.remove_label(trace.repo, number, entry.label)
    return trace


def _approve(stage: Stage, entry: entries.Approve) -> Trace:
    person, trace, number = _on(stage, entry)
    person.review(trace.repo, number, "APPROVE", entry.text)
    return trace


def _ask_for_changes(stage: Stage, entry: entries.AskForChanges) -> Trace:
    person, trace, number = _on(stage, entry)
    person.review(trace.repo, number, "REQUEST_CHANGES", entry.text)
    return trace


def _push_more(stage: Stage, entry: entries.PushMore) -> Trace:
    person, trace, number = _on(stage, entry)
    person.push_to_pull(trace.repo, number, entry.files, entry.message)
    return trace


def _report(stage: Stage, entry: entries.Report) -> Trace:
    person, trace, number = _on(stage, entry)
    pull = stage.sandbox.repo(trace.repo).issues[number].pull
    assert pull is not None, f"{entry.thread} is no pull request"
    said = {"state": entry.state, "context": entry.context}
    sha = pull.merge_commit_sha if pull.merged_at else pull.head_sha
    person.request("POST", f"/repos/{trace.repo}/statuses/{sha}", said)
    return trace


def _merge(stage: Stage, entry: entries.Merge) -> Trace:
    person, trace, number = _on(stage, entry)
    person.merge(trace.repo, number)
    return trace


def _close(stage: Stage, entry: entries.Close) -> Trace:
    person, trace, number = _on(stage, entry)
    person.close(trace.repo, number)
    return trace


def _edit_comment(stage: Stage, entry: entries.EditComment) -> Trace:
    earlier = stage.traces[entry.of]
    assert earlier.comment is not None, f"{entry.of} wrote no comment"
    _person(stage, entry).edit_comment(earlier.repo, earlier.comment, entry.text)
    return replace(earlier, sent=[])


def _redeliver(stage: Stage, entry: entries.Redeliver) -> Trace:
    earlier = stage.traces[entry.of]
    return replace(earlier, sent=[stage.sandbox.hooks.redeliver(earlier.sent[0])])


def _replay(stage: Stage, entry: entries.Replay) -> Trace:
    earlier = stage.traces[entry.of]
    old = earlier.sent[0]
    return replace(earlier, sent=[_posted(replace(old, guid=new_guid()), old.body)])


def _forge(stage: Stage, entry: entries.Forge) -> Trace:
    earlier = stage.traces[entry.of]
    old = earlier.sent[0]
    payload = json.loads(old.body)
    payload["comment"]["body"] = entry.text
    body = json.dumps(payload).encode()
    forged = replace(old, guid=new_guid(), headers=old.headers | signatures("a guess", body))
    return replace(earlier, sent=[_posted(forged, body)])


def _posted(delivery: Delivery, body: bytes) -> Delivery:
    """Send a delivery as somebody who is not GitHub: the sandbox does not know of it."""
    headers = delivery.headers | {"X-GitHub-Delivery": delivery.guid}
    answer = httpx.post(delivery.url, content=body, headers=headers, trust_env=False)
    delivery.answered(answer.status_code, dict(answer.headers), answer.text)
    return delivery


def _change_role(stage: Stage, entry: entries.ChangeRole) -> Trace:
    repo = stage.full_name(entry.repo)
    stage.sandbox.set_role(repo, entry.person, entry.role)
    return Trace(repo)


def _push(stage: Stage, entry: entries.Push) -> Trace:
    repo = stage.full_name(entry.repo)
    _person(stage, entry).push(repo, entry.files, entry.message)
    return Trace(repo)


def _release(stage: Stage, entry: entries.Release) -> Trace:
    repo = stage.full_name(entry.repo)
    _person(stage, entry).release(repo, entry.tag)
    return Trace(repo)


ACTS: Mapping[type[moments.Moment], Act] = {
    entries.OpenIssue: _open_issue,
    entries.OpenPull: _open_pull,
    entries.Comment: _comment,
    entries.EditComment: _edit_comment,
    entries.Edit: _edit,
    entries.AddLabel: _add_label,
    entries.RemoveLabel: _remove_label,
    entries.Approve: _approve,
    entries.AskForChanges: _ask_for_changes,
    entries.PushMore: _push_more,
    entries.Report: _report,
    entries.Merge: _merge,
    entries.Close: _close,
    entries.Redeliver: _redeliver,
    entries.Replay: _replay,
    entries.Forge: _forge,
    entries.ChangeRole: _change_role,
    entries.Push: _push,
    entries.Release: _release,
}
