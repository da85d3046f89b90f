"""The whole comparison, on a few invented issues."""

from collections.abc import Callable
from pathlib import Path

import pytest

from model.baselines.registry import REGISTRY, Entry
from model.baselines.scores import Row
from model.compare import compare, render
from model.datasets.samples import load_samples
from model.errors import DataError, TrainingError
from tests.model.baselines import odd
from tests.model.examples import rows, write_data, write_json_lines

pytest.importorskip("sklearn", reason="training needs scikit-learn")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("data")
    write_data(directory / "issue_type")
    return directory


Run = Callable[..., list[Row]]


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Run:
    """Compare the invented baselines that are given by name."""

    def run(
        seeds: int | None = None, limit: int | None = None, only: tuple[str, ...] = (), **more: Entry
    ) -> list[Row]:
        return compare(
            data,
            only=only or tuple(more),
            seeds=seeds,
            limit=limit,
            say=lambda _: None,
            cache=tmp_path,
            more=more,
        )

    return run


def test_every_baseline_has_its_row(data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    found = compare(data, say=said.append, cache=tmp_path)
    assert [row.name for row in found] == list(REGISTRY)
    text = render(found)
    for row in found:
        assert bool(row.note) != bool(row.scores), row.name
        assert f"| {row.title} " in text
    by_name = {row.name: row for row in found}
    assert by_name["frozen"].note in {"no encoder given", "not installed: torch"}
    tfidf, majority = by_name["tfidf"].scores, by_name["majority"].scores
    assert tfidf
    assert majority
    assert tfidf.average_f1 > majority.average_f1
    assert any(line.startswith("tfidf: ") for line in said)


def test_what_is_not_installed_says_so(run: Run) -> None:
    [row] = run(absent=Entry("another library", odd.not_installed))
    assert row.note == "not installed: a_library_of_others"
    assert "another library" in render([row])


def test_what_was_measured_is_not_measured_again(run: Run, tmp_path: Path) -> None:
    entry = Entry("noted", odd.noted, seeds=2)
    first = run(noted=entry)
    assert (tmp_path / "fitted").read_text() == "1 2 "
    assert run(noted=entry) == first
    assert first[0].seeds == 2
    run(seeds=3, noted=entry)
    assert (tmp_path / "fitted").read_text() == "1 2 3 "


def test_other_data_are_measured_anew(run: Run, tmp_path: Path) -> None:
    entry = Entry("noted", odd.noted)
    run(noted=entry)
    run(limit=20, noted=entry)
    assert (tmp_path / "fitted").read_text() == "1 1 "


def test_only_adds_to_what_is_there(run: Run) -> None:
    entries = {"noted": Entry("noted", odd.noted), "knowing": Entry("knowing", odd.knowing, finished=True)}
    assert [row.name for row in run(only=("noted",), **entries)] == ["noted"]
    assert [row.name for row in run(only=("know",), **entries)] == ["noted", "knowing"]


def test_a_name_that_is_not_known_is_refused(run: Run) -> None:
    with pytest.raises(DataError, match=r"^'lstn' is none of majority, tfidf, "):
        run(only=("lstn",))


def test_one_seed_is_enough_where_it_changes_nothing(run: Run, tmp_path: Path) -> None:
    run(seeds=3, noted=Entry("noted", odd.noted))
    assert (tmp_path / "fitted").read_text() == "1 "


def test_the_training_half_of_the_benchmark_is_learnt_from(data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    more = {"noted": Entry("noted", odd.noted)}
    compare(data, only=["noted"], say=said.append, cache=tmp_path, more=more)
    samples = load_samples(data, ("issue_type",))
    learnt, adaptation = (len(samples.of("issue_type", split)) for split in ("train", "adaptation"))
    assert adaptation
    assert said[-1] == f"noted: {learnt + adaptation} texts, 1 thread"


def test_a_limit_leaves_fewer_issues_to_train_on(data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    more = {"noted": Entry("noted", odd.noted)}
    compare(data, only=["noted"], limit=20, say=said.append, cache=tmp_path, more=more)
    assert said[-1] == "noted: 20 texts, 1 thread"


def test_a_training_that_fails_ends_the_comparison(run: Run) -> None:
    with pytest.raises(TrainingError, match=r"^the loss became nan$"):
        run(failing=Entry("failing", odd.failing))


def test_a_broken_file_of_the_cache_is_named(run: Run, tmp_path: Path) -> None:
    entry = Entry("noted", odd.noted)
    run(noted=entry)
    [file] = tmp_path.glob("noted-1-*.json")
    file.write_text("{")
    with pytest.raises(DataError, match=r"noted-1-\w+\.json cannot be read: .*; delete it to measure again$"):
        run(noted=entry)


def test_without_the_benchmark_nothing_can_be_compared(tmp_path: Path) -> None:
    (tmp_path / "issue_type").mkdir()
    write_json_lines(tmp_path / "issue_type" / "many_repos.jsonl.gz", rows())
    with pytest.raises(DataError, match="lacks the benchmark"):
        compare(tmp_path, say=lambda _: None, cache=tmp_path)
