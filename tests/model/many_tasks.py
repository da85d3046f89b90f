"""A tiny made-up data set of all three tasks, in the folders, files and formats of the real one."""

import csv
import gzip
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.model.examples import THINGS, rows, write_data, write_json_lines

CHANGES = {
    "feat": "allow more {thing} options",
    "fix": "no crash when the {thing} is empty",
    "docs": "explain how the {thing} is configured",
}


def write_table(path: Path, columns: Sequence[str], lines: Iterable[Mapping[str, str]]) -> None:
    """A compressed CSV file; what a line does not say is empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(lines)


def change(subject: str, type_: str = "fix", day: int = 1, **more: str) -> dict[str, str]:
    """One row of the history of changes, on a day counted from the start of 2024."""
    date = f"2024-{1 + day // 28:02}-{1 + day % 28:02}T12:00:00+00:00"
    return {"repo": "octo/app", "type": type_, "subject": subject, "date": date, "bot": "False", **more}


def write_changes(directory: Path, lines: Iterable[Mapping[str, str]]) -> Path:
    columns = ("repo", "sha", "date", "type", "scope", "subject", "pr", "body", "bot")
    write_table(directory / "pr_type" / "conventional_commits.csv.gz", columns, lines)
    return directory


def write_tones(
    directory: Path,
    tbdf: Iterable[tuple[str, str, str]] = (),
    toxicr: Iterable[tuple[str, str]] = (),
    strudel: Iterable[tuple[str, str]] = (),
) -> Path:
    """Comments: of tbdf (thread, kind, text), of toxicr and strudel (label, text)."""
    tone = directory / "tone"
    columns = ("issue_id", "tbdf", "comment_body")
    write_table(
        tone / "tbdf_comments.csv.gz", columns, (dict(zip(columns, row, strict=True)) for row in tbdf)
    )
    lines = ({"is_toxic": label, "message": text} for label, text in toxicr)
    write_table(tone / "toxicr.csv.gz", ("message", "is_toxic"), lines)
    lines = ({"owner": "octo", "repo": "app", "toxicity": label, "text": text} for label, text in strudel)
    write_table(tone / "strudel_comments.csv.gz", ("owner", "repo", "text", "toxicity"), lines)
    return directory


def write_all(directory: Path) -> Path:
    """Enough of every task that each has every split it should have."""
    write_data(directory / "issue_type")
    changes = [
        change(subject.format(thing=thing), type_, day)
        for day, thing in enumerate(THINGS)
        for type_, subject in CHANGES.items()
    ]
    write_changes(directory, changes)
    comments = [(label, text) for thing in THINGS for label, text in comments_about(thing)]
    write_tones(
        directory,
        tbdf=[
            (str(n), "None" if label == "0" else "Insulting", f"Here, {text}")
            for n, (label, text) in enumerate(comments)
        ],
        toxicr=comments,
        strudel=[
            ("n", "The camera of my phone works since the last update"),
            ("y", "Only a fool buys that phone"),
        ],
    )
    (directory / "area").mkdir()
    write_json_lines(
        directory / "area" / "llm_apps.jsonl.gz", rows(["bug"], ["kettle", "toaster"], ["octo/other"])
    )
    return directory


def comments_about(thing: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (
        ("0", f"Thank you, the {thing} looks good to me now that it has tests"),
        ("1", f"What idiot wrote this {thing}, throw the garbage away"),
    )
