"""The section `docs` of the config file: what asks for documentation, and where it lies."""

from typing import Annotated

from pydantic import AfterValidator, Field

from bot.core.globs import bounded, glob
from bot.core.limits import LABEL_NAME
from bot.core.rule import Section


def _usable(pattern: str) -> str:
    glob(pattern)
    return pattern


Pattern = Annotated[str, Field(min_length=1), AfterValidator(_usable)]
Patterns = Annotated[tuple[Pattern, ...], Field(max_length=200), AfterValidator(bounded)]
Word = Annotated[str, Field(min_length=1, max_length=50)]

#: Where documentation usually lies, in every folder of the repository.
USUAL_DOCS = (
    "**/{docs,doc,documentation,website,wiki}/**",
    "**/*.{md,mdx,rst,adoc}",
    "**/{README,CHANGELOG,CHANGES,HISTORY,NEWS,UPGRADING,MIGRATION}{,.txt}",
    "**/{changes,changelog.d,newsfragments,.changeset}/*",
)
#: Types of change that users of a project do not notice.
QUIET_TYPES = ("build", "chore", "ci", "docs", "refactor", "revert", "style", "test")


class DocsConfig(Section):
    """Documentation and changelog of a pull request, once `public` or `changelog` is set."""

    public: Patterns = Field(
        default=(), description="Path patterns of what others build on, which asks for documentation."
    )
    docs: Patterns = Field(
        default=USUAL_DOCS, description="Path patterns of documentation, the changelog included."
    )
    changelog: Patterns = Field(
        default=(), description="Path patterns of the changelog; one of such files must change."
    )
    skip_label: Annotated[str, Field(min_length=1, max_length=LABEL_NAME)] = Field(
        default="skip-changelog", description="The label of pull requests that need no line in the changelog."
    )
    exempt_types: Annotated[tuple[Word, ...], Field(max_length=100)] = Field(
        default=QUIET_TYPES,
        description="Conventional types that need no line in the changelog, unless marked as breaking (`!`).",
    )
    follow_up: bool = Field(
        default=True,
        description="Open an issue for the documentation of a merged pull request where it was waived.",
    )
    follow_up_label: Annotated[str, Field(min_length=1, max_length=LABEL_NAME)] = Field(
        default="documentation", description="The label of such an issue, where the repository has it."
    )

    @property
    def is_silent(self) -> bool:
        """Whether nothing asks for documentation."""
        return not (self.public or self.changelog)
