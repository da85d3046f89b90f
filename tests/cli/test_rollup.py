"""``usher report OWNER``: formats, and one line for what cannot be done."""

import json
from pathlib import Path

import pytest

from bot.cli import BAD_INPUT, run
from tests.conftest import migrated
from tests.test_rollups import ENGINE, WIDGETS, keep

REPORT = ["report", "acme", "--until", "2026-04-01", "--window", "31d"]


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('rollup') / 'usher.db'}"
    with migrated(url) as database:
        keep(database, "acme/widgets", WIDGETS)
        keep(database, "acme/engine", ENGINE)
    return url


@pytest.fixture(autouse=True)
def _settings(alone: None, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USHER_DATABASE_URL", database_url)
    monkeypatch.setenv("USHER_PUBLIC_URL", "https://usher.example/")


@pytest.mark.parametrize(
    ("format_", "begins"),
    [
        ("md", "## acme, 1 to 31 March 2026\n"),
        ("html", "<!doctype html>\n"),
        ("json", '{\n  "organisation": "acme",\n'),
        ("csv", "repository,what,id,unit,bucket,name,measure,value\r\n"),
    ],
)
def test_each_format_goes_to_stdout(
    format_: str, begins: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run([*REPORT, "--format", format_]) == 0
    out, err = capfdbinary.readouterr()
    assert err == b""
    assert out.decode().startswith(begins)


def test_it_goes_into_a_file_and_links_its_page(tmp_path: Path) -> None:
    assert run([*REPORT, "-o", "acme.md"]) == 0
    assert "[page](https://usher.example/r/acme?until=2026-04-01&window=31d)" in (
        tmp_path / "acme.md"
    ).read_text("utf-8")


def test_window_and_end_are_as_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*REPORT, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["from"], data["until"]) == ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nobody"], "nothing is known of the repositories of nobody: usher backfill nobody/REPO"),
        (["a b"], "'a b' is no owner of repositories: expected one such as acme"),
        (["acme", "--window", "1q"], "'1q' is no window"),
        (["acme", "--format", "mail"], "--format mail is for one repository: give it as owner/repo"),
        (["acme", "--audience", "newcomers"], "--audience is for one repository: give it as owner/repo"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", *arguments]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err
