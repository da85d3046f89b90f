"""What is logged is one line that people or machines can read, and no secret is ever in it."""

import json
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

KEY = "-----BEGIN RSA PRIVATE KEY-----\\nMIICANARY1\\nAAAA\\n-----END RSA PRIVATE KEY-----"
SECRETS = {
    "installation token": "ghs_CANARY2" + "a" * 30,
    "personal token": "ghp_CANARY3" + "b" * 30,
    "fine-grained token": "github_pat_11CANARY4_" + "c" * 40,
    "new kind of token": "ghs_12_eyJhbGciOiJSUzI1NiJ9.CANARY5eyJpc3MiOjEyfQ.CANARY5_-signature",
    "JWT": "eyJhbGciOiJSUzI1NiJ9.CANARY6eyJpc3MiOjEyfQ.CANARY6_-signature",
    "key": KEY.replace("\\n", "\n"),
    "key in one line": KEY,
    "key that was cut off": "-----BEGIN PRIVATE KEY-----\nMIICANARY7\nAAAA",
    "database": "postgresql://usher:CANARY8@db:5432/usher",
    "database without a user": "postgresql://:CANARY9@db/usher",
    "connection": "host=db user=usher password=CANARY10 dbname=usher",
}

PROGRAM = """
import json, logging, sys
import structlog
from bot.logs import configure_logs
style, debug, secrets = sys.argv[1], sys.argv[2] == "debug", json.loads(sys.argv[3])
configure_logs(style, debug=debug)
log, library = structlog.get_logger("usher"), logging.getLogger("library")
class Thing:
    def __init__(self, text): self.text = text
    def __repr__(self): return f"Thing({self.text})"
for secret in secrets:
    log.warning(f"said {secret} here")
    log.warning("value", text=f"a {secret} b", number=7, flag=True, nothing=None)
    log.warning("nested", value={"a": [{"b": (secret,)}, {secret}]}, thing=Thing(secret), raw=secret.encode())
    log.warning("given", exc_info=ValueError(f"with {secret} inside"))
    library.warning("library %s says", secret)
    structlog.contextvars.bind_contextvars(about=secret)
    log.warning("bound")
    structlog.contextvars.clear_contextvars()
    try:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise RuntimeError(f"failed with {secret}") from error
    except RuntimeError:
        log.exception("raised")
        library.exception("library raised")
log.debug("seen in debug only")
log.info("installation.purged", installation=1, account="octo")
library.info("never seen")
"""


@cache
def lines(style: str, debug: bool) -> list[str]:
    """Everything that a process writes which logs each secret in every way there is."""
    command = [
        sys.executable,
        "-c",
        PROGRAM,
        style,
        "debug" if debug else "",
        json.dumps([*SECRETS.values()]),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return done.stderr.splitlines()


def entries(debug: bool = False) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines("json", debug)]


both_styles = pytest.mark.parametrize("style", ["console", "json"])
with_and_without_debug = pytest.mark.parametrize("debug", [False, True])


@both_styles
@with_and_without_debug
def test_no_secret_reaches_a_line(style: str, debug: bool) -> None:
    text = "\n".join(lines(style, debug))
    assert "CANARY" not in text
    assert text.count("[secret]") >= 8 * len(SECRETS)


@with_and_without_debug
def test_for_machines_every_line_is_json_that_of_libraries_included(debug: bool) -> None:
    found = entries(debug)
    assert all({"event", "level", "timestamp"} <= entry.keys() for entry in found)
    assert {entry["logger"] for entry in found if "logger" in entry} == {"library"}


def test_what_is_around_a_secret_stays() -> None:
    first = entries()[0]
    assert first["event"] == "said [secret] here"
    databases = [entry["event"] for entry in entries() if "db:5432" in entry["event"]]
    assert databases[0] == "said postgresql://[secret]@db:5432/usher here"


def test_values_keep_their_kind() -> None:
    value = next(entry for entry in entries() if entry["event"] == "value")
    assert (value["text"], value["number"], value["flag"], value["nothing"]) == (
        "a [secret] b",
        7,
        True,
        None,
    )
    nested = next(entry for entry in entries() if entry["event"] == "nested")
    assert nested["value"] == {"a": [{"b": ["[secret]"]}, ["[secret]"]]}
    assert nested["thing"] == "Thing([secret])"


def test_an_error_is_told_in_one_line_and_with_its_traceback_in_debug() -> None:
    [short, *_] = [entry for entry in entries() if entry["event"] == "raised"]
    assert short["error"] == "RuntimeError: failed with [secret]"
    assert "exception" not in short
    [full, *_] = [entry for entry in entries(debug=True) if entry["event"] == "raised"]
    assert "Traceback" in full["exception"]
    assert "KeyError" in full["exception"]


def test_an_error_that_is_given_along_is_told_too() -> None:
    [given, *_] = [entry for entry in entries() if entry["event"] == "given"]
    assert given["error"] == "ValueError: with [secret] inside"
    [library, *_] = [entry for entry in entries() if entry["event"] == "library raised"]
    assert library["error"] == "RuntimeError: failed with [secret]"


def test_details_are_for_debug_alone() -> None:
    names = [entry["event"] for entry in entries()]
    assert "installation.purged" in names
    assert "seen in debug only" not in names
    assert "never seen" not in names
    assert "seen in debug only" in [entry["event"] for entry in entries(debug=True)]


def test_for_people_there_are_no_colours_where_nobody_looks() -> None:
    assert "\x1b" not in "\n".join(lines("console", False))
    assert any("installation.purged" in line and "account=octo" in line for line in lines("console", False))
