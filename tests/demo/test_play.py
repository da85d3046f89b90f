"""The demo as a person starts it: a process of its own, to its end and beyond."""

import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
SHORT_DAY = """
    import sys
    from bot.demo.moments import Expect
    from bot.demo.play import play
    from bot.demo.script import load

    day = load()
    first, second = day.entries[:2]
    if sys.argv[1] == "sabotaged":
        first = first.model_copy(update={"expect": Expect(type="documentation", comments=())})
    short = day.model_copy(update={"yesterday": (), "entries": (first, second), "evening": ()})
    sys.exit(play(once=sys.argv[2] == "once", port=0, day=short))
"""


def start(folder: Path, *command: str) -> "subprocess.Popen[str]":
    """Start a command whose temporary files all lie in ``folder``."""
    (folder / "tmp").mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(folder / "tmp"),
        # None of these may reach the demo's server.
        "USHER_APP_ID": "1",
        "USHER_DRY_RUN": "1",
    }
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A shell that runs the tests in the background has Ctrl-C ignored, and children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )


def short_day(folder: Path, *words: str) -> "subprocess.Popen[str]":
    return start(folder, "-c", textwrap.dedent(SHORT_DAY), *words)


def left_behind(folder: Path) -> list[str]:
    return [path.name for path in (folder / "tmp").iterdir()]


def test_the_whole_day(tmp_path: Path) -> None:
    demo = start(tmp_path, "-m", "bot.cli", "demo", "--once", "--port", "0")
    said, _ = demo.communicate(timeout=280)
    assert demo.returncode == 0, said
    assert "\x1b" not in said
    last = said.strip().splitlines()[-1]
    match = re.fullmatch(r"(\d+) events, (\d+) actions, 0 failed, (\d+)/(\d+) expectations held", last)
    assert match is not None, said
    events, actions, held, expected = map(int, match.groups())
    assert events >= 36
    assert actions >= 40
    assert held == expected >= 150
    for part in ("Needs you now", "How it went", "Taken for a bot", "One thing to try"):
        assert f"\n{part}\n" in said
    (report,) = re.findall(r"all of it, with charts: (\S+)", said)
    assert "</html>" in Path(report).read_text("utf-8")
    assert left_behind(tmp_path) == [Path(report).name]


def test_an_expectation_that_does_not_hold_is_told(tmp_path: Path) -> None:
    demo = short_day(tmp_path, "sabotaged", "once")
    said, _ = demo.communicate(timeout=120)
    assert demo.returncode == 1, said
    assert "expected  type: documentation" in said
    assert "found     labels: kind/bug" in said
    assert "found     comments: welcome" in said
    assert [Path(name).suffix for name in left_behind(tmp_path)] == [".html"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_stays_until_it_is_told_to_go(tmp_path: Path, number: signal.Signals, code: int) -> None:
    demo = short_day(tmp_path, "honest", "stay")
    assert demo.stdout is not None
    said = ""
    while "labels and comments" not in said:
        line = demo.stdout.readline()
        assert line, said
        said += line
    addresses = re.findall(r"http://127\.0\.0\.1:\d+", said)
    assert {httpx.get(url, trust_env=False).status_code for url in addresses} == {200}
    (report,) = re.findall(r"http://\S+/report", said)
    assert "Needs you now" in httpx.get(report, trust_env=False).text
    assert "all of it, with charts" not in said  # it is there
    demo.send_signal(number)
    rest, _ = demo.communicate(timeout=60)
    assert demo.returncode == code, said + rest
    assert left_behind(tmp_path) == []
    for url in addresses:
        with pytest.raises(httpx.TransportError):
            httpx.get(url, trust_env=False)


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        demo = start(tmp_path, "-m", "bot.cli", "demo", "--once", "--port", port)
        said, _ = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert f"cannot listen on port {port}" in said
    assert said.count("\n") == 1
    assert left_behind(tmp_path) == []
