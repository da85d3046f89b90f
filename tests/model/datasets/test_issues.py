"""Issues by type: which are the benchmark, which are held out, which are learnt from."""

from collections import Counter
from pathlib import Path

from model.datasets.issues import KNOWN, issue_types
from tests.model.examples import rows, write_csv, write_data, write_json_lines


def test_each_file_has_its_place(tmp_path: Path) -> None:
    drafts = list(issue_types(write_data(tmp_path)))
    places = {(draft.dataset, draft.split) for draft in drafts if draft.dataset.startswith("nlbse24")}
    assert places == {("nlbse24_train", "adaptation"), ("nlbse24_test", "benchmark")}
    assert Counter(draft.split for draft in drafts if draft.dataset == "many_repos").keys() == {
        "unseen",
        "validation",
        "train",
    }


def test_a_repository_in_two_files_is_in_one_split(tmp_path: Path) -> None:
    write_json_lines(tmp_path / "many_repos.jsonl.gz", rows())
    other = [{**row, "repo": row["repo"].upper()} for row in rows(things=["camera"] * 12)]
    write_json_lines(tmp_path / "unified_train.jsonl.gz", other)
    splits: dict[str, set[str]] = {}
    for draft in issue_types(tmp_path):
        splits.setdefault(draft.repo.lower(), set()).add(draft.split)
    assert len(splits) == 6
    assert all(len(found) == 1 for found in splits.values())


def test_the_repositories_of_the_benchmark_are_never_held_out(tmp_path: Path) -> None:
    write_json_lines(tmp_path / "many_repos.jsonl.gz", rows(repos=KNOWN))
    assert {draft.split for draft in issue_types(tmp_path)} == {"train"}


def test_a_language_that_a_file_does_not_state_is_guessed(tmp_path: Path) -> None:
    chinese = {
        "title": "编辑器的窗口没有关闭,请问应该怎么解决这个问题",
        "body": "",
        "label": "bug",
        "lang": "xx",
    }
    write_json_lines(tmp_path / "many_repos.jsonl.gz", [{**chinese, "repo": "octo/app"}])
    write_csv(tmp_path / "nlbse24_train.csv.gz", [{**chinese, "repo": "facebook/react"}])
    assert {draft.dataset: draft.language for draft in issue_types(tmp_path)} == {
        "many_repos": "xx",
        "nlbse24_train": "zh",
    }


def test_no_files(tmp_path: Path) -> None:
    assert list(issue_types(tmp_path)) == []
