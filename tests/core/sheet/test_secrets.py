"""No key or token stands here as a whole: each is put together, so that nobody takes it for a real one."""

import pytest

from bot.core.sheet.secrets import private_keys, tokens
from tests.core.sheet.examples import changed, diff, new, said, seen

MIXED = "aB3dE6gH9jKlMnOpQrStuVwXyZ015345qRs7tU9vW2xY4zA6bC8dE0fG1hJ3kL5m"
TOKENS = {
    "GitHub Token": "ghp" + "_" + MIXED[:36],
    "GitHub Token, fine-grained": "github" + "_pat_" + MIXED[:22] + "_" + MIXED[:59],
    "GitLab Token": "glpat" + "-" + MIXED[:20],
    "AWS Access Key": "AKIA" + "Z7Q2M4N8P1R5S9T3",
    "Slack Token": "xoxb" + "-143456-987654-" + MIXED[:24].lower(),
    "Stripe Access Key": "sk" + "_live_" + MIXED[:24],
    "SendGrid API Key": "SG" + "." + MIXED[:22] + "." + MIXED[:43],
    "OpenAI Token": "sk" + "-proj-" + MIXED[:20] + "T3Blbk" + "FJ" + MIXED[20:40],
    "Anthropic Key": "sk" + "-ant-api03-" + (MIXED * 2)[:95],
    "Hugging Face Token": "hf" + "_" + "aBcDeXgHiJkLmNoPqRsTuVwXyZaCbEdGfI",
    "Google API Key": "AIza" + MIXED[:35],
    "npm Token": "npm" + "_" + MIXED[:36],
    "Telegram Bot Token": "143456789" + ":" + MIXED[:35],
}
KEY = ("-----BEGIN RSA " + "PRIVATE KEY-----", MIXED, MIXED, "-----END RSA " + "PRIVATE KEY-----")


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize(
    "around", ["{}", "token = '{}'", 'export T="{}"', "  - key: {}", "https://x@y/{}?a=b"]
)
def test_tokens_are_found_and_never_shown(kind: str, around: str) -> None:
    secret = TOKENS[kind]
    file = new("src/app.py", "import os", around.format(secret))
    assert seen(tokens, file) == [("failure", "src/app.py", 2)]
    (finding,) = tokens(diff(file))
    assert secret[8:] not in repr(finding)
    assert kind.partition(",")[0] in finding.message.plain()


@pytest.mark.parametrize("path", ["tests/test_auth.py", "fixtures/a.json", "docs/setup.md", ".env.example"])
def test_in_tests_and_docs_a_token_is_less_grave(path: str) -> None:
    assert seen(tokens, new(path, TOKENS["GitHub Token"])) == [("warning", path, 1)]


@pytest.mark.parametrize(
    "line",
    [
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "ghp" + "_" + "YOUR_TOKEN_" + MIXED[:25],
        "ghp" + "_" + "0" * 36,
        "AKIA" + "IOSFODNN7EXAMPLE",
        "xoxb-your-token",
        "sk-this-is-a-css-class-name-of-a-skeleton",
        "a = ghp_token_from_environment",
        "id: 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "commit 8843d7f92416211de9ebb963ff4ce28125932878",
        "sha512-" + MIXED + "AKIA" + "Z7Q2M4N8P1R5S9T3" + MIXED,
        '"integrity": "sha512-' + MIXED + MIXED[:22] + '==",',
        "h1:" + MIXED[:43] + "=",
        "AC" + "0123456789abcdef" * 2,
        "time: 12345678:ab",
    ],
)
@pytest.mark.parametrize("path", ["src/app.py", "package-lock.json", "docs/api.md"])
def test_look_alikes_are_none(line: str, path: str) -> None:
    assert seen(tokens, new(path, line)) == []


def test_only_added_lines_count() -> None:
    assert seen(tokens, changed("a.py", f"-{TOKENS['GitHub Token']}", f" {TOKENS['AWS Access Key']}")) == []


def test_the_secret_half_of_an_aws_key_is_told_by_its_name() -> None:
    for line in (f"aws_secret_access_key = '{MIXED[:40]}'", f'"AWS_SECRET_KEY": "{MIXED[:40]}"'):
        assert seen(tokens, new("a.py", line)) == [("failure", "a.py", 1)]
    assert seen(tokens, new("a.py", f"digest = '{MIXED[:40]}'")) == []


def test_one_line_is_one_finding() -> None:
    both = f"{TOKENS['GitHub Token']} {TOKENS['AWS Access Key']}"
    assert len(seen(tokens, new("a.py", both, both))) == 2


def test_a_token_in_an_endless_line_is_found() -> None:
    line = "x" * 300_000 + " " + TOKENS["GitHub Token"] + " " + "y" * 100_000
    assert seen(tokens, new("a.js", line)) == [("failure", "a.js", 1)]


def test_private_keys_are_found_with_their_material() -> None:
    assert seen(private_keys, new("deploy.pem", "# key", *KEY)) == [("failure", "deploy.pem", 2)]
    assert seen(private_keys, new("a.py", f'KEY = """{KEY[0]}', *KEY[1:])) == [("failure", "a.py", 1)]
    in_json = '"private_key": "' + "\\n".join(KEY) + '"'
    assert seen(private_keys, new("account.json", in_json)) == [("failure", "account.json", 1)]
    assert seen(private_keys, new("tests/data/key.pem", *KEY)) == [("warning", "tests/data/key.pem", 1)]
    assert MIXED[:8] not in said(private_keys, new("deploy.pem", *KEY))[0]


@pytest.mark.parametrize(
    "lines",
    [
        (f'if "{KEY[0]}" in text:', "    return True"),
        (KEY[0], "...", KEY[3]),
        (KEY[0], "<your key here>", KEY[3]),
        ("-----BEGIN PUBLIC KEY-----", MIXED),
        ("-----BEGIN CERTIFICATE-----", MIXED),
        (f"`{KEY[0]}` is how it begins",),
    ],
)
def test_a_header_alone_is_no_private_key(lines: tuple[str, ...]) -> None:
    assert seen(private_keys, new("a.py", *lines)) == []
