"""A tiny made-up data set: four types, six repositories, in the files and formats of the real one."""

import csv
import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

Row = Mapping[str, str]

THINGS = [
    *(
        "export",
        "import",
        "editor",
        "sidebar",
        "server",
        "parser",
        "login",
        "search",
        "upload",
        "cache",
        "theme",
    ),
    *(
        "scheduler",
        "tokenizer",
        "websocket",
        "toolbar",
        "plugin",
        "installer",
        "compiler",
        "router",
        "player",
    ),
]
SENTENCES = {
    "bug": (
        "{thing} crashes on start",
        "The {thing} throws an error and crashes. Expected behavior: no crash.",
    ),
    "feature": (
        "Add support for {thing} options",
        "It would be nice to add new {thing} options for everyone.",
    ),
    "question": (
        "How do I configure the {thing}?",
        "How can I use the {thing} with my setup? I cannot find it.",
    ),
    "documentation": (
        "Typo in the {thing} docs",
        "The documentation page of the {thing} has a typo in the readme.",
    ),
}
REPOS = [f"octo-{name}/{name}" for name in ("alpha", "bravo", "charlie", "delta", "echoes", "foxtrot")]


def rows(
    types: Iterable[str] = SENTENCES, things: Iterable[str] = THINGS, repos: Iterable[str] = REPOS
) -> list[Row]:
    """One issue of each type about each thing, dealt out to the repositories in turn."""
    names = list(repos)
    return [
        {
            "repo": names[number % len(names)],
            "label": type_,
            "title": ("[Bug]: " if type_ == "bug" and number % 3 == 0 else "")
            + SENTENCES[type_][0].format(thing=thing),
            "body": SENTENCES[type_][1].format(thing=thing)
            + f" Seen in the {thing} of {names[number % len(names)]}.",
            "lang": "en",
            "source": "made up",
        }
        for number, thing in enumerate(things)
        for type_ in types
    ]


def write_json_lines(path: Path, issues: Iterable[Row]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(issue) + "\n" for issue in issues)


def write_csv(path: Path, issues: Iterable[Row]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["repo", "created_at", "label", "title", "body"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(issues)


def write_data(directory: Path) -> Path:
    """Training files and a benchmark about other things, in `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    three = ("bug", "feature", "question")
    write_json_lines(directory / "many_repos.jsonl.gz", rows())
    write_csv(directory / "nlbse24_train.csv.gz", rows(three, ["printer", "scanner"], ["facebook/react"]))
    write_csv(
        directory / "nlbse24_test.csv.gz", rows(three, ["modem", "mouse", "keyboard"], ["facebook/react"])
    )
    return directory
