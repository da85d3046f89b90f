import pytest

from bot.core.sheet.datasets import datasets
from tests.core.sheet.examples import binary, diff, new, said, seen


@pytest.mark.parametrize("path", ["data/train.parquet", "x.arrow", "x.npy", "x.tfrecord"])
def test_files_of_data(path: str) -> None:
    assert seen(datasets, binary(path)) == [("warning", path, 1)]
    assert seen(datasets, binary(f"tests/{path}")) == [("notice", f"tests/{path}", 1)]


def test_text_is_data_by_its_size() -> None:
    assert seen(datasets, new("a.csv", additions=1_001)) == [("warning", "a.csv", 1)]
    assert "(1001 new lines)" in said(datasets, new("a.jsonl", additions=1_001))[0]
    assert seen(datasets, new("a.csv", additions=1_000)) == []
    assert [each.path for each in datasets(diff(new("a.csv", additions=11)), 10)] == ["a.csv"]


def test_what_is_no_data_set() -> None:
    files = (new("package-lock.json", additions=9_000), new("a.py", additions=9_000), binary("logo.png"))
    assert seen(datasets, *files) == []
    assert seen(datasets, binary("a.npy", status="removed"), binary("b.npy", status="renamed")) == []
