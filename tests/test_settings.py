import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import SetupError
from bot.settings import CREDENTIALS_FILE, Settings, credentials, credentials_path, load, store_private

PEM = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\nBBBB\n-----END RSA PRIVATE KEY-----\n"
COMPLETE = {"USHER_APP_ID": "12", "USHER_PRIVATE_KEY": PEM, "USHER_WEBHOOK_SECRET": "s3"}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment nor the working folder has anything to say."""
    for name in list(os.environ):
        if name.startswith("USHER_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def set_(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_all(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_all


# Settings

EXAMPLES: dict[str, tuple[str, Any]] = {
    "database_url": ("postgresql://u@h/n", "postgresql://u@h/n"),
    "github_api_url": ("https://ghe.example/api/v3/", "https://ghe.example/api/v3"),
    "app_id": ("12", "12"),
    "private_key": (PEM, PEM),
    "private_key_file": ("/run/key.pem", Path("/run/key.pem")),
    "webhook_secret": ("a,b", "a,b"),
    "client_id": ("Iv1", "Iv1"),
    "client_secret": ("x", "x"),
    "host": ("0.0.0.0", "0.0.0.0"),
    "port": ("9000", 9000),
    "public_url": ("https://usher.example", "https://usher.example"),
    "dry_run": ("1", True),
    "log_format": ("json", "json"),
    "debug": ("true", True),
    "dashboard_key": ("k", "k"),
    "dashboard_open": ("yes", True),
    "model": ("/srv/model", Path("/srv/model")),
    "workers": ("3", 3),
    "write_spacing": ("0.5", 0.5),
    "settle_seconds": ("2", 2.0),
    "sweep_seconds": ("60", 60.0),
    "retention_days": ("7", 7),
}


def value_of(settings: Settings, name: str) -> Any:
    value = getattr(settings, name)
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


def test_every_setting_has_an_example_here_and_says_what_it_is() -> None:
    assert Settings.model_fields.keys() == EXAMPLES.keys()
    assert all(field.description for field in Settings.model_fields.values())


def test_without_any_setting_there_are_defaults() -> None:
    settings = load()
    assert settings.database_url == "sqlite:///usher.db"
    assert settings.github_api_url == "https://api.github.com"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.dry_run, settings.debug, settings.dashboard_open) == (False, False, False)
    assert credentials(settings) is None


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_setting_comes_from_the_environment(set_: Any, name: str) -> None:
    written, expected = EXAMPLES[name]
    set_(**{f"USHER_{name.upper()}": written})
    assert value_of(load(), name) == expected


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_empty_setting_is_no_setting(set_: Any, name: str) -> None:
    set_(**{f"USHER_{name.upper()}": ""})
    assert value_of(load(), name) == value_of(Settings(), name)
    assert credentials(load()) is None


def test_the_command_line_wins_over_the_environment_where_it_says_something(set_: Any) -> None:
    set_(USHER_PORT="9000", USHER_HOST="10.0.0.1")
    settings = load(port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "10.0.0.1")


def test_variables_of_others_are_left_alone(set_: Any) -> None:
    set_(USHER_UNKNOWN="x", PORT="1")
    assert load().port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("GITHUB_API_URL", "api.github.com"),
        ("GITHUB_API_URL", "file:///etc/passwd"),
        ("LOG_FORMAT", "xml"),
        ("DRY_RUN", "perhaps"),
        ("WORKERS", "0"),
        ("WRITE_SPACING", "-1"),
        ("RETENTION_DAYS", "0"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(set_: Any, name: str, value: str) -> None:
    set_(**{f"USHER_{name}": value})
    with pytest.raises(SetupError, match=f"^USHER_{name} is wrong: ") as refused:
        load()
    assert "\n" not in str(refused.value)
    assert refused.value.is_input


def test_settings_do_not_change() -> None:
    settings = load()
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


def test_no_secret_shows_in_a_representation(set_: Any) -> None:
    set_(
        USHER_DATABASE_URL="postgresql://usher:canary-1@db/usher",
        USHER_PRIVATE_KEY=PEM.replace("AAAA", "canary-2"),
        USHER_WEBHOOK_SECRET="canary-3,canary-4",
        USHER_CLIENT_SECRET="canary-5",
        USHER_DASHBOARD_KEY="canary-6",
        USHER_APP_ID="12",
    )
    settings = load()
    for thing in (settings, credentials(settings)):
        assert "canary" not in repr(thing)
        assert "canary" not in str(thing)


# Credentials


def test_complete_credentials_come_from_the_environment(set_: Any) -> None:
    set_(**COMPLETE, USHER_CLIENT_ID="Iv1")
    found = credentials(load())
    assert found is not None
    assert (found.app_id, found.client_id) == ("12", "Iv1")
    assert found.private_key.get_secret_value() == PEM
    assert found.secrets() == (b"s3",)


def test_several_secrets_are_live_during_a_rotation(set_: Any) -> None:
    set_(**COMPLETE | {"USHER_WEBHOOK_SECRET": " new , old,, "})
    found = credentials(load())
    assert found is not None
    assert found.secrets() == (b"new", b"old")


def test_a_key_may_stand_in_one_line(set_: Any) -> None:
    set_(**COMPLETE | {"USHER_PRIVATE_KEY": PEM.replace("\n", "\\n")})
    found = credentials(load())
    assert found is not None
    assert found.private_key.get_secret_value() == PEM


def test_a_key_may_stand_in_a_file(set_: Any, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(PEM)
    set_(USHER_APP_ID="12", USHER_WEBHOOK_SECRET="s3", USHER_PRIVATE_KEY_FILE=str(tmp_path / "key.pem"))
    found = credentials(load())
    assert found is not None
    assert found.private_key.get_secret_value() == PEM


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_key_file_that_cannot_be_read_is_named(set_: Any, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)
    set_(USHER_APP_ID="12", USHER_WEBHOOK_SECRET="s3", USHER_PRIVATE_KEY_FILE=str(path))
    with pytest.raises(SetupError, match=r"USHER_PRIVATE_KEY_FILE=.*key\.pem cannot be read: ") as refused:
        credentials(load())
    assert refused.value.is_input


@pytest.mark.parametrize("missing", COMPLETE)
def test_half_set_credentials_are_refused_and_what_is_missing_is_named(set_: Any, missing: str) -> None:
    set_(**{name: value for name, value in COMPLETE.items() if name != missing})
    with pytest.raises(
        SetupError, match=f"{missing}.* not set: id, key and secret are all needed"
    ) as refused:
        credentials(load())
    assert refused.value.is_input
    assert "AAAA" not in str(refused.value)


def test_everything_that_is_missing_is_named_at_once(set_: Any) -> None:
    set_(USHER_APP_ID="12")
    with pytest.raises(
        SetupError, match="USHER_PRIVATE_KEY or USHER_PRIVATE_KEY_FILE and USHER_WEBHOOK_SECRET"
    ):
        credentials(load())


# The file that the setup page writes


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///usher.db", CREDENTIALS_FILE),
        ("sqlite:///data/usher.db", f"data/{CREDENTIALS_FILE}"),
        ("sqlite:////var/lib/usher/usher.db", f"/var/lib/usher/{CREDENTIALS_FILE}"),
        ("postgresql://u@h/n", CREDENTIALS_FILE),
    ],
)
def test_stored_credentials_lie_beside_the_database(url: str, path: str) -> None:
    assert credentials_path(load(database_url=url)) == Path(path)


def stored(**changes: Any) -> str:
    said = {
        "id": 12,
        "pem": PEM,
        "webhook_secret": "s3",
        "client_id": "Iv1",
        "slug": "usher",
        "html_url": "h",
    }
    return json.dumps({**said, **changes})


def test_stored_credentials_are_used_where_the_environment_has_none() -> None:
    store_private(Path(CREDENTIALS_FILE), stored())
    found = credentials(load())
    assert found is not None
    assert (found.app_id, found.slug, found.html_url, found.client_id) == ("12", "usher", "h", "Iv1")
    assert found.private_key.get_secret_value() == PEM
    assert found.secrets() == (b"s3",)


def test_the_environment_wins_over_stored_credentials(set_: Any) -> None:
    store_private(Path(CREDENTIALS_FILE), stored())
    set_(**COMPLETE | {"USHER_APP_ID": "99"})
    found = credentials(load())
    assert found is not None
    assert found.app_id == "99"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"id": 12}', stored(pem=None), stored(webhook_secret=7)]
)
def test_stored_credentials_that_cannot_be_read_are_refused_in_one_line(text: str) -> None:
    Path(CREDENTIALS_FILE).write_text(text)
    with pytest.raises(SetupError, match="run the setup page again, or delete it") as refused:
        credentials(load())
    assert "\n" not in str(refused.value)


def test_a_private_file_is_for_its_owner_alone_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "private.json"
    path.write_text("old")
    path.chmod(0o644)
    store_private(path, "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["private.json"]
