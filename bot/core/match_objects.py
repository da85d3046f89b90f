"""Labels and what they are for, as the config file says it: the match objects of GitHub's labeler.

Both of its forms are understood: groups of conditions, since its version 5, and lists of patterns, until 4.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    WrapValidator,
    model_validator,
)

from bot.core.expressions import Expression, expression
from bot.core.globs import EXCLUSION_COST, MAX_COST, bounded, glob
from bot.core.limits import LABEL_NAME

MAX_PATTERNS = 500  # in one list
MAX_OBJECTS = 50  # in one list


def _listed(value: Any) -> Any:
    """One may stand for a list of one."""
    return [value] if isinstance(value, str | dict | BaseModel) else value


def _glob(pattern: str) -> str:
    glob(pattern)
    return pattern


def searched(pattern: str) -> Expression:
    """The expression that finds a pattern anywhere in a branch's name: ``feature`` fits ``my-feature``, too.

    Raises:
        ValueError: it cannot be understood; the text says what was expected.
    """
    expression(pattern)
    return expression(f"{pattern}(?s:.*)" if pattern.startswith("^(?!") else f"(?s:.*)(?:{pattern})(?s:.*)")


def _expression(pattern: str) -> str:
    searched(pattern)
    return pattern


GlobText = Annotated[str, Field(min_length=1), AfterValidator(_glob)]
Globs = Annotated[
    tuple[GlobText, ...],
    Field(max_length=MAX_PATTERNS),
    AfterValidator(bounded),
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
]
Expressions = Annotated[
    tuple[Annotated[str, Field(min_length=1), AfterValidator(_expression)], ...],
    Field(max_length=MAX_OBJECTS),
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
]


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any(getattr(self, name) for name in type(self).model_fields):
            known = ", ".join(f"`{each.alias}`" for each in type(self).model_fields.values())
            raise ValueError(f"one or more of {known}")
        return self


class FileGlobs(_Part):
    """Patterns for the changed files."""

    any_glob_to_any_file: Globs = Field(default=(), description="One of the patterns matches a file.")
    any_glob_to_all_files: Globs = Field(default=(), description="One of the patterns matches every file.")
    all_globs_to_any_file: Globs = Field(default=(), description="There is a file that all patterns match.")
    all_globs_to_all_files: Globs = Field(default=(), description="All patterns match every file.")


class Conditions(_Part):
    """Conditions for files and branches."""

    changed_files: Annotated[
        tuple[FileGlobs, ...],
        Field(max_length=MAX_OBJECTS),
        BeforeValidator(_listed, json_schema_input_type=FileGlobs | list[FileGlobs]),
    ] = Field(default=(), description="Patterns for the changed files.")
    base_branch: Expressions = Field(
        default=(), description="Regular expressions for the branch that it goes to."
    )
    head_branch: Expressions = Field(
        default=(), description="Regular expressions for the branch that it comes from."
    )


class BareGlob(Conditions):
    """A pattern that stands by itself, as until version 4."""

    pattern: GlobText


def _condition(value: Any, handler: ModelWrapValidatorHandler[Conditions]) -> Conditions:
    return BareGlob(pattern=_glob(value)) if value and isinstance(value, str) else handler(value)


Group = Annotated[
    tuple[
        Annotated[Conditions, WrapValidator(_condition, json_schema_input_type=Conditions | str)],
        ...,
    ],
    Field(max_length=MAX_PATTERNS),
    BeforeValidator(_listed, json_schema_input_type=Conditions | str | list[Conditions | str]),
]


class MatchObject(Conditions):
    """Conditions for files and branches, and groups of them."""

    any: Group = Field(default=(), description="One of the conditions holds.")
    all: Group = Field(default=(), description="Each of the conditions holds.")

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns that stand by themselves, as until version 4."""
        return tuple(each.pattern for each in (*self.any, *self.all) if isinstance(each, BareGlob))


def _match_object(value: Any, handler: ModelWrapValidatorHandler[MatchObject]) -> MatchObject:
    if value and isinstance(value, str):
        return MatchObject(any=(BareGlob(pattern=_glob(value)),))
    return handler(value)


def _of_one_form(objects: tuple[MatchObject, ...]) -> tuple[MatchObject, ...]:
    if not objects:
        raise ValueError("one or more patterns, such as `docs/**`")
    bare = sum(len(each.patterns) for each in objects)
    others = sum(len(each.any) + len(each.all) for each in objects) - bare
    others += any(each.changed_files or each.base_branch or each.head_branch for each in objects)
    if bare and others:
        raise ValueError("either patterns alone or objects such as `changed-files: [...]`, and not both")
    return objects


LabelRule = Annotated[
    tuple[
        Annotated[MatchObject, WrapValidator(_match_object, json_schema_input_type=MatchObject | str)],
        ...,
    ],
    Field(max_length=MAX_PATTERNS),
    BeforeValidator(_listed, json_schema_input_type=MatchObject | str | list[MatchObject | str]),
    AfterValidator(_of_one_form),
]


def _bounded(rules: Mapping[str, LabelRule]) -> Mapping[str, LabelRule]:
    if sum(cost(rule) for rule in rules.values()) > MAX_COST:
        raise ValueError(f"at most {MAX_COST:,} path patterns (each `!( )` counts as {EXCLUSION_COST})")
    return rules


def cost(rule: LabelRule) -> int:
    """What holding a label's patterns against one path takes, in patterns."""
    return sum(glob(pattern).cost for pattern in _all_patterns(rule))


def _all_patterns(rule: LabelRule) -> Iterator[str]:
    for item in rule:
        yield from item.patterns
        for conditions in (item, *item.any, *item.all):
            for globs in conditions.changed_files:
                for name in FileGlobs.model_fields:
                    yield from getattr(globs, name)


LabelName = Annotated[str, Field(min_length=1, max_length=LABEL_NAME)]
LabelRules = Annotated[dict[LabelName, LabelRule], AfterValidator(_bounded)]
