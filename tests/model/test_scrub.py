"""Placeholders in the place of what must not be learnt. More examples are in `test_text`."""

import pytest

from model.scrub import holds_placeholder, own_name, scrub


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mail a.b@c.org now", "xemail"),
        ("ask @octo-cat now", "xmention"),
        ("see https://a.b/c?d=e now", "xurl"),
        ("commit 1a2b3c4d5e now", "xhash"),
        ("as #123 now", "xref"),
        ("with v1.2.3-rc1 now", "xversion"),
        ("in /usr/lib/x.so now", "xpath"),
        ("key AKIAABCDEFGHIJKLMNOP now", "xsecret"),
    ],
)
def test_replaces(text: str, kind: str) -> None:
    first, *_, last = text.split()
    assert scrub(text).split() == [first, kind, last]
    assert holds_placeholder(scrub(text))


def test_numbers_lose_their_value() -> None:
    assert scrub("error 404 after 12 tries") == "error 0 after 0 tries"


@pytest.mark.parametrize("text", ["a decade of cafes", "user facing", "C# and F#", "a @ b", "issue number"])
def test_leaves_words_alone(text: str) -> None:
    assert scrub(text) == text


def test_own_name_matches_whole_words_only() -> None:
    pattern = own_name("huggingface/datasets")
    assert pattern.sub("*", "HuggingFace Datasets, dataset") == "* *, dataset"
    assert own_name("a/c++").sub("*", "a c++") == "a c++"
    assert own_name(None).sub("*", "anything") == "anything"
