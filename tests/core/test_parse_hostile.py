"""Real and spoiled webhook bodies: the worst that happens is Malformed."""

import contextlib
import dataclasses
import gzip
import json
import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import Malformed
from bot.core.events import (
    ChecksChanged,
    CommandGiven,
    FilesPushed,
    InstallationChanged,
    IssueOpened,
    LabelChanged,
    LabelsEdited,
    PullRequestOpened,
    PullRequestUpdated,
    ReleasePublished,
    RepositoryRenamed,
)
from bot.core.parse import load_json, parse, route
from tests.core.payloads import body
from tests.patience import must_end
from tests.shared import shared


class TestLoadJson:
    def test_an_object_is_read(self) -> None:
        assert load_json('{"a": "é"}'.encode()) == {"a": "é"}

    @must_end
    @pytest.mark.parametrize(
        ("raw", "says"),
        [
            (b"", "not JSON"),
            (b"{", "not JSON"),
            (b"[1]", "not a JSON object"),
            (b"null", "not a JSON object"),
            (b'{"a": NaN}', "NaN"),
            (b'{"a": -Infinity}', "Infinity"),
            (b'{"a": "\xff"}', "not UTF-8"),
            (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
            ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
            (b'{"a": ' + b"9" * 10_000 + b"}", "not JSON"),
            (b'{"a":' * 1_000_000, "deeply"),
            (b"[" * 20_000_000, "deeply"),
        ],
    )
    def test_anything_else_is_malformed(self, raw: bytes, says: str) -> None:
        with pytest.raises(Malformed, match=says) as caught:
            load_json(raw)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 200


def examples() -> list[tuple[str, dict[str, Any]]]:
    lines = gzip.decompress(shared("github/webhook_examples.jsonl.gz").read_bytes()).splitlines()
    return [(row["event"], row["payload"]) for row in map(json.loads, lines)]


def survive(event: str, payload: Any) -> None:
    """Parse; Malformed is the only error there may be, and every text must suit a database."""
    route(event, payload)
    with contextlib.suppress(Malformed):
        for found in parse(event, payload):
            written = json.dumps(dataclasses.asdict(found), ensure_ascii=False, default=_plain)
            assert "\\u0000" not in written
            written.encode()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else sorted(value)


WRONG: list[Any] = [None, True, -1, 0, 10**400, 1.5, "", "x", "\ud800\0", [], [None, []], {}, {"id": []}]


def spoiled(payload: Any, chance: random.Random) -> Any:
    """Copy a payload with some fields taken out or replaced by anything."""
    if chance.random() < 0.03:
        return chance.choice(WRONG)
    if isinstance(payload, dict):
        kept = {key: value for key, value in payload.items() if chance.random() > 0.03}
        return {key: spoiled(value, chance) for key, value in kept.items()}
    if isinstance(payload, list):
        return [spoiled(value, chance) for value in payload]
    return payload


class TestRealPayloads:
    def test_the_examples_are_understood(self) -> None:
        found = {type(event) for name, payload in examples() for event in parse(name, payload)}
        assert found == {
            *(IssueOpened, PullRequestOpened, LabelChanged),
            *(InstallationChanged, FilesPushed, LabelsEdited),
            *(PullRequestUpdated, ChecksChanged, ReleasePublished, RepositoryRenamed),
        }

    def test_no_example_is_too_odd_even_with_fields_missing_or_wrong(self) -> None:
        chance = random.Random(20)
        for name, payload in examples():
            for _ in range(10):
                survive(name, spoiled(payload, chance))

    def test_a_command_in_a_real_comment_is_found(self) -> None:
        payload = next(payload for name, payload in examples() if name == "issue_comment")
        payload["comment"]["body"] = "/close"
        (event,) = parse("issue_comment", {**payload, "action": "created"})
        assert isinstance(event, CommandGiven)
        assert event.thread.key == "Codertocat/Hello-World#1"


KEYS = "action issue pull_request comment changes body from user login type id number title labels label name"
KEYS += (
    " repository full_name installation sender ref commits added repositories repositories_added merged state"
)
EVENTS = [
    "issues",
    "pull_request",
    "issue_comment",
    "installation",
    "installation_repositories",
    "push",
    "repository",
    "label",
]


def json_values() -> st.SearchStrategy[Any]:
    texts = st.sampled_from(
        ["opened", "created", "edited", "closed", "labeled", "/close", "a/b", "\ud800", "\0"]
    )
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | texts
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner),
        max_leaves=20,
    )


@given(st.sampled_from(EVENTS), json_values())
@settings(max_examples=200)
def test_any_json_value_is_survived(event: str, payload: Any) -> None:
    survive(event, payload)


def nested(depth: int) -> Iterator[Any]:
    lists: Any = []
    mappings: Any = {}
    for _ in range(depth):
        lists, mappings = [lists], {"issue": mappings, "repository": mappings, "from": mappings}
    yield from (lists, mappings)


@pytest.mark.parametrize("event", EVENTS)
def test_depth_does_not_matter(event: str) -> None:
    for value in nested(5_000):
        survive(event, value)
        survive(event, body("opened", issue=value, repository=value, comment=value, changes=value))
