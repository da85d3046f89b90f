"""``usher backfill``, as people and scripts see it."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from bot.cli import BAD_INPUT, FAILURE, INTERRUPTED, run
from bot.cli.backfill import _day
from bot.sandbox import Sandbox, SandboxServer
from tests.past import Past
from tests.world import private_key

REPO = "octo/engine"


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    made = Sandbox()
    made.add_organization("octo")
    made.add_repo(REPO, files={"README.md": "# Engine\n"})
    app = made.add_app("usher", private_key=private_key())
    made.install(app, "octo")
    monkeypatch.chdir(tmp_path)
    handlers = list(logging.root.handlers)
    with SandboxServer(made) as server:
        monkeypatch.setenv("USHER_GITHUB_API_URL", server.api_url)
        monkeypatch.setenv("USHER_APP_ID", str(app.id))
        monkeypatch.setenv("USHER_PRIVATE_KEY", private_key())
        monkeypatch.setenv("USHER_WEBHOOK_SECRET", "secret")
        yield made
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers


def test_it_says_what_was_read_and_what_it_cost(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    Past(sandbox, REPO).make(12)
    assert run(["backfill", REPO]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("octo/engine: 8 issues and 4 pull requests, with ")
    assert " of them GraphQL for " in out
    assert " releases and 1 commits (" in out
    assert err == ""
    assert run(["backfill", REPO, "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["repository"], done["issues"], done["is_complete"]) == (REPO, 0, True)
    assert done["start"] is not None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing"], "'nothing' is no repository"),
        (["octo/none"], "GitHub knows no repository octo/none, or the App is not installed on it"),
        ([REPO, "--since", "yesterday"], "--since yesterday is no date: expected one such as 2024-06-01"),
        ([REPO, "--since", "2999-01-01"], "--since 2999-01-01 lies in the future"),
        (
            [REPO, "--since", "9999-12-31T23:59:59-14:00"],
            "-14:00 is no date: expected one such as 2024-06-01",
        ),
        (
            [REPO, "--since", "0001-01-01T00:00:00+14:00"],
            "+14:00 is no date: expected one such as 2024-06-01",
        ),
        ([REPO, "--since", "0001-01-01"], "--since 0001-01-01 lies before 1970: leave --since out"),
        ([REPO, "--since", "1970-01-01T00:00+01:00"], "lies before 1970"),
    ],
)
def test_mistakes_are_told_in_one_line(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    del sandbox
    assert run(["backfill", *arguments]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err


def test_a_suspended_app_is_told(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    [installation] = sandbox.store.installations.values()
    sandbox.suspend(installation)
    assert run(["backfill", REPO]) == BAD_INPUT
    assert "the App is suspended for octo" in capsys.readouterr().err


def test_without_an_app_there_is_nothing_to_ask_with(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del sandbox
    for name in ("USHER_APP_ID", "USHER_PRIVATE_KEY", "USHER_WEBHOOK_SECRET"):
        monkeypatch.delenv(name)
    assert run(["backfill", REPO]) == FAILURE
    assert "no GitHub App is set up" in capsys.readouterr().err


def test_a_limit_is_told_and_waited_for(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Past(sandbox, REPO).make(3)
    sandbox.faults.add("too_many", match="/graphql", times=1, seconds=1)
    assert run(["backfill", REPO]) == 0
    out, err = capsys.readouterr()
    assert "2 issues and 1 pull requests" in out
    assert "rate limit" in err
    assert "going on at" in err
    assert sandbox.violations == []


def test_after_ctrl_c_it_goes_on(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Past(sandbox, REPO).make(130)
    kept = "bot.cli.backfill._Watch.kept"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(kept, stop)
        assert run(["backfill", REPO]) in (INTERRUPTED, FAILURE)
    capsys.readouterr()
    assert run(["backfill", REPO, "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert 80 <= done["issues"] + done["pulls"] <= 81, "the first fifty were kept"


def test_a_day_is_one_in_utc() -> None:
    assert _day("2024-06-01") == datetime(2024, 6, 1, tzinfo=UTC)
    assert _day("2024-06-01T02:00:00+02:00") == datetime(2024, 6, 1, tzinfo=UTC)
    assert _day(None) is None
