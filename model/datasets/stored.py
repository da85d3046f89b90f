"""One stored issue or pull request as a draft, its class read from what people made of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from model.datasets.drafts import Draft, language_code
from model.datasets.pulls import conventional, without_trailers
from model.datasets.splits import utc
from model.errors import DataError
from model.labels import match_label
from model.tasks import ISSUE_TYPES

Json = Mapping[str, Any]


class LeftOut(Exception):
    """A thread that can be read but has nothing to teach; says why."""


def draft_of(record: Json, repo: str) -> Draft:
    """The draft of one line of a backup, or of a row of a table; `repo` is where it names none.

    Raises LeftOut, or DataError where it cannot be read.
    """
    pull, issue = record.get("pull"), record.get("issue")
    if isinstance(pull, dict):
        return _pull(pull, repo)
    if isinstance(issue, dict):
        return _issue(issue, _labels_of_bots(record.get("events")), repo)
    return _row(record, repo)


def _issue(issue: Json, by_bots: frozenset[str], repo: str) -> Draft:
    if "pull_request" in issue:
        raise LeftOut("issue_type: a pull request, which has a line of its own")
    _check_author(issue, "issue_type")
    names = _label_names(issue.get("labels"))
    return _draft("issue_type", _issue_type([name for name in names if name not in by_bots]), issue, repo)


def _pull(pull: Json, repo: str) -> Draft:
    _check_author(pull, "pr_type")
    type_, title = conventional(_text(pull, "title"))
    if not type_:
        raise LeftOut("pr_type: the title names no type")
    return _draft("pr_type", type_, {**pull, "title": title}, repo)


def _row(row: Json, repo: str) -> Draft:
    if not {"label", "labels"} & row.keys():
        raise DataError("neither 'label' nor 'labels' in it")
    label = row.get("label") or row.get("labels") or []
    if isinstance(label, str):
        label = label.replace(";", ",").split(",")
    return _draft("issue_type", _issue_type(_label_names(label)), row, _text(row, "repo", "") or repo)


def _draft(task: str, label: str, thread: Json, repo: str) -> Draft:
    title, body, time = _text(thread, "title"), _text(thread, "body", ""), _text(thread, "created_at", "")
    try:
        created_at = utc(time)
    except ValueError as error:
        raise DataError(f"'created_at': {error}") from error
    return Draft(
        task=task,
        split="train",
        label=label,
        title=title,
        body=without_trailers(body),
        repo=repo,
        source=repo,
        dataset="history",
        language=language_code(f"{title}\n{body}"),
        created_at=created_at,
    )


def _issue_type(names: Iterable[str]) -> str:
    """The only type that the labels `names` stand for."""
    names = list(names)
    found = [type_ for type_ in ISSUE_TYPES if match_label(type_, names)]
    if len(found) != 1:
        raise LeftOut(f"issue_type: the labels name {'several types' if found else 'no type'}")
    return found[0]


def _labels_of_bots(events: object) -> frozenset[str]:
    """The labels that a bot was the last to put: who learns from them learns from a machine."""
    by_bot: dict[str, bool] = {}
    for event in events if isinstance(events, list) else ():
        if isinstance(event, dict) and event.get("event") == "labeled":
            for name in _label_names([event.get("label")]):
                by_bot[name] = _is_bot(event.get("actor"))
    return frozenset(name for name, bot in by_bot.items() if bot)


def _check_author(thread: Json, task: str) -> None:
    if _is_bot(thread.get("user")):
        raise LeftOut(f"{task}: by a bot")


def _is_bot(user: object) -> bool:
    if not isinstance(user, dict):
        return False  # the account is gone
    return user.get("type") == "Bot" or str(user.get("login")).endswith("[bot]")


def _label_names(labels: object) -> list[str]:
    """The names among `labels`, which are texts or objects with a name."""
    if not isinstance(labels, list):
        raise DataError("no labels in it")
    names = [label.get("name") if isinstance(label, dict) else label for label in labels]
    return [name for name in names if isinstance(name, str)]


def _text(record: Json, name: str, default: str | None = None) -> str:
    """The text under `name`, "" for null. Raises DataError where there is none, and no `default`."""
    if name not in record and default is None:
        raise DataError(f"no {name!r} in it")
    value = record.get(name, default)
    if not isinstance(value, str | None):
        raise DataError(f"{name!r} is not text")
    return value or ""
