"""The notes of a release: its changes under their headings, and its people."""

from collections.abc import Mapping, Sequence

from bot.core.release.categories import Verdict
from bot.core.release.harmless import harmless_line, harmless_text
from bot.core.release.people import Credit, Roster, sentence
from bot.core.release.replacers import replaced
from bot.core.release.settings import Category, ReleaseConfig
from bot.core.release.state import MergedPull, ReleaseState
from bot.core.release.templates import filled, uses

Values = Mapping[str, str]


def notes(
    pulls: Sequence[MergedPull],
    verdicts: Mapping[int, Verdict],
    state: ReleaseState,
    config: ReleaseConfig,
    values: Values,
) -> str:
    """Write the notes.

    Args:
        pulls: the changes that are in them, in the order in which they were merged.
        verdicts: what the categories make of them, by number.
        state: where they come from.
        config: the settings.
        values: the variables of the version, by name; used in all templates.
    """
    owner, _, name = state.repository.partition("/")
    around = {
        **values,
        "OWNER": owner,
        "REPOSITORY": name,
        "PREVIOUS_TAG": state.last.tag if state.last else "",
    }
    roster = Roster(pulls, state.server, config.exclude_contributors)
    newcomers = roster.newcomers(pulls, state.first_timers)
    lines = _Lines(roster, state, config, around)
    page = config.header + config.template
    thanks = ""
    if config.new_contributors and newcomers and not uses(page + config.footer, "NEW_CONTRIBUTORS"):
        thanks = f"\n\n{_thanks(newcomers)}\n"
    contents = {
        **around,
        "CHANGES": _changes(pulls, verdicts, lines, config),
        "CONTRIBUTORS": sentence(roster.contributors(pulls), config.no_contributors_template),
        "NEW_CONTRIBUTORS": "\n".join(lines.newcomer(*each) for each in newcomers)
        or config.no_new_contributor_template,
    }
    whole = filled(page, contents).rstrip() + thanks if thanks else filled(page, contents)
    return replaced(whole + filled(config.footer, contents), config.replacers).strip()


class _Lines:
    """How a change and a newcomer are written.

    Args:
        roster: who they are.
        state: where they come from.
        config: the templates.
        around: the variables of the release.
    """

    def __init__(self, roster: Roster, state: ReleaseState, config: ReleaseConfig, around: Values) -> None:
        self._roster = roster
        self._pages = f"{state.server}/{state.repository}/pull"
        self._config = config
        self._around = around

    def change(self, pull: MergedPull, category: str) -> str:
        config, author = self._config, self._roster.author(pull)
        template = config.change_template
        values = {
            **self._around,
            "NUMBER": str(pull.number),
            "CATEGORY": category,
            "TITLE": harmless_line(pull.title, config.change_title_escapes, template),
            "AUTHOR": author.plain,
            "AUTHOR_URL": author.url,
            "AUTHORS": self._authors(pull) if uses(template, "AUTHORS") else "",
            "BODY": harmless_text(pull.body) if uses(template, "BODY") else "",
            "URL": self._url(pull),
            "BASE_REF_NAME": harmless_line(pull.base, "\\*_", template),
            "HEAD_REF_NAME": harmless_line(pull.head, "\\*_", template),
        }
        return filled(template, values)

    def newcomer(self, credit: Credit, pull: MergedPull) -> str:
        values = {
            **self._around,
            "AUTHOR": credit.plain,
            "AUTHOR_MENTION": credit.mention,
            "AUTHOR_URL": credit.url,
            "NUMBER": str(pull.number),
            "URL": self._url(pull),
        }
        return filled(self._config.new_contributor_template, values)

    def _authors(self, pull: MergedPull) -> str:
        config = self._config
        said = [
            filled(config.change_author_template, {"AUTHOR": credit.name, "AUTHOR_MENTION": credit.mention})
            for credit in self._roster.authors(pull)
        ]
        final = config.change_authors_final_separator
        if final is None or len(said) < 2:
            return config.change_authors_separator.join(said)
        return config.change_authors_separator.join(said[:-1]) + final + said[-1]

    def _url(self, pull: MergedPull) -> str:
        return pull.url or f"{self._pages}/{pull.number}"


def _changes(
    pulls: Sequence[MergedPull], verdicts: Mapping[int, Verdict], lines: _Lines, config: ReleaseConfig
) -> str:
    """The list of changes: those without a heading first, then each heading that has any."""
    places = {id(category): place for place, category in enumerate(config.categories)}
    rest: list[str] = []
    under: list[list[str]] = [[] for _ in config.categories]
    for pull in _sorted(pulls, config):
        headings = verdicts[pull.number].headings
        if not headings:
            rest.append(lines.change(pull, ""))
        for heading in headings:
            under[places[id(heading)]].append(lines.change(pull, heading.title))
    blocks = ["\n".join(rest)] if rest else []
    for category, listed in zip(config.categories, under, strict=True):
        if listed:
            blocks.append(_section(category, listed, config))
    return "\n\n".join(blocks) or config.no_changes_template


def _section(category: Category, listed: Sequence[str], config: ReleaseConfig) -> str:
    heading = filled(config.category_template, {"TITLE": category.title})
    text = "\n".join(listed)
    if 0 <= category.collapse_after < len(listed):
        many = f"{len(listed)} change{'s' if len(listed) > 1 else ''}"
        text = f"<details>\n<summary>{many}</summary>\n\n{text}\n</details>"
    return f"{heading}\n\n{text}" if heading else text


def _sorted(pulls: Sequence[MergedPull], config: ReleaseConfig) -> list[MergedPull]:
    is_down = config.sort_direction == "descending"
    if config.sort_by == "title":
        return sorted(
            pulls, key=lambda pull: (pull.title.casefold(), pull.title, pull.number), reverse=is_down
        )
    return sorted(pulls, key=lambda pull: (pull.merged_at, pull.number), reverse=is_down)


def _thanks(newcomers: Sequence[tuple[Credit, MergedPull]]) -> str:
    said = [f"{credit.mention} (#{pull.number})" for credit, pull in newcomers]
    named = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
    return f"Thank you to {named} for a first contribution!"
