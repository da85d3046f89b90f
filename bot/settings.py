"""The operator's settings: environment variables ``USHER_*``, and the credentials that setup stored.

Only the command line and the web application read this; everything else is handed what it needs.
"""

import json
import os
import stat
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.errors import SetupError

CREDENTIALS_FILE = "usher-app.json"


class Settings(BaseSettings):
    """Settings with their defaults; each is the environment variable ``USHER_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="USHER_", env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: str = Field(
        "sqlite:///usher.db", repr=False, description="`sqlite:///path` or `postgresql://…`"
    )
    github_api_url: str = Field(
        "https://api.github.com", description="REST API; GitHub Enterprise: `https://host/api/v3`"
    )
    app_id: str | None = Field(None, description="the App's number")
    private_key: SecretStr | None = Field(None, description="the App's private key, PEM text")
    private_key_file: Path | None = Field(None, description="the same, in a file")
    webhook_secret: SecretStr | None = Field(
        None, description="webhook secret; several, separated by commas, during a rotation"
    )
    client_id: str | None = Field(None, description="the App's client id")
    client_secret: SecretStr | None = Field(None, description="the App's client secret")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on")
    public_url: str | None = Field(None, description="the address under which GitHub reaches this server")
    dry_run: bool = Field(
        False, description="plan and record everything, touch nothing, whatever the config says"
    )
    log_format: Literal["console", "json"] = Field("console", description="`console` or `json`")
    debug: bool = Field(False, description="show tracebacks")
    dashboard_key: SecretStr | None = Field(
        None, description="key that opens the dashboard; made and stored where it is absent"
    )
    dashboard_open: bool = Field(
        False, description="no key for the dashboard: for the demo and for tests alone"
    )
    model: Path | None = Field(None, description="directory of the classifier, if not the shipped one")
    workers: int = Field(8, ge=1, le=64, description="deliveries worked on at once, per process")
    write_spacing: float = Field(
        1.0, ge=0, le=60, description="seconds between two writes of one installation"
    )
    settle_seconds: float = Field(
        5.0, ge=0, le=300, description="wait before a write whose fate is unknown is looked up"
    )
    sweep_seconds: float = Field(
        300.0, ge=1, description="how often GitHub's delivery log is asked for what never arrived"
    )
    retention_days: int = Field(30, ge=1, description="days that finished deliveries are kept")

    @field_validator("github_api_url")
    @classmethod
    def _http_url(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("expected a URL such as https://api.github.com")
        return value.rstrip("/")


class AppCredentials(BaseModel):
    """The App's identity, complete. Secrets appear in no representation."""

    model_config = ConfigDict(frozen=True)

    app_id: str
    private_key: SecretStr
    webhook_secrets: tuple[SecretStr, ...]
    client_id: str | None = None
    slug: str | None = None
    html_url: str | None = None

    def secrets(self) -> tuple[bytes, ...]:
        """The webhook secrets that are live, as bytes."""
        return tuple(secret.get_secret_value().encode() for secret in self.webhook_secrets)


def load(**overrides: Any) -> Settings:
    """Read the settings from the environment; ``overrides`` come from the command line.

    Raises:
        SetupError: a setting has a wrong value: says which, and what was expected.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "USHER_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SetupError(
            f"{name} is wrong: {first['msg'].removeprefix('Value error, ')}", is_input=True
        ) from None


def credentials(settings: Settings) -> AppCredentials | None:
    """Return the App's credentials from the environment, else from the file that setup wrote.

    Returns:
        None where nothing was set up yet.

    Raises:
        SetupError: something is set, but not all of it; or a file cannot be read.
    """
    if settings.app_id or settings.private_key or settings.private_key_file or settings.webhook_secret:
        return _from_environment(settings)
    path = credentials_path(settings)
    if not path.exists():
        return None
    return _from_file(path)


def credentials_path(settings: Settings) -> Path:
    """Return where setup keeps credentials: beside a SQLite database, else in the working folder."""
    prefix = "sqlite:///"
    if settings.database_url.startswith(prefix):
        return Path(settings.database_url.removeprefix(prefix)).parent / CREDENTIALS_FILE
    return Path(CREDENTIALS_FILE)


def store_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _from_environment(settings: Settings) -> AppCredentials:
    missing = [
        name
        for name, value in (
            ("USHER_APP_ID", settings.app_id),
            (
                "USHER_PRIVATE_KEY or USHER_PRIVATE_KEY_FILE",
                settings.private_key or settings.private_key_file,
            ),
            ("USHER_WEBHOOK_SECRET", settings.webhook_secret),
        )
        if not value
    ]
    if missing:
        raise SetupError(
            f"{' and '.join(missing)} not set: id, key and secret are all needed; see docs/install.md",
            is_input=True,
        )
    assert settings.app_id is not None
    assert settings.webhook_secret is not None
    secrets = [part.strip() for part in settings.webhook_secret.get_secret_value().split(",")]
    return AppCredentials(
        app_id=settings.app_id,
        private_key=SecretStr(_key_text(settings)),
        webhook_secrets=tuple(SecretStr(part) for part in secrets if part),
        client_id=settings.client_id,
    )


def _key_text(settings: Settings) -> str:
    if settings.private_key is not None:
        # Environment files often carry the PEM in one line.
        return settings.private_key.get_secret_value().replace("\\n", "\n")
    assert settings.private_key_file is not None
    try:
        return settings.private_key_file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SetupError(
            f"USHER_PRIVATE_KEY_FILE={settings.private_key_file} cannot be read: {reason}", is_input=True
        ) from None


def _from_file(path: Path) -> AppCredentials:
    try:
        data = json.loads(path.read_text())
        return AppCredentials.model_validate(
            {
                "app_id": str(data["id"]),
                "private_key": data["pem"],
                "webhook_secrets": [data["webhook_secret"]],
                "client_id": data.get("client_id"),
                "slug": data.get("slug"),
                "html_url": data.get("html_url"),
            }
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SetupError(
            f"the credentials file {path} cannot be read: run the setup page again, or delete it",
            is_input=True,
        ) from None
