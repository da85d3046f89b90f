"""``.github/usher.yml``: what it may say, and what a given file says.

The model is built from the rules, so a rule's settings, their check, the JSON Schema and the reference
page all come from the rule's own section.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as FilePath
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError, create_model

from bot.config_file import MAX_BYTES, Path, Tree, Unreadable, read_tree
from bot.config_problems import Problem, find_problems, setting_of
from bot.core.body import FULL_NAME
from bot.core.errors import ConfigError
from bot.core.rule import Mode, Part, Rule, Section
from bot.health.settings import HealthConfig
from bot.rules import RULES

SOURCE = ".github/usher.yml"


def _full_name(value: str) -> str:
    if not FULL_NAME.fullmatch(value):
        raise ValueError("a repository, written as `owner/name`")
    return value


class Budget(Part):
    """How much Usher may say."""

    comments_per_thread: int = Field(
        default=10,
        ge=0,
        le=100,
        description="Comments on one thread at most, edits and replaced answers not counted.",
    )
    comments_per_day: int = Field(
        default=200,
        ge=0,
        le=10_000,
        description="Comments in the repository on one day at most; issues that Usher opens count, too.",
    )


class Config(Part):
    """Settings of Usher for one repository. The sections of the rules are added to these."""

    version: int = Field(default=1, ge=1, le=1, description="The version of this file's format.")
    mode: Mode = Field(
        default="observe",
        description="`observe` plans and records, and touches nothing; `act` does what was planned.",
    )
    extends: Annotated[str, AfterValidator(_full_name)] | None = Field(
        default=None,
        description="A repository (`owner/name`) whose config file holds where this one is silent.",
    )
    budget: Budget = Field(default_factory=Budget, description="How much Usher may say.")
    health: HealthConfig = Field(default_factory=HealthConfig, description=HealthConfig.__doc__)

    def section(self, rule: Rule) -> Section:
        """Return the settings of a rule."""
        section = getattr(self, rule.section)
        assert isinstance(section, Section)
        return section

    def mode_for(self, rule: Rule) -> Mode:
        """Return whether a rule only plans or also acts: its own mode, otherwise the file's."""
        return self.section(rule).mode or self.mode

    @property
    def switched_off(self) -> frozenset[str]:
        """The sections whose rules do not run."""
        return frozenset(name for name, part in self if isinstance(part, Section) and not part.enabled)

    def enabled(self, rule: Rule) -> bool:
        """Return whether a rule runs at all."""
        return self.section(rule).enabled


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file.

    Args:
        config: the settings to work with, whatever the problems.
        problems: what is wrong with the file, in its order.
        bad_sections: the top-level keys with problems. Those that exist keep their previous settings.
        data: the file's own usable values, for files that extend this one.
    """

    config: Config
    problems: tuple[Problem, ...] = ()
    bad_sections: frozenset[str] = frozenset()
    data: Mapping[str, Any] = field(default_factory=dict)


@cache
def config_model() -> type[Config]:
    """Build the model of the whole file from the rules.

    Raises:
        TypeError: two rules share a section and disagree about its settings.
    """
    models: dict[str, type[Section]] = {}
    for rule in RULES:
        if models.setdefault(rule.section, rule.config) is not rule.config:
            raise TypeError(f"the rules of the section {rule.section!r} do not share one model")
    fields: dict[str, Any] = {
        name: (model, Field(default_factory=model, description=model.__doc__))
        for name, model in models.items()
    }
    return create_model("Usher", __base__=Config, __doc__=Config.__doc__, **fields)


def defaults() -> Config:
    """Return the settings of a repository without a file: everything planned, nothing touched."""
    return config_model()()


def read(
    text: bytes | str,
    source: str = SOURCE,
    *,
    previous: Config | None = None,
    base: Mapping[str, Any] | None = None,
) -> Reading:
    """Read a config file. Never fails: what is wrong with the file is in ``problems``.

    Args:
        text: the file.
        source: how to call the file in messages.
        previous: the settings so far. A section with problems keeps those; without them it gets the
            defaults and only observes.
        base: the ``data`` of the file that this one extends.
    """
    try:
        tree = read_tree(text)
    except Unreadable as error:
        problem = Problem(*error.place, key="", message=str(error), source=source)
        return Reading(previous or defaults(), (problem,), frozenset(config_model().model_fields))
    data = {name: {} if value is None and _is_part(name) else value for name, value in tree.data.items()}
    data = _with_texts(data, tree)
    config, problems, bad = _validated(merge(base or {}, data), tree, source, previous)
    return Reading(config, problems, bad, {name: data[name] for name in data if name not in bad})


def load_file(path: FilePath | str) -> Reading:
    """Read a config file from disk.

    Raises:
        ConfigError: there is no such file, or it cannot be read.
    """
    try:
        with FilePath(path).open("rb") as file:
            return read(file.read(MAX_BYTES + 1), str(path))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from None


def merge(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay ``own`` over ``base``: mappings are merged, anything else is replaced."""
    return {**base, **{name: _laid(base.get(name), value) for name, value in own.items()}}


def _laid(under: Any, value: Any) -> Any:
    both = isinstance(under, Mapping) and isinstance(value, Mapping)
    return merge(under, value) if both else value


def _is_part(name: str) -> bool:
    """Whether a top-level key has settings of its own, so that an empty one means its defaults."""
    known = config_model().model_fields.get(name)
    return known is not None and known.default_factory is not None


def _with_texts(data: dict[str, Any], tree: Tree) -> dict[str, Any]:
    """Put back ``1.0`` as it was written where a setting wants text."""
    try:
        config_model().model_validate(data)
    except ValidationError as error:
        items = error.errors(include_url=False)
    else:
        return data
    wanted = {setting_of(item, data) for item in items if item["type"] == "string_type"}
    replaced: dict[str, Any] = _replaced(
        data, (), {path: tree.texts[path] for path in wanted & tree.texts.keys()}
    )
    return replaced


def _replaced(value: Any, path: Path, texts: Mapping[Path, str]) -> Any:
    if path in texts:
        return texts[path]
    if isinstance(value, dict):
        return {name: _replaced(item, (*path, name), texts) for name, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, (*path, index), texts) for index, item in enumerate(value)]
    return value


def _validated(
    data: dict[str, Any], tree: Tree, source: str, previous: Config | None
) -> tuple[Config, tuple[Problem, ...], frozenset[str]]:
    model = config_model()
    try:
        return model.model_validate(data), (), frozenset()
    except ValidationError as error:
        errors = error.errors(include_url=False)
    problems = find_problems(errors, model, data, tree, source)
    bad = frozenset(str(item["loc"][0]) for item in errors)
    good = model.model_validate({name: value for name, value in data.items() if name not in bad})
    kept = {name: _fallback(name, previous) for name in bad & model.model_fields.keys()}
    return good.model_copy(update=kept), problems, bad


def _fallback(name: str, previous: Config | None) -> Any:
    value = getattr(previous or defaults(), name)
    if previous is None and isinstance(value, Section):
        return value.model_copy(update={"mode": "observe"})  # nothing by surprise
    return value
