"""The section ``release_gate`` of the config file."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.core.release import templates
from bot.core.release.settings import Labels, Line, Names, PathPatterns
from bot.core.rule import Section

Needed = Literal["tests", "blockers", "docs", "changelog", "migrations", "verification"]
MilestoneLine = Annotated[Line, AfterValidator(templates.only({"TAG", "VERSION"}))]

#: Where documentation, the changelog, and what data and interfaces look like usually lie.
DOCS = ("**/{docs,doc,documentation,website,wiki}/**", "**/*.{md,mdx,rst,adoc}")
CHANGELOG = (
    "{CHANGELOG,CHANGES,HISTORY,NEWS,changelog,changes}{,.md,.rst,.txt,.adoc}",
    "{changes,changelog.d,newsfragments,.changeset}/*",
)
SCHEMAS = (
    "**/{migrations,alembic,migrate}/**",
    "**/*.{proto,avsc,graphqls,prisma}",
    "**/schema*.{sql,rb,graphql,json}",
    "**/{openapi,swagger}*.{json,yaml,yml}",
)


class ReleaseGateConfig(Section):
    """What a release needs before `/release publish` lets it out."""

    needs: tuple[Needed, ...] = Field(
        default=("tests", "blockers", "docs", "changelog", "migrations", "verification"),
        description="The items that hold a release up; the others are shown as optional.",
    )
    blocking_labels: Labels = Field(
        default=("release-blocker",), description="Open issues and pull requests with one of these block it."
    )
    milestone: MilestoneLine = Field(
        default="",
        description="The milestone whose open issues block it, with `$TAG` and `$VERSION`; left out, it is"
        " the one called like the tag or the version, such as `v1.2.0`, `1.2.0` or `1.2`.",
    )
    require_checks: bool = Field(
        default=True, description="`false` takes a commit without any checks for a tested one."
    )
    ignore_checks: Names = Field(default=(), description="Checks that do not count; `*` stands for any text.")
    docs: PathPatterns = Field(default=DOCS, description="Path patterns of documentation.")
    changelog: PathPatterns = Field(default=CHANGELOG, description="Path patterns of the changelog.")
    schemas: PathPatterns = Field(
        default=SCHEMAS, description="Path patterns of what asks for notes on migration when it changes."
    )
