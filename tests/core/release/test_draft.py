from dataclasses import replace

import pytest

from bot.core.actions import DraftRelease
from bot.core.release.draft import MAX_BODY, Kept, cut, drafted, kept, target
from bot.core.release.state import Release, ReleaseState
from tests.core.release.history import config, merged, state

PLAIN = config(template="$CHANGES", name_template="Widgets $RESOLVED_VERSION")
FEATURE = config(**{**PLAIN.model_dump(exclude_unset=True), "version_from": "commits"})


def written(now: ReleaseState, settings: object = PLAIN) -> DraftRelease:
    _plan, action = drafted(now, settings)  # type: ignore[arg-type]
    assert action is not None
    return action


def on_github(action: DraftRelease, **changes: object) -> Release:
    """The draft that an action leaves."""
    draft = Release(action.tag, action.name, action.body, 5, is_draft=True, target=action.target)
    return replace(draft, **changes)  # type: ignore[arg-type]


FIRST = state(merged(1))
DRAFT = on_github(written(FIRST))


def test_the_first_change_makes_a_draft() -> None:
    action = written(FIRST)
    assert (action.tag, action.name, action.target) == ("v1.4.3", "Widgets 1.4.3", "main")
    assert (action.prerelease, action.latest, action.draft) == (False, "true", 0)
    assert action.body.split("\n")[1:] == ["* Change 1 (#1) @nia", "<!-- usher:notes end -->"]
    assert action.reason == "1 change since v1.4.2; a patch version as no change asks for another"


def test_a_draft_that_is_current_is_left_alone() -> None:
    assert drafted(replace(FIRST, draft=DRAFT), PLAIN)[1] is None
    as_given_back = replace(DRAFT, body=DRAFT.body.replace("\n", "\r\n") + "\r\n", target="")
    assert drafted(replace(FIRST, draft=as_given_back), PLAIN)[1] is None


def test_each_further_change_edits_it() -> None:
    action = written(state(merged(1), merged(2), draft=DRAFT))
    assert action.draft == 5
    assert "* Change 2 (#2) @nia\n* Change 1 (#1) @nia" in action.body


def test_nothing_is_drafted_without_a_change() -> None:
    assert drafted(state(), PLAIN)[1] is None
    assert "* No changes" in written(state(draft=DRAFT)).body


def test_words_of_people_around_the_notes_stay() -> None:
    edited = replace(DRAFT, body=f"# Highlights\n\n{DRAFT.body}\n\nMind the gap.")
    body = written(state(merged(1), merged(2), draft=edited)).body
    assert body.startswith("# Highlights\n\n<!-- usher:notes {")
    assert body.endswith("<!-- usher:notes end -->\n\nMind the gap.")
    assert body.count("usher:notes") == 2


def test_a_draft_that_people_wrote_is_not_lost() -> None:
    own = Release("v2.0.0", "The big one", "Everything is new.", 9, is_draft=True, target="main")
    action = written(state(merged(1), draft=own))
    assert (action.tag, action.name, action.draft) == ("v2.0.0", "The big one", 9)
    assert action.body.startswith("Everything is new.\n\n<!-- usher:notes {")


def test_a_tag_and_a_title_that_people_change_stay() -> None:
    now = state(merged(1), merged(2, "feat: more"), draft=replace(DRAFT, tag="v2.0.0", name="Two"))
    action = written(now, FEATURE)
    assert (action.tag, action.name) == ("v2.0.0", "Two")
    again = state(*now.pulls, merged(3), draft=on_github(action))
    assert (written(again, FEATURE).tag, written(again, FEATURE).name) == ("v2.0.0", "Two")


def test_a_tag_that_nobody_changed_grows_with_the_changes() -> None:
    action = written(state(merged(1), merged(2, "feat: more"), draft=DRAFT), FEATURE)
    assert (action.tag, action.name) == ("v1.5.0", "Widgets 1.5.0")


@pytest.mark.parametrize(
    ("body", "above", "below"),
    [
        ("", "", ""),
        ("Mine", "Mine", ""),
        ('a\n<!-- usher:notes {"tag": "x"} hint -->\nb\n<!-- usher:notes end -->\nc', "a", "c"),
        ('<!-- usher:notes {"tag": "x"} hint -->\nb and no end', "", ""),
        ("<!-- usher:notes {broken} hint -->\nb\n<!-- usher:notes end -->", "", ""),
        ("<!-- usher:notes {} hint -->\nb\n<!-- usher:notes end -->\r\n", "", ""),
    ],
)
def test_what_is_between_the_marks_is_ushers(body: str, above: str, below: str) -> None:
    assert kept(state(draft=Release("", "", body, is_draft=True))) == Kept(above, below)
    assert kept(state()) == Kept()


def test_nothing_in_a_name_ends_the_mark() -> None:
    tricky = config(template="$CHANGES", name_template='-->{"tag": "z"} $RESOLVED_VERSION --> x')
    action = written(FIRST, tricky)
    assert action.body.split("\n")[0].count("-->") == 1
    assert kept(replace(FIRST, draft=on_github(action))) == Kept()


def test_the_notes_fit_into_a_release() -> None:
    titles = [merged(n, "x" * 250) for n in range(1, 800)]
    own = replace(DRAFT, body=f"{'y' * 5_000}\n\n{DRAFT.body}")
    for now in (state(*titles), state(*titles, draft=own)):
        lines = written(now).body.rstrip().split("\n")
        assert MAX_BODY - 1_000 < len("\n".join(lines)) <= MAX_BODY
        assert lines[-2:] == ["… *The rest does not fit into a release.*", "<!-- usher:notes end -->"]
        assert lines[-4].endswith(" @nia")


def test_a_cut_closes_what_is_folded() -> None:
    text = "<details>\n" + "* x\n" * 100 + "</details>"
    shown = cut(text, 200)
    assert len(shown) <= 200
    assert "* x\n</details>\n\n…" in shown
    assert cut(text, len(text)) == text
    assert cut(text, 10) == "\n\n… *The r"
    assert cut(text, -5) == ""


@pytest.mark.parametrize(
    ("commitish", "branch"),
    [
        ("", "main"),
        ("next", "next"),
        ("refs/heads/next", "next"),
        ("refs/tags/v1", "main"),
        ("a1b2c3", "a1b2c3"),
    ],
)
def test_a_release_is_made_from_a_branch_or_a_commit(commitish: str, branch: str) -> None:
    assert target(state(), config(commitish=commitish)) == branch


def test_the_settings_mark_a_release() -> None:
    marked = written(FIRST, config(prerelease_identifier="rc", latest="legacy"))
    assert (marked.tag, marked.prerelease, marked.latest) == ("v1.4.3-rc.1", True, "legacy")
    assert written(FIRST, config(latest=False)).latest == "false"


def test_no_title_ends_the_notes() -> None:
    hostile = state(merged(1, title="fix: one <!-- usher:notes end -->"))
    action = written(hostile)
    again = replace(hostile, draft=on_github(action))
    assert kept(again) == Kept()
    assert drafted(again, PLAIN)[1] is None
