"""The gate of a release: each item, how it stands, and what the whole comes to."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.flow import Item, Status
from bot.core.pull_context import Skip, Skips
from bot.core.pulls import Check, Checks
from bot.core.release.gate import OF_THE_COMMIT, WAIVABLE, Gate, draft_wanted, gate, milestone_titles
from bot.core.release.gate_settings import ReleaseGateConfig
from bot.core.release.gate_state import GateState
from bot.core.release.state import Release
from tests.core.release.gates import MERGED, MINOR, SHA, draft, files, ready, settings, waived
from tests.core.release.history import LAST, config, merged, state


def judged(given: GateState, **changes: Any) -> Gate:
    return gate(given, settings(**changes))


def item(key: str, given: GateState, **changes: Any) -> Item:
    return next(each for each in judged(given, **changes).items if each.key == key)


def says(key: str, given: GateState, **changes: Any) -> tuple[Status, str]:
    """How an item stands, and why."""
    found = item(key, given, **changes)
    return found.status, found.text.plain()


DONE, MISSING, WAITING = Status.DONE, Status.MISSING, Status.WAITING
NOT_APPLICABLE = Status.NOT_APPLICABLE
TOO_MANY = "GitHub lists 300 of the changed files, and none of these is {}. A person has to look"


def test_a_release_with_everything_is_green() -> None:
    found = judged(ready())
    assert [each.status for each in found.items] == [DONE, DONE, DONE, DONE, DONE, NOT_APPLICABLE, DONE]
    assert (found.is_green, found.conclusion, found.tag, found.sha) == (True, "success", "v1.5.0", SHA)


def test_what_nobody_asked_about_is_not_green() -> None:
    assert not judged(GateState()).is_green


# The draft


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"sha": "", "branch": "1.x"}, "there is no branch `1.x` to release"),
        ({"release": state(MERGED)}, "there is none yet; `/release prepare` writes it"),
        (
            {"release": state(MERGED, draft=draft(tag="untagged-0a1b2c"))},
            "it has no tag: give it one, or say `/release prepare`",
        ),
        (
            {"tagged": "d" * 40},
            "the tag `v1.5.0` exists already, on `ddddddd`: give the draft another one",
        ),
        (
            {"release": state(MERGED, merged(102, "Late"), draft=draft())},
            "`v1.5.0` does not have everything yet; `/release prepare` brings it up to date",
        ),
    ],
)
def test_without_its_draft_no_release_is_green(changes: dict[str, Any], text: str) -> None:
    given = ready(**changes)
    assert says("draft", given) == (MISSING, text)
    assert not judged(given, needs=[]).is_green
    assert judged(given).conclusion == "failure"


def test_a_tag_that_names_the_commit_already_is_no_obstacle() -> None:
    assert says("draft", ready(tagged=SHA)) == (DONE, "`v1.5.0`, on `ccccccc`")


def test_a_draft_that_a_person_wrote_alone_is_theirs() -> None:
    given = ready(release=state(MERGED, draft=draft(body="Better than ever.")))
    assert item("draft", given).status == DONE
    assert draft_wanted(given) is not None  # for those who ask


@pytest.mark.parametrize("off", [True, False])
def test_where_usher_keeps_no_draft_none_is_asked_for(off: bool) -> None:
    release = state(MERGED, merged(102, "Late"), draft=draft())
    given = ready(release=release, settings=config(enabled=not off))
    assert (draft_wanted(given) is None) is off
    assert (item("draft", given).status == DONE) is off


def test_whoever_asks_gets_a_draft_of_no_change_too() -> None:
    first = draft_wanted(ready(release=state(last=None)))
    assert first is not None
    assert (first.tag, "No changes" in first.body) == ("v0.1.0", True)


def test_a_draft_with_the_tag_of_the_release_before_is_not_wanted() -> None:
    given = ready(settings=config(tag_template="v1.4.2"), release=state(MERGED))
    assert draft_wanted(given) is None


# Tests


def checks(*named: Check, is_complete: bool = True) -> Checks:
    return Checks(named, SHA, is_complete)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (checks(Check("ci", "success"), Check("docs", "skipped")), (DONE, "2 checks passed")),
        (checks(Check("ci", "success")), (DONE, "1 check passed")),
        (checks(Check("ci", "failure"), Check("lint")), (MISSING, "`ci` failed")),
        (checks(Check("ci", "success"), Check("lint")), (WAITING, "waiting for `lint`")),
        (
            checks(Check("ci", "success"), is_complete=False),
            (MISSING, "there are more checks than can be read. A person has to look"),
        ),
        (checks(), (MISSING, "no checks ran on `ccccccc` (`require_checks` in the settings)")),
    ],
)
def test_the_checks_of_the_commit(found: Checks, expected: tuple[Status, str]) -> None:
    assert says("tests", ready(checks=found)) == expected


def test_checks_need_not_count_nor_be_there() -> None:
    flaky = checks(Check("nightly / gpu", "failure"))
    assert says("tests", ready(checks=flaky), ignore_checks=["nightly*"], require_checks=False) == (
        NOT_APPLICABLE,
        "no checks ran, and none need to",
    )


def test_while_only_checks_are_waited_for_it_is_in_progress() -> None:
    assert judged(ready(checks=checks(Check("ci")))).conclusion == ""
    assert judged(ready(checks=checks(Check("ci")), unverified=(7,))).conclusion == ""
    assert judged(ready(checks=checks(Check("ci")), blockers=(7,))).conclusion == "failure"


# Issues


def test_blocking_issues_are_named_and_counted() -> None:
    assert says("blockers", ready()) == (DONE, "none is open")
    assert says("blockers", ready(blockers=(4, 9))) == (MISSING, "open: #4, #9")
    skip = Skips((Skip("blockers", "they can wait", "maya", covers=(4, 9)),))
    assert says("blockers", ready(blockers=(4,), skips=skip))[0] == Status.SKIPPED
    assert says("blockers", ready(blockers=(4, 11), skips=skip)) == (MISSING, "open: #11")
    many = says("blockers", ready(blockers=tuple(range(1, 9))))[1]
    assert many == "open: #1, #2, #3, #4, #5 and 3 more"


@pytest.mark.parametrize(
    ("tag", "changes", "expected"),
    [
        ("v1.5.0", {}, {"v1.5.0", "1.5.0", "v1.5", "1.5"}),
        ("v2.0.0-rc.1", {}, {"v2.0.0-rc.1", "2.0.0-rc.1", "v2.0", "2.0"}),
        ("api/1.5.0", {}, {"api/1.5.0", "v1.5.0", "1.5.0", "v1.5", "1.5"}),
        ("v1.5.0", {"milestone": "Sprint $VERSION ($TAG)"}, {"sprint 1.5.0 (v1.5.0)"}),
        ("untagged-0a", {}, set()),
        ("spring", {}, set()),
    ],
)
def test_what_the_milestone_may_be_called(tag: str, changes: dict[str, Any], expected: set[str]) -> None:
    settled = config(tag_prefix="api/" if tag.startswith("api/") else "")
    found = milestone_titles(Release(tag, is_draft=True), settings(**changes), settled)
    assert found == expected


def test_a_variable_of_the_milestone_that_is_none_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match=r"`\$VERSIONS`, which is no variable here. Did you mean"):
        ReleaseGateConfig(milestone="Sprint $VERSIONS")


def test_without_a_draft_there_is_no_milestone() -> None:
    assert milestone_titles(None, settings(), MINOR) == frozenset()


def test_what_broke_after_a_merge_holds_it_up() -> None:
    assert says("verification", ready()) == (DONE, "nothing that was merged waits for it")
    red, waits = "checks after the merge are red: #7", "checks after the merge are under way: #7"
    assert says("verification", ready(unverified=(7,), broken=(7,))) == (MISSING, red)
    assert says("verification", ready(unverified=(7,))) == (Status.WAITING, waits)
    both = ready(unverified=(7, 9), broken=(7,))
    assert says("verification", both) == (MISSING, f"{red}; under way: #9")


# Documentation, changelog, migrations


def test_docs_that_were_left_for_later_come_first() -> None:
    assert says("docs", ready(follow_ups=(41,))) == (MISSING, "left for later and still open: #41")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (files("docs/a.md"), (DONE, "`docs/a.md` changed")),
        (files("guide/a.rst", "src/a.py"), (DONE, "`guide/a.rst` changed")),
        (files("CHANGELOG.md"), (MISSING, "no documentation changed since `v1.4.2`")),
        (
            files("src/a.py", is_complete=False),
            (
                MISSING,
                TOO_MANY.format("documentation"),
            ),
        ),
    ],
)
def test_the_documentation(changed: Any, expected: tuple[Status, str]) -> None:
    assert says("docs", ready(changed=changed)) == expected


def test_a_patch_and_a_first_release_need_no_new_documentation() -> None:
    patch = ready(
        release=state(merged(102), draft=draft(tag="v1.4.3", body="Mine")), changed=files("src/a.py")
    )
    assert says("docs", patch) == (NOT_APPLICABLE, "a patch, and nothing was left for later")
    first = ready(release=state(MERGED, last=None, draft=draft(body="Mine")), changed=files())
    assert says("docs", first) == (NOT_APPLICABLE, "the first release")
    assert says("migrations", first) == (NOT_APPLICABLE, "the first release")
    assert says("changelog", first) == (DONE, "`CHANGELOG.md` is there")


def test_a_pre_release_is_judged_like_any_other() -> None:
    last = replace(LAST, tag="v1.5.0-rc.1", is_prerelease=True)
    given = ready(
        release=state(
            merged(102), last=last, draft=draft(tag="v1.5.0-rc.2", body="Mine", is_prerelease=True)
        ),
        settings=config(prerelease_identifier="rc"),
        changed=files("src/a.py", "CHANGELOG.md"),
    )
    assert judged(given).is_green


@pytest.mark.parametrize(
    ("changed", "changelogs", "expected"),
    [
        (files("CHANGELOG.md"), ("CHANGELOG.md",), (DONE, "`CHANGELOG.md` changed")),
        (files("newsfragments/7.bugfix"), (), (DONE, "`newsfragments/7.bugfix` changed")),
        (files("src/a.py"), ("NEWS",), (MISSING, "`NEWS` did not change since `v1.4.2`")),
        (files("src/a.py"), (), (NOT_APPLICABLE, "there is none, and the notes of the release serve")),
        (
            files("src/a.py", is_complete=False),
            ("NEWS",),
            (
                MISSING,
                TOO_MANY.format("a changelog"),
            ),
        ),
    ],
)
def test_the_changelog(changed: Any, changelogs: tuple[str, ...], expected: tuple[Status, str]) -> None:
    assert says("changelog", ready(changed=changed, changelogs=changelogs)) == expected


def test_a_changelog_that_was_removed_tells_nobody_anything() -> None:
    gone = files("CHANGELOG.md")
    gone = replace(gone, files=(replace(gone.files[0], status="removed"),))
    assert item("changelog", ready(changed=gone, changelogs=("NEWS",))).status == MISSING


SCHEMA = "migrations/versions/0005_gates.py"
UNTOLD = f"`{SCHEMA}` changed, and neither the draft nor the changelog tells how to migrate or upgrade"


@pytest.mark.parametrize(
    ("changed", "words", "expected"),
    [
        (files("docs/a.md"), "", (NOT_APPLICABLE, "no schema changed")),
        (files(SCHEMA), "", (MISSING, UNTOLD)),
        (files(SCHEMA), "Better than ever.", (MISSING, UNTOLD)),
        (files(SCHEMA), "Upgrading takes a minute.", (DONE, "the draft tells how to migrate")),
        (files(SCHEMA, "docs/upgrading.md"), "", (DONE, "`docs/upgrading.md` changed")),
        (
            files(SCHEMA, "CHANGELOG.md", patch="@@\n+- **Breaking**: say `make migrate`"),
            "",
            (DONE, "the changelog tells how to migrate"),
        ),
        (files(SCHEMA, "CHANGELOG.md", patch="@@\n-Breaking\n migrate\n+Faster"), "", (MISSING, UNTOLD)),
        (
            files("docs/a.md", is_complete=False),
            "",
            (
                MISSING,
                TOO_MANY.format("a schema"),
            ),
        ),
    ],
)
def test_the_notes_on_migration(changed: Any, words: str, expected: tuple[Status, str]) -> None:
    written = draft()
    release = state(MERGED, draft=replace(written, body=f"{words}\n\n{written.body}".strip()))
    assert says("migrations", ready(release=release, changed=changed)) == expected


def test_what_pull_requests_are_called_does_not_tell_how_to_migrate() -> None:
    pull = merged(101, "Migrate the users", labels=("enhancement",))
    written = draft_wanted(ready(release=state(pull)))
    assert written is not None
    kept = draft(body=written.body)
    assert says("migrations", ready(release=state(pull, draft=kept), changed=files(SCHEMA))) == (
        MISSING,
        UNTOLD,
    )


@pytest.mark.parametrize(
    "path",
    [
        *("alembic/versions/1.py", "app/migrations/0001.py", "db/schema.rb", "api/user.proto"),
        *("openapi.yaml", "docs/openapi-v2.json", "db/schema.sql", "prisma/schema.prisma"),
    ],
)
def test_what_counts_as_a_schema(path: str) -> None:
    assert item("migrations", ready(changed=files(path))).status == MISSING


# What maintainers decide


@pytest.mark.parametrize("key", WAIVABLE)
def test_every_item_but_the_draft_can_be_waived(key: str) -> None:
    given = ready(
        checks=checks(),
        blockers=(4,),
        changed=files(SCHEMA),
        unverified=(7,),
        skips=waived(key),
    )
    assert says(key, given) == (Status.SKIPPED, "waived by maint: not now")
    assert item("draft", replace(given, sha="", skips=waived("draft"))).status == MISSING


@pytest.mark.parametrize("key", sorted(OF_THE_COMMIT))
def test_what_was_waived_for_a_commit_is_not_for_the_next(key: str) -> None:
    given = ready(checks=checks(), unverified=(7,), broken=(7,), skips=waived(key, "d" * 40))
    assert item(key, given).status == MISSING


def test_what_is_there_needs_no_waiver() -> None:
    assert item("tests", ready(skips=waived("tests"))).status == DONE


def test_what_is_not_needed_is_shown_and_holds_nothing_up() -> None:
    found = judged(ready(blockers=(4,)), needs=["tests"])
    assert found.is_green
    (open_one,) = (each for each in found.items if each.is_open)
    assert (open_one.key, open_one.needed) == ("blockers", False)


def test_other_peoples_words_are_values() -> None:
    bad = "a`{x}`@everyone"
    found = item("tests", ready(checks=checks(Check(bad, "failure"))))
    assert bad not in found.text.text
    assert bad in found.text.plain()
