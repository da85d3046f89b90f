"""What the config file may say about a label, in both forms of GitHub's labeler."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bot.core.globs import EXCLUSION_COST
from bot.core.match_objects import MAX_COST, LabelRules, cost


class Example(BaseModel):
    labels: LabelRules


def read(rule: Any) -> Any:
    return Example.model_validate({"labels": {"docs": rule}}).labels["docs"]


def problems(rule: Any) -> dict[str, str]:
    """Where something is wrong, and what was expected there."""
    with pytest.raises(ValidationError) as error:
        read(rule)
    found = error.value.errors(include_url=False)
    return {
        ".".join(map(str, each["loc"][2:])): str(each.get("ctx", {}).get("error", each["type"]))
        for each in found
    }


GLOBS = ["docs/**", "**/*.md"]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("docs/**", ["docs/**"]),
        (["docs/**"], [{"any": ["docs/**"]}]),
        ([{"any": "docs/**"}], [{"any": ["docs/**"]}]),
        ({"base-branch": "main"}, [{"base-branch": ["main"]}]),
        (
            {"changed-files": {"any-glob-to-any-file": "docs/**"}},
            [{"changed-files": [{"any-glob-to-any-file": ["docs/**"]}]}],
        ),
        ({"all": {"head-branch": "^x"}}, [{"all": [{"head-branch": ["^x"]}]}]),
    ],
)
def test_one_may_stand_for_a_list_of_one(short: Any, long: Any) -> None:
    assert read(short) == read(long)


def test_names_may_have_underscores_like_other_settings() -> None:
    assert read([{"changed_files": [{"all_globs_to_all_files": GLOBS}]}]) == read(
        [{"changed-files": [{"all-globs-to-all-files": GLOBS}]}]
    )


@pytest.mark.parametrize(
    ("rule", "place", "expected"),
    [
        ([], "", "one or more patterns, such as `docs/**`"),
        (None, "", "tuple_type"),
        ([""], "0", "model_type"),
        ([{}], "0", "one or more of `changed-files`, `base-branch`, `head-branch`, `any`, `all`"),
        ([{"none": []}], "0.none", "extra_forbidden"),
        ([{"changed-files": ["docs/**"]}], "0.changed-files.0", "model_type"),
        ([{"changed-files": [{"any-glob": "x"}]}], "0.changed-files.0.any-glob", "extra_forbidden"),
        ([{"any": [{"none": 1}]}], "0.any.0.none", "extra_forbidden"),
        ([{"any": ["docs/**"]}, {"base-branch": "main"}], "", "either patterns alone or objects"),
        (["docs/**", {"any": [{"base-branch": "main"}]}], "", "either patterns alone or objects"),
        (["docs/**", "{1..999}"], "1", "a path pattern with at most 20 braces"),
        ([{"all": ["{1..999}"]}], "0.all.0", "a path pattern with at most 20 braces"),
        (
            [{"changed-files": [{"any-glob-to-any-file": "[z-a]"}]}],
            "0.changed-files.0.any-glob-to-any-file.0",
            "a path pattern, such as `docs/**`",
        ),
        ([{"head-branch": "x(?=y)"}], "0.head-branch.0", "a regular expression of RE2"),
        ([{"head-branch": "a)(b"}], "0.head-branch.0", "a regular expression of RE2"),
        (["x"] * 501, "", "too_long"),
        ([{"head-branch": ["x"] * 51}], "0.head-branch", "too_long"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(rule: Any, place: str, expected: str) -> None:
    found = problems(rule)
    assert list(found) == [place]
    assert expected in found[place]


def test_all_patterns_together_are_bounded() -> None:
    rule = [{"any": [{"changed-files": [{"any-glob-to-any-file": ["a/**"] * 100}]}]}, {"base-branch": "x"}]
    assert cost(read(rule)) == 100
    assert cost(read(["a/!(b)", "c"])) == EXCLUSION_COST + 1
    labels = {f"label {number}": rule for number in range(MAX_COST // 100)}
    assert Example.model_validate({"labels": labels})
    with pytest.raises(ValidationError, match="at most 1,000 path patterns"):
        Example.model_validate({"labels": {**labels, "one more": "a"}})


@pytest.mark.parametrize("name", ["", "x" * 51])
def test_a_label_has_a_name_that_github_takes(name: str) -> None:
    with pytest.raises(ValidationError):
        Example.model_validate({"labels": {name: "docs/**"}})


def test_editors_are_told_of_both_forms() -> None:
    schema = Example.model_json_schema()
    kinds = schema["properties"]["labels"]["additionalProperties"]["anyOf"]
    assert {kind.get("type", "object") for kind in kinds} == {"object", "string", "array"}
    assert list(schema["$defs"]["FileGlobs"]["properties"]) == [
        "any-glob-to-any-file",
        "any-glob-to-all-files",
        "all-globs-to-any-file",
        "all-globs-to-all-files",
    ]
