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
from typing import Any

import pytest

from bot.cli import BAD_INPUT, FAILURE, run
from bot.cli.reference import commands

COMMANDS = dict(commands())
TYPES = {"bug", "feature", "question", "documentation"}
Complain = Callable[..., str]


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working folder, and no settings but those of the test."""
    for name in [name for name in os.environ if name.startswith("USHER_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


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


def as_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


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
    ["", "nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "postgresql://u@[::1/x"],
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


# check-config


def test_a_good_config(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "usher.yml").write_text("mode: act\n")
    assert run(["check-config", "usher.yml"]) == 0
    assert capsys.readouterr().out == "usher.yml: good (mode: act)\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"mode: on\ntriage:\n  treshold: 0.9\n", ["line 1", "line 3"]),
        (b"mode: [", ["line"]),
        (b"\xff\xfe", ["line 1"]),
    ],
)
def test_a_bad_config_has_one_line_for_each_problem(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, says: list[str]
) -> None:
    (tmp_path / "usher.yml").write_bytes(content)
    assert run(["check-config", "usher.yml"]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert out == ""
    problems = err.splitlines()
    assert len(problems) == len(says)
    assert all(text in problem for text, problem in zip(says, problems, strict=True))


# classify


def test_classify_one(capsys: pytest.CaptureFixture[str]) -> None:
    title = "Crash with a segmentation fault when saving a file"
    assert run(["classify", "--title", title, "--body", "It crashes: see the traceback."]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("bug ")
    assert err == ""


def test_classify_one_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["classify", "--title", "How do I install this?", "--body", "", "--json"]) == 0
    (line,) = as_lines(capsys.readouterr().out)
    assert {"type", "abstained", "reason"} <= line.keys()
    assert line["type"]["label"] in TYPES
    assert line["type"]["probabilities"].keys() == TYPES
    assert line["type"]["probability"] == max(line["type"]["probabilities"].values())


def test_classify_a_file_skips_bad_lines_and_says_which(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = [
        '{"title": "It crashes", "body": "line\u2028separator and \\ud800"}',
        "not json",
        "",
        "[]",
        '{"title": 3}',
        '{"id": {"own": "\\ud800"}, "title": "Add a dark mode", "repo": "acme/widgets", "more": 1}',
        '{"title": null, "body": null}',
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert run(["classify", "--input", "in.jsonl", "--output", "out.jsonl"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(":")[1].split()[-1] for line in err.splitlines()] == ["2", "4", "5", "7"]
    assert all(line.startswith("usher: in.jsonl line ") for line in err.splitlines())
    assert [line["id"] for line in as_lines((tmp_path / "out.jsonl").read_text())] == [1, {"own": "\ud800"}]
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "out.jsonl"}


def test_classify_a_file_to_stdout(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"title": "one"}\n{"title": "two"}')
    assert run(["classify", "--input", "in.jsonl", "--output", "-"]) == 0
    assert [line["id"] for line in as_lines(capsys.readouterr().out)] == [1, 2]


def test_classify_an_empty_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("")
    assert run(["classify", "--input", "in.jsonl", "--output", "out.jsonl"]) == 0
    assert (tmp_path / "out.jsonl").read_text() == ""
    assert capsys.readouterr() == ("", "")


def test_classify_a_file_without_a_usable_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("no\nno\n")
    assert run(["classify", "--input", "in.jsonl", "--output", "out.jsonl"]) == FAILURE
    assert "no usable line" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("target", ["missing/out.jsonl", "in.jsonl/out.jsonl", "."])
def test_classify_to_where_nothing_can_be_written(complain: Complain, tmp_path: Path, target: str) -> None:
    (tmp_path / "in.jsonl").write_text('{"title": "one"}\n')
    line = complain("classify", "--input", "in.jsonl", "--output", target, code=BAD_INPUT)
    assert f"cannot write {target}" in line
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_classify_to_a_device_leaves_it_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "in.jsonl").write_text('{"title": "one"}\n')
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run(["classify", "--input", "in.jsonl", "--output", "pipe"]) == 0
    assert json.loads(os.read(reader, 65_536))["id"] == 1
    os.close(reader)
    assert pipe.is_fifo()


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
