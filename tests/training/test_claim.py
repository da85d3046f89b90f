"""Whose directory a run is: nobody else's files are touched, and nobody trains in it beside."""

import fcntl
import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is only in the training environment")

from model.datasets.samples import Samples
from model.errors import DataError
from model.training.claim import check_learnt_from, claimed
from tests.training.tiny import config, material

ENCODER = Path("encoder")


def take(directory: Path, seed: int = 1, count: int = 2) -> None:
    with claimed(directory, config(ENCODER, seed=seed), material(count)):
        pass


def samples_of(count: int) -> Samples:
    found = material(count)
    splits = (*found.train.values(), *found.validation.values())
    return Samples(tuple(row for rows in splits for row in rows), {})


def test_the_same_run_may_come_back(tmp_path: Path) -> None:
    take(tmp_path / "run")
    (tmp_path / "run" / "linear").mkdir()
    take(tmp_path / "run")


@pytest.mark.parametrize(("seed", "count"), [(9, 2), (1, 3)])
def test_another_configuration_or_other_data_is_refused(tmp_path: Path, seed: int, count: int) -> None:
    take(tmp_path)
    with pytest.raises(DataError, match="belongs to a run with another configuration or other data"):
        take(tmp_path, seed, count)


def test_the_threads_of_the_machine_may_change(tmp_path: Path) -> None:
    take(tmp_path)
    with claimed(tmp_path, config(ENCODER, threads=7), material(2)):
        pass


def test_files_of_something_else_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(DataError, match="holds files of something else; name another --run"):
        take(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_second_trainer_is_refused_as_long_as_the_first_trains(tmp_path: Path) -> None:
    with (
        claimed(tmp_path, config(ENCODER), material(2)),
        pytest.raises(DataError, match=r"another process \(\d+\) is training in .*; wait for it"),
    ):
        take(tmp_path)
    take(tmp_path)


def test_who_was_quicker_while_the_lock_was_waited_for_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(handle: int, how: int) -> None:
        (tmp_path / "fingerprint.json").write_text('{"config": "of somebody else"}')

    monkeypatch.setattr(fcntl, "flock", slow)
    with pytest.raises(DataError, match="belongs to a run with another configuration"):
        take(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00"])
def test_a_broken_fingerprint_is_one_clear_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "fingerprint.json").write_text(content)
    for asked in (lambda: take(tmp_path), lambda: check_learnt_from(tmp_path, samples_of(2))):
        with pytest.raises(DataError, match=r"^[^\n]*fingerprint.json (cannot be read|holds no JSON)[^\n]*$"):
            asked()


def test_what_a_run_learnt_from_can_be_asked_of_it(tmp_path: Path) -> None:
    take(tmp_path)
    check_learnt_from(tmp_path, samples_of(2))
    with pytest.raises(DataError, match=r"was trained on other data; name that with --data, or train again"):
        check_learnt_from(tmp_path, samples_of(3))


def test_a_directory_of_no_run_learnt_from_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no run: fingerprint\.json is missing; train first"):
        check_learnt_from(tmp_path, samples_of(2))


def test_a_fingerprint_without_data_is_of_other_data(tmp_path: Path) -> None:
    (tmp_path / "fingerprint.json").write_text(json.dumps({"data": "of an older kind"}))
    with pytest.raises(DataError, match="was trained on other data"):
        check_learnt_from(tmp_path, samples_of(2))


def test_what_is_only_measured_on_may_change(tmp_path: Path) -> None:
    take(tmp_path)
    found = samples_of(2)
    more = replace(found.rows[0], split="unseen")
    check_learnt_from(tmp_path, Samples((*found.rows, more), {}))
