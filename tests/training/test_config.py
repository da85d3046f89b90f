import pytest

pytest.importorskip("torch", reason="torch is only in the training environment")

from pathlib import Path

from model.errors import DataError
from model.training import config as module
from model.training.config import find_config, load_config

GOOD = 'name = "a"\n[encoder]\nsource = "somewhere"\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "run.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    found = load_config(written(tmp_path, GOOD))
    assert found.seed == 1
    assert found.tasks.shares == {"issue_type": 1.0, "pr_type": 1.0, "tone": 1.0}


def test_overrides_replace_single_values(tmp_path: Path) -> None:
    found = load_config(written(tmp_path, GOOD + "[tasks]\nbatch = 8\n"), {"seed": 7, "tasks": {"epochs": 2}})
    assert (found.seed, found.tasks.batch, found.tasks.epochs) == (7, 8, 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            GOOD + "[tasks]\nlearning_rat = 1\n",
            "tasks.learning_rat is not a setting; see model/training/config.py",
        ),
        (GOOD + "[tasks]\nepochs = -1\n", "tasks.epochs: Input should be greater"),
        (GOOD + "[tasks]\nepochs = inf\n", "tasks.epochs: Input should be a finite number"),
        (GOOD + "[tasks]\nlearning_rate = nan\n", "tasks.learning_rate: Input should be a finite number"),
        (GOOD + "[tasks]\nchecks = 1_000_000_000\n", "tasks.checks: Input should be less"),
        (
            GOOD + "[tasks]\nshares = { issue_typ = 1.0 }\n",
            "no task is called issue_typ; there are",
        ),
        (GOOD + "[adapt]\nshares = { mood = 1.0 }\n", "no task is called mood"),
        ("seed = -1\n" + GOOD, "seed: Input should be greater"),
        (f"seed = {2**64}\n" + GOOD, "seed: Input should be less"),
        ("threads = 1_000_000\n" + GOOD, "threads: Input should be less"),
        (f"seed = {'[' * 10_000}\n", "cannot be read"),
        ('name = "a"\n', "encoder: Field required"),
        ("name = \n", "cannot be read"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        load_config(written(tmp_path, text))


def test_a_configuration_is_found_by_name_and_as_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_config("cpu") == module.CONFIGS / "cpu.toml"
    own = written(tmp_path, GOOD)
    assert find_config(str(own)) == own
    monkeypatch.chdir(tmp_path)
    assert find_config("run.toml") == Path("run.toml")
    (tmp_path / "plain").write_text(GOOD)
    assert find_config("plain") == Path("plain")
    for name in ("nosuch", "nosuch.toml", "a/cpu", str(tmp_path)):
        with pytest.raises(
            DataError, match=f"^no configuration {name}; there are cpu, gpu, teacher, or give"
        ):
            find_config(name)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.toml cannot be read"):
        load_config(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    "path", sorted((Path(module.__file__).parent / "configs").glob("*.toml")), ids=lambda p: p.stem
)
def test_the_configurations_that_are_shipped_can_be_read_and_name_a_hash(path: Path) -> None:
    found = load_config(path)
    assert len(found.encoder.sha256) == 64
