"""What scripts may rely on: exit codes, one line for each error, JSON where it is asked for."""

import ctypes
import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.cli import BAD_INPUT, FAILURE, run
from bot.cli.reference import commands
from model.predict import Classifier
from tests.model.measured import write_artifact

COMMANDS = dict(commands())
Complain = Callable[..., str]

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def complain(capsys: pytest.CaptureFixture[str]) -> Complain:
    """Run a command that must fail: one line on stderr, nothing on stdout. Returns the line."""

    def check(*arguments: str, code: int) -> str:
        assert run(list(arguments)) == code
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1, err
        assert err.startswith("usher: ")
        assert "unexpected" not in err
        assert "Traceback" not in err
        return err

    return check


# Bad usage


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "nonsense"),
        (["deliveries", "nonsense"], "nonsense"),
        (["classify", "--nope"], "--nope"),
        (["classify"], "--title"),
        (["classify", "--input", "in.jsonl"], "--output"),
        (["classify", "--output", "out.jsonl"], "--input"),
        (["classify", "--title", "a", "--input", "in.jsonl", "--output", "-"], "--title"),
        (["classify", "--input", "missing.jsonl", "--output", "-"], "missing.jsonl"),
        (["check-config"], "file"),
        (["check-config", "missing.yml"], "missing.yml"),
        (["check-config", "."], "Is a directory"),
        (["why", "acme/widgets"], "owner/repo#number"),
        (["undo", "0"], "action"),
        (["undo", "one"], "action"),
        (["purge"], "--installation"),
        (["purge", "acme/widgets", "--installation", "1"], "either"),
        (["purge", "acme/widgets"], "nothing is known of acme/widgets"),
        (["import", "acme/widgets"], "folder"),
        (["import", "widgets", "."], "owner/repo"),
        (["import", "acme/widgets", "missing"], "missing"),
        (["import", "acme/widgets", "."], "issues.jsonl"),
        (["receive", "-e", "issues"], "--payload"),
        (["sandbox", "--port", "99999"], "--port"),
        (["sandbox", "--seed", "missing.json"], "missing.json"),
        (["deliveries", "list", "--state", "lost"], "quarantined"),
        (["deliveries", "list", "--limit", "0"], "--limit"),
        (["deliveries", "show", "7"], "no delivery 7"),
    ],
    ids=" ".join,
)
def test_bad_usage(complain: Complain, arguments: list[str], says: str) -> None:
    assert says in complain(*arguments, code=BAD_INPUT)


@pytest.mark.parametrize("arguments", [[], ["deliveries"]], ids=["usher", "usher deliveries"])
def test_without_a_command_the_help_is_shown(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == BAD_INPUT
    assert capsys.readouterr().err.startswith("Usage: usher")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*name.split()[1:], "--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert f"Usage: {name}" in out
    assert COMMANDS[name].help.split()[0] in out


def test_bad_usage_ends_the_process_so_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "classify", "--nope"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    assert (done.returncode, done.stdout) == (BAD_INPUT, "")
    assert done.stderr.startswith("usher: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "command", [["--help"], ["deliveries", "list"], ["classify", "--title", "It crashes"]]
)
def test_output_that_cannot_be_written_is_said_in_one_line(command: list[str], tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "USHER_DATABASE_URL": f"sqlite:///{tmp_path / 'usher.db'}"},
            cwd=Path(__file__).parents[1],
        )
    assert done.returncode == FAILURE
    assert done.stderr == "usher: cannot write the output: No space left on device\n"


# The settings


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"USHER_PORT": "abc"}, "USHER_PORT"),
        ({"USHER_PORT": "70000"}, "USHER_PORT"),
        ({"USHER_LOG_FORMAT": "xml"}, "USHER_LOG_FORMAT"),
        ({"USHER_DRY_RUN": "perhaps"}, "USHER_DRY_RUN"),
        ({"USHER_GITHUB_API_URL": "api.github.com"}, "USHER_GITHUB_API_URL"),
        ({"USHER_APP_ID": "1"}, "USHER_WEBHOOK_SECRET"),
        ({"USHER_APP_ID": "1", "USHER_WEBHOOK_SECRET": "s"}, "USHER_PRIVATE_KEY_FILE"),
        ({"USHER_WEBHOOK_SECRET": "s", "USHER_PRIVATE_KEY": "k"}, "USHER_APP_ID"),
        (
            {"USHER_APP_ID": "1", "USHER_WEBHOOK_SECRET": "s", "USHER_PRIVATE_KEY_FILE": "missing.pem"},
            "missing.pem",
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_wrong_settings(
    complain: Complain, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], says: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert says in complain("undo", "1", code=BAD_INPUT)


def test_a_key_that_is_none_is_said_and_not_shown(
    complain: Complain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USHER_APP_ID", "1")
    monkeypatch.setenv("USHER_WEBHOOK_SECRET", "the-canary-secret")
    monkeypatch.setenv("USHER_PRIVATE_KEY", "the-canary-key")
    line = complain("undo", "1", code=FAILURE)
    assert "PEM" in line
    assert "canary" not in line


@pytest.mark.parametrize("arguments", [["worker"], ["undo", "1"], ["receive", "-e", "issues", "-p", "x"]])
def test_without_an_app_it_says_how_to_get_one(complain: Complain, arguments: list[str]) -> None:
    assert "/setup" in complain(*arguments, code=FAILURE)


def test_a_credentials_file_that_is_broken(complain: Complain, tmp_path: Path) -> None:
    (tmp_path / "usher-app.json").write_text('{"id": 1')
    assert "usher-app.json" in complain("undo", "1", code=BAD_INPUT)


# The database


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "postgresql://u@[::1/x"],
)
def test_a_malformed_database_url(complain: Complain, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("USHER_DATABASE_URL", url)
    line = complain("deliveries", "list", code=BAD_INPUT)
    assert "USHER_DATABASE_URL" in line
    assert "expected sqlite:///path/usher.db or postgresql://" in line


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///missing/usher.db", "no folder missing"),
        ("sqlite:///.", "unable to open"),
        ("sqlite:///garbage.db", "not a database"),
        ("postgresql://nobody:canary@127.0.0.1:1/none", "connection"),
    ],
)
def test_a_database_that_does_not_open(
    complain: Complain, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, says: str
) -> None:
    (tmp_path / "garbage.db").write_text("this is no database at all " * 50)
    monkeypatch.setenv("USHER_DATABASE_URL", url)
    line = complain("deliveries", "list", code=FAILURE)
    assert "cannot open the database" in line
    assert says in line
    assert "canary" not in line


def _give_up_root() -> None:
    """Root may write any file; without these capabilities it may not."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability)  # PR_CAPBSET_DROP, in force from the next exec on


def test_a_database_that_is_read_only(tmp_path: Path) -> None:
    path = tmp_path / "usher.db"
    assert run(["deliveries", "list"]) == 0
    path.chmod(0o444)
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "deliveries", "list"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "USHER_DATABASE_URL": f"sqlite:///{path}"},
        preexec_fn=_give_up_root if sys.platform == "linux" else None,
    )
    assert done.returncode == FAILURE
    assert done.stderr.startswith("usher: cannot open the database")
    assert "readonly" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_schema_from_the_future(
    complain: Complain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["deliveries", "list"]) == 0
    capsys.readouterr()
    with sqlite3.connect(tmp_path / "usher.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "newer Usher (schema 9999)" in complain("deliveries", "list", code=FAILURE)


# The classifier


@pytest.fixture
def altered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A classifier of one's own, of which a byte is another."""
    weights = write_artifact(tmp_path / "model") / "weights.npy"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    monkeypatch.setenv("USHER_MODEL", str(weights.parent))
    return weights


def test_a_server_does_not_start_with_an_altered_classifier(complain: Complain, altered: Path) -> None:
    line = complain("serve", "--port", "0", code=BAD_INPUT)
    assert f"{altered} was altered" in line


def test_nor_does_anything_else_that_needs_it(
    complain: Complain, altered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = rsa.generate_private_key(65_537, 2_048)
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()
    app = {"USHER_APP_ID": "1", "USHER_WEBHOOK_SECRET": "s", "USHER_PRIVATE_KEY": pem}
    for name, value in app.items():
        monkeypatch.setenv(name, value)
    for arguments in (["undo", "1"], ["classify", "--title", "x"]):
        assert f"{altered} was altered" in complain(*arguments, code=BAD_INPUT)


def test_a_server_says_which_classifier_serves(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = write_artifact(tmp_path / "model")
    monkeypatch.setenv("USHER_MODEL", str(place))
    monkeypatch.setenv("USHER_LOG_FORMAT", "json")
    monkeypatch.setattr("bot.web.server.serve", lambda _app, listener: listener.close())
    assert run(["serve", "--port", "0"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    (said,) = [line for line in lines if line["event"] == "classifier.loaded"]
    assert (said["version"], said["directory"]) == (Classifier.load(place).version, str(place))


# The port


@pytest.fixture
def taken_port() -> Iterator[str]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield str(listener.getsockname()[1])


@pytest.mark.parametrize("command", ["serve", "sandbox"])
def test_a_taken_port(complain: Complain, taken_port: str, command: str) -> None:
    line = complain(command, "--port", taken_port, code=FAILURE)
    assert taken_port in line
    assert "in use" in line


def test_an_address_that_is_not_ours(complain: Complain) -> None:
    assert "192.0.2.1" in complain("serve", "--host", "192.0.2.1", "--port", "0", code=FAILURE)


def test_what_needs_postgresql_says_so(complain: Complain) -> None:
    assert "PostgreSQL" in complain("serve", "--web-only", code=FAILURE)


# deliveries and the ledger


def test_an_empty_inbox(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deliveries", "list"]) == 0
    assert capsys.readouterr().out == "in all: none yet\n"
    assert run(["deliveries", "list", "--json"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["deliveries", "retry", "all"]) == 0
    assert "nothing to retry" in capsys.readouterr().out


def test_a_thread_without_a_record(complain: Complain) -> None:
    assert "nothing is on record" in complain("why", "acme/widgets#12", code=FAILURE)
