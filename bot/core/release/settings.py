"""The section ``release`` of the config file."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.core.globs import bounded, glob
from bot.core.limits import LABEL_NAME
from bot.core.release import templates
from bot.core.release.replacers import Replacer
from bot.core.rule import Section
from bot.core.spellings import ANY_SPELLING

Increment = Literal["major", "minor", "patch"]
Scheme = Literal["semver", "pep440"]
CategoryType = Literal["changelog", "pre-include", "pre-exclude", "version-resolver"]
MatchMode = Literal["any", "all", "only", "exactly"]

#: What PEP 440 calls the identifiers that people use.
PEP440_WORDS = {
    "a": "a",
    "alpha": "a",
    "b": "b",
    "beta": "b",
    "c": "rc",
    "dev": "dev",
    "pre": "rc",
    "preview": "rc",
    "rc": "rc",
}


def _path(pattern: str) -> str:
    glob(pattern)
    return pattern


def _identifier(word: str) -> str:
    if word and not (word.isascii() and word.replace("-", "").isalnum() and not word.isdigit()):
        raise ValueError("a word such as `rc`")
    return word


Label = Annotated[str, Field(min_length=1, max_length=LABEL_NAME)]
Labels = Annotated[tuple[Label, ...], Field(max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Names = Annotated[tuple[Name, ...], Field(max_length=200)]
PathPattern = Annotated[str, Field(min_length=1, max_length=250), AfterValidator(_path)]
PathPatterns = Annotated[tuple[PathPattern, ...], Field(max_length=100), AfterValidator(bounded)]
Line = Annotated[str, Field(max_length=2_000)]
Page = Annotated[str, Field(max_length=20_000)]
NotesPage = Annotated[Page, AfterValidator(templates.only(templates.OF_NOTES))]
ChangePage = Annotated[Page, AfterValidator(templates.only(templates.OF_CHANGES))]
VersionsLine = Annotated[Line, AfterValidator(templates.only(templates.OF_VERSIONS))]
PartsLine = Annotated[Line, AfterValidator(templates.only(templates.OF_PARTS))]
HeadingLine = Annotated[Line, AfterValidator(templates.only(templates.OF_HEADINGS))]
PersonLine = Annotated[Line, AfterValidator(templates.only(templates.OF_PEOPLE))]
NewcomerLine = Annotated[Line, AfterValidator(templates.only(templates.OF_NEWCOMERS))]


class _Part(BaseModel):
    model_config = ConfigDict(**ANY_SPELLING, extra="forbid", frozen=True)


class ConventionalCondition(_Part):
    """What the title says in the form of Conventional Commits."""

    type: Name | None = Field(default=None, description="One type, such as `feat`.")
    types: Names = Field(default=(), description="Types, one of which it must be; empty takes any.")
    scope: Name | None = Field(default=None, description="One scope, such as `api`.")
    scopes: Names = Field(default=(), description="Scopes, one of which it must be; empty takes any.")
    breaking: bool | None = Field(default=None, description="With (`true`) or without (`false`) a `!`.")


class Condition(_Part):
    """What a change must have, all of it at once."""

    label: Label | None = Field(default=None, description="One label.")
    labels: Labels = Field(default=(), description="Labels.")
    labels_mode: MatchMode = Field(
        default="any",
        description="`any` of the labels, `all` of them, `only` labels from the list, or `exactly` the list.",
    )
    path: PathPattern | None = Field(default=None, description="One path pattern.")
    paths: PathPatterns = Field(default=(), description="Patterns of changed files, such as `src/**`.")
    paths_mode: MatchMode = Field(
        default="any",
        description="`any` of the patterns is touched, `all` are, `only` they are, or `exactly` both.",
    )
    conventional: Literal[True] | ConventionalCondition | None = Field(
        default=None, description="A title such as `feat(api): add a limit`; `true` takes any such title."
    )

    @property
    def all_labels(self) -> tuple[str, ...]:
        return (*self.labels, *([self.label] if self.label else []))

    @property
    def all_paths(self) -> tuple[str, ...]:
        return (*self.paths, *([self.path] if self.path else []))

    @property
    def is_empty(self) -> bool:
        return not (self.all_labels or self.all_paths or self.conventional)


class Category(_Part):
    """A kind of change: a heading of the notes, what stays out of them, or what it does to the version."""

    title: str = Field(default="", max_length=200, description="The heading; needed for `type: changelog`.")
    type: CategoryType = Field(
        default="changelog",
        description="`changelog`: a heading. `pre-exclude`: left out. `pre-include`: all others are left out."
        " `version-resolver`: counts for the version only.",
    )
    when: Condition | Annotated[tuple[Condition, ...], Field(max_length=100)] = Field(
        default=(), description="Conditions, one of which must hold; none takes what no other category does."
    )
    label: Label | None = Field(default=None, description="One label; short for `when`.")
    labels: Labels = Field(default=(), description="Labels, one of which it must have; short for `when`.")
    exclusive: bool = Field(default=False, description="What is in here is in no later category.")
    collapse_after: int = Field(
        default=-1, ge=-1, description="Fold the list if it is longer than this; `-1` never does."
    )
    semver_increment: Increment = Field(
        default="patch", description="What a change in here makes of the version, at least."
    )

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What the category asks for, those of ``label`` and ``labels`` among them."""
        own = (self.when,) if isinstance(self.when, Condition) else self.when
        short = Condition(label=self.label, labels=self.labels)
        return tuple(condition for condition in (*own, short) if not condition.is_empty)

    @model_validator(mode="after")
    def _has_title(self) -> "Category":
        if self.type == "changelog" and not self.title.strip():
            raise ValueError("a category with a `title`, unless its `type` is not `changelog`")
        return self


class LabelList(_Part):
    """The labels that ask for an increment."""

    labels: Labels = Field(default=(), description="Labels of pull requests.")


class VersionResolver(_Part):
    """What the labels of the pull requests make of the version; the biggest increment counts."""

    major: LabelList = Field(default=LabelList(), description="Labels for `1.2.3` to `2.0.0`.")
    minor: LabelList = Field(default=LabelList(), description="Labels for `1.2.3` to `1.3.0`.")
    patch: LabelList = Field(default=LabelList(), description="Labels for `1.2.3` to `1.2.4`.")
    default: Increment = Field(default="patch", description="Where no label says anything.")


def _one_rest(categories: tuple[Category, ...]) -> tuple[Category, ...]:
    if sum(c.type == "changelog" and not c.conditions for c in categories) > 1:
        raise ValueError("a list with no second heading that has no `when`")
    return categories


class ReleaseConfig(Section):
    """The draft of the next release, kept current as pull requests are merged."""

    model_config = ANY_SPELLING

    template: NotesPage = Field(
        default="## What's changed\n\n$CHANGES\n\n**Contributors:** $CONTRIBUTORS",
        min_length=1,
        description="The notes. Variables such as `$CHANGES` are filled in; the manual lists them.",
    )
    header: NotesPage = Field(default="", description="Stands before the template.")
    footer: NotesPage = Field(default="", description="Stands behind the template.")
    name_template: VersionsLine = Field(default="", description="The title; left out, it is the tag.")
    tag_template: VersionsLine = Field(
        default="",
        description="The tag; left out, it is `$RESOLVED_VERSION` with the prefix of the last tag.",
    )
    tag_prefix: str = Field(
        default="",
        max_length=100,
        description="Only releases whose tag begins like this count; no part of the version.",
    )
    version_template: PartsLine = Field(
        default="$MAJOR.$MINOR.$PATCH$PRERELEASE", description="How a version is written."
    )
    category_template: HeadingLine = Field(default="## $TITLE", description="The heading of a category.")
    change_template: ChangePage = Field(
        default="* $TITLE (#$NUMBER) $AUTHORS", description="The line of a pull request."
    )
    change_author_template: PersonLine = Field(
        default="$AUTHOR_MENTION", description="Each person in `$AUTHORS`: `$AUTHOR`, `$AUTHOR_MENTION`."
    )
    change_authors_separator: Line = Field(default=", ", description="Stands between people in `$AUTHORS`.")
    change_authors_final_separator: Line | None = Field(
        default=None, description="Stands before the last of them; left out, the same."
    )
    change_title_escapes: Line = Field(
        default="\\<*_&",
        description="Signs of a title that do not format: `@` and `#` get an empty comment behind them,"
        " others a backslash in front. With a backtick in it, code is escaped, too.",
    )
    no_changes_template: Line = Field(default="* No changes", description="`$CHANGES` where there are none.")
    no_contributors_template: Line = Field(
        default="No contributors", description="`$CONTRIBUTORS` where there are none."
    )
    new_contributor_template: NewcomerLine = Field(
        default="* $AUTHOR_MENTION made their first contribution in #$NUMBER",
        description="The line of a person in `$NEW_CONTRIBUTORS`.",
    )
    no_new_contributor_template: Line = Field(
        default="* No new contributors", description="`$NEW_CONTRIBUTORS` where there are none."
    )
    new_contributors: bool = Field(
        default=True,
        description="Thank people for their first contribution in a line of its own, where the template"
        " has no `$NEW_CONTRIBUTORS`.",
    )
    categories: Annotated[tuple[Category, ...], Field(max_length=100), AfterValidator(_one_rest)] = Field(
        default=(), description="The headings, in this order; without any, the notes are one list."
    )
    include_labels: Labels = Field(default=(), description="Only changes with one of these labels.")
    exclude_labels: Labels = Field(default=(), description="No changes with one of these labels.")
    include_paths: PathPatterns = Field(default=(), description="Only changes to one of these paths.")
    exclude_paths: PathPatterns = Field(default=(), description="No changes to one of these paths.")
    exclude_contributors: Names = Field(default=(), description="Logins that are not named among people.")
    replacers: Annotated[tuple[Replacer, ...], Field(max_length=50)] = Field(
        default=(), description="Search and replace in the finished notes, one after the other."
    )
    sort_by: Literal["merged_at", "title"] = Field(default="merged_at", description="The order of changes.")
    sort_direction: Literal["ascending", "descending"] = Field(
        default="descending", description="`descending` has the latest first."
    )
    cancel_reverts: bool = Field(
        default=True, description="Leave out a change that was taken back before the release, and its revert."
    )
    version_from: Literal["labels", "commits"] = Field(
        default="labels",
        description="What decides on the version: labels (`version_resolver`, `semver_increment`), or titles"
        " and commits such as `feat: ...`.",
    )
    version_resolver: VersionResolver = Field(
        default=VersionResolver(), description="Which labels make which version."
    )
    initial_development: bool = Field(
        default=True,
        description="With `version_from: commits`: before 1.0.0, a breaking change makes a minor version.",
    )
    scheme: Scheme = Field(
        default="semver", description="How versions are numbered: `1.2.0-rc.1`, `1.2.0rc1`."
    )
    prerelease: bool = Field(default=False, description="The draft is a pre-release.")
    prerelease_identifier: Annotated[str, AfterValidator(_identifier)] = Field(
        default="",
        max_length=30,
        description="Numbers the pre-releases: `rc` for `1.2.0-rc.1`; implies `prerelease`.",
    )
    include_pre_releases: bool = Field(
        default=False, description="Pre-releases count as the last release, for a full release as well."
    )
    latest: bool | Literal["legacy"] = Field(default=True, description="GitHub's mark, when it is published.")
    commitish: str = Field(
        default="", max_length=250, description="The branch to release; left out, the default branch."
    )
    filter_by_commitish: bool = Field(default=False, description="Only releases of that branch count.")
    autolabeler: tuple[dict[str, Any], ...] = Field(
        default=(),
        description="Accepted, so that a file can move over, and without effect here: see `path_labels`.",
    )

    @property
    def is_prerelease(self) -> bool:
        return self.prerelease or bool(self.prerelease_identifier)

    @property
    def is_set_up(self) -> bool:
        """Whether the file has any setting of this section, apart from those that every section has."""
        return bool(self.model_fields_set - set(Section.model_fields))

    @property
    def asks_for_paths(self) -> bool:
        """Whether the files that the pull requests changed must be known."""
        asked = [condition.all_paths for category in self.categories for condition in category.conditions]
        return bool(self.include_paths or self.exclude_paths or any(asked))

    @model_validator(mode="after")
    def _agrees(self) -> "ReleaseConfig":
        has_rest = any(c.type == "version-resolver" and not c.conditions for c in self.categories)
        if has_rest and "default" in self.version_resolver.model_fields_set:
            raise ValueError("without both `version_resolver.default` and a resolver that has no `when`")
        if self.scheme == "pep440" and self.prerelease_identifier not in {"", *PEP440_WORDS}:
            raise ValueError("with `a`, `b`, `rc` or `dev` as `prerelease_identifier`, for PEP 440")
        return self
