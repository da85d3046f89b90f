import pytest

from bot.core.documents import KINDS, Entry, documents_in, names_contact


def paths(*names: str, home: str = "") -> dict[str, str]:
    """What is found among files, and folders where a name ends in ``/``."""
    entries = [Entry(name.rstrip("/"), f"d{n}", name.endswith("/")) for n, name in enumerate(names)]
    return {one.kind: one.path for one in documents_in(entries, home)}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("README.md", "readme"),
        ("readme", "readme"),
        (".github/README.rst", "readme"),
        ("docs/Contributing.adoc", "contributing"),
        ("CODE_OF_CONDUCT.md", "code_of_conduct"),
        ("code-of-conduct.txt", "code_of_conduct"),
        (".github/SECURITY.md", "security"),
        ("LICENSE", "license"),
        ("LICENCE.txt", "license"),
        ("LICENSE-APACHE-2.0", "license"),
        ("COPYING", "license"),
        ("UNLICENSE", "license"),
        ("LICENSES/", "license"),
        (".github/ISSUE_TEMPLATE/", "issue_templates"),
        ("ISSUE_TEMPLATE.md", "issue_templates"),
        (".github/PULL_REQUEST_TEMPLATE.md", "pull_template"),
        ("docs/pull_request_template/", "pull_template"),
    ],
)
def test_each_is_known_by_its_name(path: str, kind: str) -> None:
    assert paths(path) == {kind: path.rstrip("/")}


@pytest.mark.parametrize(
    "path",
    [
        "src/README.md",
        "docs/LICENSE",  # GitHub sees a license in the root alone
        "security/",
        "readme/",
        "LICENSES",
        "license.go",
        "security.py",
        "CONTRIBUTORS.md",
        ".github/ISSUE_TEMPLATE/bug.yml",
    ],
)
def test_what_only_looks_so_is_none(path: str) -> None:
    assert paths(path) == {}


def test_of_several_that_counts_which_github_finds_first() -> None:
    assert paths("docs/CONTRIBUTING.md", "CONTRIBUTING.md") == {"contributing": "CONTRIBUTING.md"}
    assert paths("CONTRIBUTING.md", ".github/CONTRIBUTING.md") == {"contributing": ".github/CONTRIBUTING.md"}
    assert paths("README.de.md", "README.md") == {"readme": "README.md"}
    assert paths("LICENSE-MIT", "LICENSE-APACHE") == {"license": "LICENSE-MIT"}


def test_they_come_in_one_order_with_what_git_says_of_them() -> None:
    entries = [Entry("LICENSE", "one"), Entry("README.md", "two"), Entry("docs", "three", is_folder=True)]
    assert [(one.kind, one.digest) for one in documents_in(entries)] == [
        ("readme", "two"),
        ("license", "one"),
    ]
    assert len(KINDS) == 7


def test_readmes_and_licenses_are_not_shared() -> None:
    assert paths("README.md", "LICENSE", "SECURITY.md", home="acme/.github") == {"security": "SECURITY.md"}
    assert documents_in([Entry("SECURITY.md", "d")], "acme/.github")[0].home == "acme/.github"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Write to conduct@example.org.", True),
        ("Report to [INSERT CONTACT METHOD].", False),
        ("enforcement at [insert email address]; see a@b.example", False),
        ("a" * 500_000, None),  # in no time
        ("Say @conduct.", None),
        ("First run npm i foo@1.2.3.", None),
        ("git clone git@github.com:acme/widgets", None),
        ("Write to conduct@mail.example.org: we answer", True),
        ("Write to [INSERT EMAIL].", False),
        ("Write to [INSERT YOUR E-MAIL HERE].", False),
        ("Welcome to [INSERT PROJECT NAME]; write to a@b.example", True),
        ("a@" + "b." * 500_000, None),
        ("Ours is at https://example.org/conduct", None),
        ("", None),
    ],
)
def test_whether_a_code_of_conduct_names_whom_to_turn_to(text: str, said: bool | None) -> None:
    assert names_contact(text) is said
