"""``usher report``: formats, files, and one line for what cannot be done."""

import json
from email import message_from_bytes
from email.policy import SMTP
from html import unescape
from pathlib import Path

import pytest

from bot.cli import BAD_INPUT, FAILURE, run
from bot.demo.history import keep, made_up
from tests.conftest import migrated
from tests.reports.examples import UNTIL

REPORT = ["report", "acme/widgets", "--until", "2026-06-15"]


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('report') / 'usher.db'}"
    with migrated(url) as database:
        keep(made_up(UNTIL), database)
    return url


@pytest.fixture(autouse=True)
def _settings(alone: None, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USHER_DATABASE_URL", database_url)


@pytest.mark.parametrize(
    ("format_", "begins"),
    [
        (None, "## acme/widgets, 17 March to 14 June 2026 (UTC)\n"),
        ("md", "## acme/widgets, 17 March to 14 June 2026 (UTC)\n"),
        ("html", "<!doctype html>\n"),
        ("json", '{\n  "repository": "acme/widgets",\n'),
        ("csv", "what,id,unit,bucket,name,measure,value,group,opened_by\r\n"),
    ],
)
def test_each_format_goes_to_stdout_or_into_a_file(
    format_: str | None, begins: str, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    arguments = [*REPORT, *(["--format", format_] if format_ else [])]
    assert run(arguments) == 0
    out, err = capfdbinary.readouterr()
    assert err == b""
    assert out.decode().startswith(begins)
    assert run([*arguments, "-o", "report.txt"]) == 0
    assert (tmp_path / "report.txt").read_bytes() == out
    assert capfdbinary.readouterr().out == b""
    assert run([*arguments, "-o", "-"]) == 0
    assert capfdbinary.readouterr().out == out


def test_a_mail_says_from_whom_and_for_whom_it_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    addresses = ["--from", "Usher <usher@example.org>", "--to", "maya@example.org, sam@example.org"]
    assert run([*REPORT, "--format", "mail", *addresses]) == 0
    head = capfdbinary.readouterr().out.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert head[0].startswith("Subject: acme/widgets: ")
    assert head[1:3] == ["From: Usher <usher@example.org>", "To: maya@example.org, sam@example.org"]
    assert head[3].startswith("Date: ")


def test_the_weekly_issue_may_be_seen_before_it_comes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*REPORT, "--format", "issue"]) == 0
    week = capsys.readouterr().out
    assert "8 to 14 June 2026" in week
    assert "Trends" not in week
    assert run([*REPORT, "--format", "issue", "--window", "30d"]) == 0
    assert "16 May to 14 June 2026" in capsys.readouterr().out


def test_where_no_issue_would_come_it_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = ["report", "acme/widgets", "--until", "2013-06-01", "--format", "issue"]
    for arguments in (before, [*before, "-o", "issue.md"]):
        assert run(arguments) == 0
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert err.startswith("usher: there would be no issue: nothing needs anybody")
    assert not (tmp_path / "issue.md").exists()


def test_window_and_end_are_as_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*REPORT, "--window", "1w", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["from"], data["until"]) == ("2026-06-08T00:00:00Z", "2026-06-15T00:00:00Z")


def test_an_audience_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*REPORT, "--audience", "outsiders", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["audience"]["name"] == "outsiders"
    assert run([*REPORT, "--audience", "friends"]) == BAD_INPUT
    assert "'friends' is no audience: expected everyone, newcomers" in capsys.readouterr().err


def test_settings_from_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "usher.yml"
    file.write_text("health: {window: 7, time_zone: Europe/Berlin}\n")
    assert run([*REPORT, "--config", str(file), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["from"], data["timezone"]) == ("2026-06-07T22:00:00Z", "Europe/Berlin")
    file.write_text("health: {windov: 7}\n")
    assert run([*REPORT, "--config", str(file)]) == BAD_INPUT
    assert "`health.windov` is not a setting" in capsys.readouterr().err


def test_the_page_is_linked_where_its_address_is_known(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USHER_PUBLIC_URL", "https://usher.example/")
    assert run(REPORT) == 0
    assert "(https://usher.example/r/acme/widgets/report?until=2026-06-15)" in capsys.readouterr().out
    assert run([*REPORT, "--window", "7d", "--audience", "newcomers"]) == 0
    query = "until=2026-06-15&window=7d&audience=newcomers"
    assert f"(https://usher.example/r/acme/widgets/report?{query})" in capsys.readouterr().out


def test_a_mail_links_the_page_of_the_same_report(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USHER_PUBLIC_URL", "https://usher.example")
    assert run([*REPORT, "--window", "30d", "--format", "mail"]) == 0
    message = message_from_bytes(capfdbinary.readouterr().out, policy=SMTP)
    page = "https://usher.example/r/acme/widgets/report?until=2026-06-15&window=30d"
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        text = unescape(part.get_content())
        assert page in text
        assert f"{page}#bots" in text


def test_a_report_that_cannot_be_written_leaves_the_last_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(_draft: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    file = tmp_path / "report.md"
    file.write_text("of last week")
    monkeypatch.setattr(Path, "replace", full)
    assert run([*REPORT, "-o", str(file)]) == FAILURE
    assert f"cannot write {file}: No space left on device" in capsys.readouterr().err
    assert [each.read_text() for each in tmp_path.glob("*.md")] == ["of last week"]
    assert list(tmp_path.glob(".report*")) == []


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["acme/a/b"], BAD_INPUT, "'acme/a/b' is no repository: expected owner/repo"),
        (["acme/none"], BAD_INPUT, "usher backfill acme/none asks GitHub for it, usher import acme/none DIR"),
        (["acme/none"], BAD_INPUT, "/usher.db)"),
        (["acme/widgets", "--window", "1q"], BAD_INPUT, "'1q' is no window"),
        (["acme/widgets", "--until", "June"], BAD_INPUT, "'June' is no day"),
        (["acme/widgets", "--until", "2999-01-01"], BAD_INPUT, "2999-01-01 lies ahead"),
        (["acme/widgets", "--format", "pdf"], BAD_INPUT, "--format"),
        (["acme/widgets", "--to", "maya@example.org"], BAD_INPUT, "--from and --to are for --format mail"),
        (["acme/widgets", "--format", "mail", "--to", "maya"], BAD_INPUT, "'maya' is no address for --to"),
        (
            ["acme", "--format", "issue"],
            BAD_INPUT,
            "--format issue is for one repository: give it as owner/repo",
        ),
        (["acme/widgets", "-o", "no/such/folder"], FAILURE, "cannot write no/such/folder: No such file"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    arguments: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", *arguments]) == code
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("usher: ")
    assert says in err
