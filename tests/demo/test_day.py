"""The script of the demo: it hangs together, leaves no kind of thing out, and its strict words are fair."""

from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.catalogue import COMMANDS
from bot.demo.acts import ACTS
from bot.demo.entries import Comment, OpenIssue, OpenPull
from bot.demo.script import Day, load, read
from model.labels import LABELS
from model.predict import Classifier

DAY = load()


def test_there_is_enough_to_see() -> None:
    assert len(DAY.entries) >= 36
    assert sum(isinstance(entry, OpenIssue) for entry in DAY.entries) >= 15
    assert len({entry.by for entry in DAY.entries}) >= 15


def test_every_kind_of_entry_happens() -> None:
    assert {type(entry) for entry in (*DAY.yesterday, *DAY.entries)} == set(ACTS)


def test_every_part_is_played() -> None:
    on_stage = {DAY.place.people[entry.by] for entry in DAY.entries}
    assert on_stage == set(DAY.place.people.values())


def test_every_command_of_usher_is_given() -> None:
    said = "\n".join(entry.text for entry in DAY.entries if isinstance(entry, Comment))
    assert [command.name for command in COMMANDS if f"/{command.name}" not in said] == []


def test_every_kind_of_trouble_comes_up() -> None:
    assert {entry.fault.kind for entry in DAY.entries if entry.fault} == {"bad_gateway", "drop_webhooks"}
    assert any(entry.server_dies for entry in DAY.entries)
    expected = [entry.expect for entry in DAY.entries]
    assert {one.delivery for one in expected} >= {"done", "ignored", "duplicate", "absent"}
    assert any("triage observed" in (one.ledger or ()) for one in expected)
    assert any(one.untouched for one in expected)


def test_every_type_of_issue_comes_up() -> None:
    kinds = {entry.expect.type for entry in DAY.entries if isinstance(entry, OpenIssue)}
    assert kinds >= {*LABELS, "unsure", "any", "none"}


def test_every_thread_has_something_expected_of_it() -> None:
    opened = [entry for entry in DAY.entries if isinstance(entry, OpenIssue | OpenPull)]
    assert [entry.headline for entry in opened if not entry.name or entry.expect.comments is None] == []


def test_strict_expectations_are_about_texts_that_leave_no_doubt() -> None:
    classifier = Classifier.load()
    for entry in DAY.entries:
        if isinstance(entry, OpenIssue) and entry.expect.type in LABELS and not entry.labels:
            said = classifier.classify(entry.title, entry.body, repo=f"acme/{entry.repo}")
            assert (said.label, said.abstained) == (entry.expect.type, False), entry.title
        if isinstance(entry, OpenIssue) and entry.expect.type == "unsure":
            assert classifier.classify(entry.title, entry.body).abstained, entry.title


@pytest.mark.parametrize(
    ("place", "value", "complaint"),
    [
        ("by", "nobody", "no person 'nobody'"),
        ("repo", "elsewhere", "no repository 'elsewhere'"),
        ("expect", {"labels": ["kind/bgu"]}, "no label 'kind/bgu'"),
        ("expect", {"lables": []}, "Extra inputs are not permitted"),
        ("does", "dance", "does not match any of the expected tags"),
        ("at", "23:59", "not in the order"),
    ],
)
def test_mistakes_are_found(place: str, value: Any, complaint: str) -> None:
    script = read()
    script["entries"][0][place] = value
    with pytest.raises(ValidationError, match=complaint):
        Day.model_validate(script)


def test_an_entry_speaks_only_of_what_came_before_it() -> None:
    script = read()
    script["entries"] = [entry for entry in script["entries"] if entry.get("name") != "oom-on-load"]
    with pytest.raises(ValidationError, match="no earlier entry 'oom-on-load'"):
        Day.model_validate(script)
