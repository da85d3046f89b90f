"""What a training run is: read from a TOML file, checked before anything starts."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from model.errors import DataError
from model.tasks import TASKS

CONFIGS = Path(__file__).parent / "configs"
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(ge=1)]


def _known(task: str) -> str:
    if task not in TASKS:
        raise ValueError(f"no task is called {task}; there are {', '.join(TASKS)}")
    return task


Shares = dict[Annotated[str, AfterValidator(_known)], Share]  # task -> how much of its texts an epoch shows


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class EncoderSection(_Section):
    """Where the encoder comes from."""

    source: str  # a directory, or a name on the model hub such as "sentence-transformers/all-MiniLM-L6-v2"
    sha256: str = ""  # of model.safetensors; required for a name on the hub
    words: Annotated[int, Field(ge=0)] = 5  # learn a Chinese word when seen so often; 0 = never
    dropout: Share = 0.1  # inside the encoder


class TokensSection(_Section):
    """The most tokens of each part of a text."""

    title: Positive = 32
    body: Positive = 76
    extras: Positive = 20


class PhaseSection(_Section):
    """One phase of training: language modelling, or the tasks."""

    epochs: Annotated[float, Field(ge=0)] = 1.0
    batch: Positive = 32  # texts, on each process
    learning_rate: Annotated[float, Field(gt=0)] = 5e-5
    warmup: Share = 0.06  # share of all steps
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    checks: Annotated[int, Field(ge=1, le=1_000)] = 4  # looks at the validation split
    patience: Positive = 3  # looks without a better score before it stops
    limit: Annotated[int, Field(ge=0)] = 0  # texts used; 0 = all


class TasksSection(PhaseSection):
    """The tasks and what else is learnt beside them."""

    shares: Shares = {"issue_type": 1.0, "pr_type": 1.0, "tone": 1.0}
    head_rate: Annotated[float, Field(gt=0)] = 10.0  # the heads learn so many times faster than the encoder
    smoothing: Share = 0.05  # of the labels, for some of them are wrong
    hide_tags: Share = 0.5  # how often a title loses its tags
    hide_extras: Share = 0.25  # how often headings and cues are hidden
    dropout: Share = 0.1  # before and in the heads
    similarity: Annotated[float, Field(ge=0)] = 1.0  # weight of keeping the similarity of the reference
    teacher: str = ""  # directory of a finished run to learn from
    distil: Share = 0.5  # weight of the teacher's opinion against the label
    softness: Annotated[float, Field(gt=0)] = 2.0  # temperature of the teacher's opinion


class AdaptSection(PhaseSection):
    """The repositories to adapt to, learnt last, among as many other issues; 0 epochs leave it out."""

    epochs: Annotated[float, Field(ge=0)] = 0.0
    folds: Annotated[int, Field(ge=2)] = 2  # so often it is done before on parts, to be judged on the others
    shares: Shares = {"pr_type": 0.1, "tone": 0.05}  # of the other tasks' texts, to keep them


class TrainingConfig(_Section):
    """A whole run.

    `device`: auto, cpu or cuda. `precision`: bf16, fp32, or auto: bf16 where the device is fast at it.
    """

    name: str
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 1
    device: str = "auto"
    precision: str = "auto"
    threads: Annotated[int, Field(ge=0, le=1_024)] = 0  # CPU threads; 0 = as torch likes
    checkpoint_minutes: Annotated[float, Field(gt=0)] = 5.0
    encoder: EncoderSection
    reference: EncoderSection | None = (
        None  # whose sense of similarity is kept; without one, the encoder's own
    )
    tokens: TokensSection = TokensSection()
    pretrain: PhaseSection = PhaseSection(epochs=0.0)
    tasks: TasksSection = TasksSection()
    adapt: AdaptSection = AdaptSection()


def find_config(name: str) -> Path:
    """The file of a configuration that comes with this, by name, or the file that `name` is.

    Raises DataError where there is neither.
    """
    shipped = CONFIGS / f"{name}.toml"
    if "/" not in name and shipped.is_file():
        return shipped
    if Path(name).is_file():
        return Path(name)
    known = ", ".join(sorted(path.stem for path in CONFIGS.glob("*.toml")))
    raise DataError(f"no configuration {name}; there are {known}, or give a TOML file")


def load_config(path: Path, overrides: dict[str, Any] | None = None) -> TrainingConfig:
    """Read a configuration; `overrides` replace values of the top level and of sections.

    Raises DataError that names the file, the place and what is wrong there.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error
    for key, value in (overrides or {}).items():
        raw[key] = {**raw.get(key, {}), **value} if isinstance(value, dict) else value
    try:
        return TrainingConfig.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise DataError(f"{path}: {place} is not a setting; see model/training/config.py") from error
        raise DataError(f"{path}: {place}: {first['msg']}") from error
