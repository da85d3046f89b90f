import base64
import json

import pytest

from bot.core.sheet.random_text import entropy, json_web_tokens
from tests.core.sheet.examples import new, seen

RANDOM = "q7Gz+Wm3/xKd9TnVb2LsYh5RfPc8JuEa4"


def signed(header: object, claims: object) -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)
    ]
    return ".".join([*parts, "aB3dE6gH9jKlMnOpQrStuVwXyZ01"])


def test_json_web_tokens() -> None:
    token = signed({"alg": "HS256", "typ": "JWT"}, {"sub": "143", "name": "N"})
    assert seen(json_web_tokens, new("a.py", "", f"t = '{token}'")) == [("warning", "a.py", 2)]


@pytest.mark.parametrize(
    "text", ["eyJhbGciOiJIUzI1NiJ9", "eyJxxxxxxxxxxxx.eyJyyyyyyyyyyyy." + "z" * 20, "eyJ" * 50]
)
def test_what_only_begins_like_one(text: str) -> None:
    assert seen(json_web_tokens, new("a.py", text)) == []


def test_random_text_in_quotes() -> None:
    assert seen(entropy, new("a.py", f'password = "{RANDOM}"')) == [("notice", "a.py", 1)]


@pytest.mark.parametrize(
    "line",
    [
        '"8843d7f92416211de9ebb963ff4ce28125932878"',
        '"3f2504e0-4f89-11d3-9a0c-0305e82c3301"',
        '"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="',
        '"this_is_a_rather_long_name_of_a_setting"',
        '"/usr/local/share/applications/editor"',
        f'"example{RANDOM}"',
        RANDOM,
    ],
)
def test_hashes_names_and_examples_are_none(line: str) -> None:
    assert seen(entropy, new("a.py", line)) == []


def test_lock_files_are_full_of_it() -> None:
    assert seen(entropy, new("package-lock.json", f'"{RANDOM}"')) == []
