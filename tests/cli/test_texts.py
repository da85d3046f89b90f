"""``usher classify`` and ``usher check-config``, as scripts see them."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import BAD_INPUT, run
from model.predict import Classifier
from tests.model.measured import write_artifact

TYPES = {"bug", "feature", "question", "documentation"}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def as_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# check-config


def test_a_good_config(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "usher.yml").write_text("mode: act\n")
    assert run(["check-config", "usher.yml"]) == 0
    assert capsys.readouterr().out == "usher.yml: good (mode: act)\n"
    (tmp_path / "usher.yml").write_text("health: {issue: weekly}\n")
    assert run(["check-config", "usher.yml"]) == 0
    assert "(mode: observe, so that all is planned and nothing is written)" in capsys.readouterr().out


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
    assert line["type"]["threshold"] == round(Classifier.load().thresholds(0.9)[line["type"]["label"]], 4)


def test_more_precision_takes_more(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["classify", "--json", "--title", "It crashes when it starts", "--precision"]
    needed = []
    for precision in ("0.7", "0.95"):
        assert run([*asked, precision]) == 0
        needed.append(json.loads(capsys.readouterr().out)["type"]["threshold"])
    assert needed[0] < needed[1]


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("x", "too little text to judge"),
        ("", "the text is empty"),
        (
            "Quand je clique sur le bouton il ne se passe pas",
            "the text seems to be in French, which the classifier was not trained on",
        ),
    ],
)
def test_on_what_cannot_be_read_there_is_no_guess(
    capsys: pytest.CaptureFixture[str], title: str, says: str
) -> None:
    assert run(["classify", "--title", title]) == 0
    assert capsys.readouterr().out == f"no label: {says}\n"


@pytest.mark.parametrize("by", ["option", "setting"])
def test_another_classifier(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    place = str(write_artifact(tmp_path / "own"))
    if by == "setting":
        monkeypatch.setenv("USHER_MODEL", place)
    assert run(["classify", "--title", "How", *(["--model", place] if by == "option" else [])]) == 0
    assert capsys.readouterr().out.startswith("question  95% (threshold 60%)\n")


def test_a_classifier_that_is_not_there_is_bad_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["classify", "--title", "x", "--model", str(tmp_path)]) == BAD_INPUT
    assert capsys.readouterr().err == f"usher: no classifier in {tmp_path}: manifest.json is missing\n"


@pytest.mark.parametrize("repo", ["foo", "a/b/c", "", "a b/c"])
def test_a_repository_has_an_owner(capsys: pytest.CaptureFixture[str], repo: str) -> None:
    assert run(["classify", "--title", "x", "--repo", repo]) == BAD_INPUT
    assert capsys.readouterr().err == (
        f"usher: --repo: {repo!r} is no repository; expected owner/name, such as acme/widgets\n"
    )


def test_lines_of_a_file_name_their_repositories_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["classify", "--input", "i", "--output", "o", "--repo", "acme/widgets"]) == BAD_INPUT
    assert "a line of --input names its own" in capsys.readouterr().err


def test_classify_one_says_the_other_heads_too(capsys: pytest.CaptureFixture[str]) -> None:
    needs_a_network()
    command = ["classify", "--title", "Fix a typo in the readme", "--head", "tone", "--head", "pr_type"]
    assert run(command) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.split()[0] in TYPES
    assert "threshold" in first
    assert run([*command, "--json"]) == 0
    (line,) = as_lines(capsys.readouterr().out)
    assert line["tone"]["label"] == "civil"
    assert set(line["pr_type"]) == {
        "label", "probability", "probabilities", "threshold", "abstained", "reason",
    }  # fmt: skip


def test_a_head_that_the_classifier_lacks_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.predict.PRETRAINED", write_artifact(tmp_path / "linear"))
    assert run(["classify", "--title", "x", "--head", "tone"]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "cannot tell tone" in err


@pytest.mark.parametrize("option", [["--head", "mood"], ["--threads", "0"], ["--threads", "many"]])
def test_an_option_that_makes_no_sense_is_bad_input(
    capsys: pytest.CaptureFixture[str], option: list[str]
) -> None:
    assert run(["classify", "--title", "x", *option]) == BAD_INPUT
    assert capsys.readouterr().out == ""


def test_one_text_and_a_file_do_not_go_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["classify", "--title", "x", "--input", "in.jsonl"]) == BAD_INPUT
    assert capsys.readouterr().err.endswith("--output FILE.jsonl, not both\n")
    assert run(["classify"]) == BAD_INPUT
    assert run(["classify", "--input", "in.jsonl"]) == BAD_INPUT
    assert capsys.readouterr().err.count("\n") == 2


def needs_a_network() -> None:
    if not Classifier.load().has_network:
        pytest.skip("the shipped classifier has no network")


def test_a_familiar_repository_is_judged_by_what_is_known_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["classify", "--json", "--title", "It runs twice, is this expected?", "--body", "Why is that?"]
    said = []
    for repo in ([], ["--repo", "octo/unknown"], ["--repo", "Facebook/React"]):
        assert run([*asked, *repo]) == 0
        said.append(json.loads(capsys.readouterr().out)["type"]["probabilities"])
    nowhere, elsewhere, familiar = said
    assert nowhere == elsewhere
    assert nowhere != familiar
