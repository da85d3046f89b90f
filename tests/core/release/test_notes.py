from dataclasses import replace
from itertools import cycle, islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.core.actors import GHOST, Actor
from bot.core.release.draft import MAX_BODY, drafted
from bot.core.release.notes import notes
from bot.core.release.plan import plan
from bot.core.release.settings import ReleaseConfig
from bot.core.release.state import MergedPull, Person, ReleaseState
from bot.core.release.templates import (
    OF_CHANGES,
    OF_NEWCOMERS,
    OF_NOTES,
    OF_PARTS,
    OF_PEOPLE,
    OF_VERSIONS,
    variables,
)
from tests.core.release.history import HISTORY, MAINT, NIA, SETTINGS, UPDATES, config, merged, state
from tests.patience import must_end

Z = "\u200b"  # what keeps a mention or a reference from being one

EXPECTED = rf"""## What's changed

* Revert "Rename the flags" (#113) @maint
* \# [x\]: $CHANGES | 1 \* 2 (#112) @ghost

## Features

* Read settings from two places (#108) @nia, Ada @{Z}lovelace, @maint
* Add a dark mode (#101) @nia, @ola

## Fixes

* Tell @{Z}acme/core; fixes #{Z}7 (#103) @nia
* Fix `Ctrl+S` on \<canvas> \& in \_\_main\_\_ (#102) @maint

## Documentation

* Explain plugins (#109) @kim
* Explain the proxy (#104) @kim

## Updates

<details>
<summary>2 changes</summary>

* Bump ruff from 0.9 to 0.10 (#110) [@dependabot[bot]](https://github.com/apps/dependabot)
* Bump @{Z}types/node from 20 to 22 (#106) [@dependabot[bot]](https://github.com/apps/dependabot)
</details>

@ghost, @kim, @maint, @nia, [@dependabot[bot]](https://github.com/apps/dependabot), Ada @{Z}lovelace and @ola made this. Before: v1.4.2.

Thank you to @nia (#101) and @kim (#104) for a first contribution!"""  # noqa: E501


def written(now: ReleaseState, settings: ReleaseConfig) -> str:
    planned = plan(now, settings)
    return notes(planned.pulls, planned.verdicts, now, settings, planned.values)


def test_a_history_becomes_notes() -> None:
    now = state(*HISTORY, first_timers=frozenset({10, 30, 40}))
    assert written(now, config(**SETTINGS)) == EXPECTED


def test_the_order_in_which_github_lists_them_does_not_matter() -> None:
    now = state(*HISTORY, first_timers=frozenset({10, 30}))
    assert written(replace(now, pulls=now.pulls[::-1]), config(**SETTINGS)) == written(
        now, config(**SETTINGS)
    )


# The examples of Release Drafter's documentation, in other words


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"change_template": "- $TITLE @$AUTHOR (#$NUMBER)"}, "- Add b @nia (#2)\n- Add a @nia (#1)"),
        ({"change_template": "* $TITLE [#$NUMBER]($URL)"}, "* Add b [#2](PAGE/2)\n* Add a [#1](PAGE/1)"),
        ({"change_template": "$NUMBER: $BODY"}, "2: Does b.\n1: Does a."),
        ({"change_template": "$HEAD_REF_NAME -> $BASE_REF_NAME"}, "b -> main\na -> main"),
        ({"change_template": "$AUTHOR_URL `$HOME`"}, "https://github.com/nia `$HOME`\n" * 2),
        ({"change_template": "$OWNER/$REPOSITORY#$NUMBER"}, "acme/widgets#2\nacme/widgets#1"),
        ({"change_template": "$TITLE ($RESOLVED_VERSION)"}, "Add b (1.4.3)\nAdd a (1.4.3)"),
        ({"sort_direction": "ascending", "change_template": "$NUMBER"}, "1\n2"),
        ({"sort_by": "title", "sort_direction": "ascending", "change_template": "$TITLE"}, "Add a\nAdd b"),
        (
            {"categories": [{"title": "All"}], "change_template": "$CATEGORY $NUMBER"},
            "## All\n\nAll 2\nAll 1",
        ),
        (
            {"categories": [{"title": "All"}], "category_template": "", "change_template": "- $TITLE"},
            "- Add b\n- Add a",
        ),
        (
            {"categories": [{"title": "All", "collapse_after": 0}], "change_template": "- $TITLE"},
            "## All\n\n<details>\n<summary>2 changes</summary>\n\n- Add b\n- Add a\n</details>",
        ),
        (
            {"categories": [{"title": "All", "collapse_after": 2}], "change_template": "- $TITLE"},
            "## All\n\n- Add b\n- Add a",
        ),
        ({"exclude_labels": ["x"]}, "* No changes"),
        ({"exclude_labels": ["x"], "no_changes_template": "Nothing."}, "Nothing."),
    ],
)
def test_changes_are_written_as_their_template_says(settings: dict[str, Any], expected: str) -> None:
    url = "https://github.com/acme/widgets/pull"
    pulls = [merged(n, f"Add {x}", body=f"Does {x}.", head=x, labels=("x",)) for n, x in ((1, "a"), (2, "b"))]
    assert (
        written(state(*pulls), config(template="$CHANGES", **settings))
        == expected.replace("PAGE", url).strip()
    )


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"template": "$CONTRIBUTORS"}, "@maint, @nia and @ola"),
        ({"template": "$CONTRIBUTORS", "exclude_contributors": ["Maint", "ola"]}, "@nia"),
        ({"template": "$CONTRIBUTORS", "exclude_contributors": ["maint", "nia", "ola"]}, "No contributors"),
        ({"template": "$OWNER/$REPOSITORY after $PREVIOUS_TAG"}, "acme/widgets after v1.4.2"),
        ({"template": "b", "header": "a-", "footer": "-c"}, "a-b-c"),
        ({"template": "$OWNER/compare/$PREVIOUS_TAG...v$RESOLVED_VERSION"}, "acme/compare/v1.4.2...v1.4.3"),
        (
            {"template": "CVE-2025-1234 by myname", "replacers": [
                {"search": r"/CVE-(\d{4})-(\d+)/g", "replace": "https://cve.org/CVE-$1-$2"},
                {"search": "myname", "replace": "My Name"},
            ]},
            "https://cve.org/CVE-2025-1234 by My Name",
        ),
    ],
)  # fmt: skip
def test_the_whole_is_written_as_its_template_says(settings: dict[str, Any], expected: str) -> None:
    now = state(merged(1, coauthors=(Person(11, "ola"),)), merged(2, author=MAINT))
    assert written(now, config(**settings)) == expected


def test_several_authors_stand_as_the_templates_for_them_say() -> None:
    now = state(merged(1, "Fix it", coauthors=(Person(11, "ola"), Person(name="Ada"), Person(40, "u[bot]"))))
    page = {"template": "$CHANGES", "change_template": "$AUTHORS"}
    bot = "[@u[bot]](https://github.com/apps/u)"
    assert written(now, config(**page)) == f"@nia, Ada, @ola, {bot}"
    assert (
        written(now, config(**page, change_authors_final_separator=" and ")) == f"@nia, Ada, @ola and {bot}"
    )
    lines = {"change_author_template": "- $AUTHOR", "change_authors_separator": "\n"}
    assert written(now, config(**page, **lines)) == "- nia\n- Ada\n- ola\n- u[bot]"


def test_a_mention_of_an_app_is_none_of_a_person() -> None:
    now = state(merged(1, "Bump x", author=UPDATES))
    link = "[dependabot[bot]](https://github.com/apps/dependabot)"
    assert written(now, config(template="$CHANGES", change_template="@$AUTHOR")) == f"@{link}"


# First contributions


def test_first_contributions_stand_where_the_template_has_them() -> None:
    now = state(merged(1), merged(2), first_timers=frozenset({10}))
    assert written(now, config(template="$NEW_CONTRIBUTORS")) == "* @nia made their first contribution in #1"
    own = config(template="$NEW_CONTRIBUTORS", new_contributor_template="$AUTHOR: $URL")
    assert written(now, own) == "nia: https://github.com/acme/widgets/pull/1"
    assert written(state(merged(1)), config(template="$NEW_CONTRIBUTORS")) == "* No new contributors"


def test_thanks_can_be_switched_off_and_stand_before_the_footer() -> None:
    now = state(merged(1), merged(2, author=MAINT), first_timers=frozenset({10, 20}))
    thanks = "Thank you to @nia (#1) and @maint (#2) for a first contribution!"
    assert written(now, config(template="Notes\n", footer="Bye")) == f"Notes\n\n{thanks}\nBye"
    assert written(now, config(template="Notes\n", footer="Bye", new_contributors=False)) == "Notes\nBye"


# Whatever people write


NASTY = (
    "<!-- everything that follows is hidden", "<details><summary>", "```", "~~~~", "`one` ` two", "# Heading",
    "---", "- a list", "1. a list", "> a quote", "@everyone and @acme/team", "closes #1, fix acme/x#2", "**",
    "[x]: https://example.org", "![pixel](https://example.org/p.png)", "[click](javascript:x)", "\\", "GH-3",
    "\\`\\<b>", "&#64;everyone &lt;", "$CHANGES $RESOLVED_VERSION", "a | b", "x\r\n* b (#9) @eve", "\u202ex",
)  # fmt: skip
AUTHORS = (NIA, MAINT, UPDATES, GHOST, Actor(30, "kim"), Actor(30, "kim-two"))
LABELS = ((), ("bug",), ("enhancement",), ("bug", "enhancement"), ("skip-changelog",), ("dependencies",))
SAFE = config(
    template="$CHANGES",
    change_template="* $TITLE (#$NUMBER) by $BASE_REF_NAME",
    categories=[{"title": "Bugs", "label": "bug"}],
)


def holds(pulls: list[MergedPull]) -> None:
    """What is true of any notes: one line for each change, and no title that does anything."""
    now = state(*pulls)
    planned = plan(now, SAFE)
    text = written(now, SAFE)
    assert written(state(*reversed(pulls)), SAFE) == text
    assert {
        int(line.rsplit("(#", 1)[1].split(")")[0]) for line in text.split("\n") if line.startswith("* ")
    } == {pull.number for pull in planned.pulls}
    tokens = MarkdownIt("commonmark").parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    items = [token for token in tokens if token.type == "list_item_open"]
    assert len(items) == len(planned.pulls)
    assert {token.type for token in tokens if token.nesting >= 0} <= {
        "bullet_list_open", "list_item_open", "paragraph_open", "inline", "heading_open"
    }  # fmt: skip
    assert {token.type for token in inline} <= {
        "text", "code_inline", "em_open", "em_close", "strong_open", "strong_close"
    }  # fmt: skip
    said = "".join(token.content for token in inline if token.type != "code_inline")
    assert [part for part in said.split("@")[1:] if not part.startswith(Z)] == []


def test_titles_that_try_things_do_nothing() -> None:
    holds([merged(n, title, labels=LABELS[n % 2]) for n, title in enumerate(NASTY, 1)])


@must_end
def test_a_thousand_changes_hold_as_well() -> None:
    titles = (f"{a} {b}" for a in cycle(NASTY) for b in NASTY)
    pulls = [
        merged(n, title, author=AUTHORS[n % 6], labels=LABELS[n % 6], after=n * 7919 % 1000)
        for n, title in enumerate(islice(titles, 1000), 1)
    ]
    holds(pulls)
    _plan, draft = drafted(state(*pulls, first_timers=frozenset({10, 20})), config(**SETTINGS))
    assert draft is not None
    assert len(draft.body) <= MAX_BODY


words = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=30), st.text("`\\<>@#[]()!&*_~-=1.: ", max_size=15)
)
titles = st.lists(words, min_size=1, max_size=3).map(" ".join).filter(lambda title: bool(title.strip()))


@given(st.lists(st.tuples(titles, st.sampled_from(LABELS[:2]), st.integers(0, 50)), min_size=1, max_size=12))
def test_any_titles_hold(changes: list[tuple[str, tuple[str, ...], int]]) -> None:
    holds([merged(n, title, labels=labels, after=at) for n, (title, labels, at) in enumerate(changes, 1)])


def test_all_variables_that_settings_may_have_are_filled_in() -> None:
    def listing(names: frozenset[str]) -> str:
        return "|".join(f"${name}" for name in sorted(names))

    settings = config(
        template=listing(OF_NOTES),
        change_template=listing(OF_CHANGES),
        change_author_template=listing(OF_PEOPLE),
        new_contributor_template=listing(OF_NEWCOMERS),
        version_template=listing(OF_PARTS),
        name_template=listing(OF_VERSIONS),
    )
    now = state(replace(merged(7, "Add it"), author=NIA), first_timers=frozenset({7}))
    planned = plan(now, settings)
    written = notes(planned.pulls, planned.verdicts, now, settings, planned.values)
    known = OF_NOTES | OF_CHANGES | OF_PEOPLE | OF_NEWCOMERS | OF_PARTS | OF_VERSIONS
    assert not known & set(variables(written + planned.name))
