"""Comments by tone: what the words of three collections mean, and which is only measured on."""

from pathlib import Path

import pytest

from model.datasets.tones import tones
from model.errors import DataError
from tests.model.many_tasks import write_tones


def test_an_empty_kind_and_the_word_none_are_civil(tmp_path: Path) -> None:
    write_tones(
        tmp_path, tbdf=[("1", "", "a"), ("1", "None", "b"), ("1", "Irony", "c"), ("1", "Threat", "d")]
    )
    assert [draft.label for draft in tones(tmp_path / "tone")] == ["civil", "civil", "uncivil", "uncivil"]


def test_the_labels_of_the_other_collections(tmp_path: Path) -> None:
    write_tones(tmp_path, toxicr=[("0", "a"), ("1", "b")], strudel=[("n", "c"), ("y", "d")])
    found = {draft.body: draft.label for draft in tones(tmp_path / "tone")}
    assert found == {"a": "civil", "b": "uncivil", "c": "civil", "d": "uncivil"}


def test_comments_of_ordinary_threads_are_only_tested_on(tmp_path: Path) -> None:
    write_tones(tmp_path, strudel=[("n", f"text {number}") for number in range(50)])
    assert {draft.split for draft in tones(tmp_path / "tone")} == {"test"}


def test_comments_of_a_thread_stay_together(tmp_path: Path) -> None:
    write_tones(tmp_path, tbdf=[(str(n % 40), "", f"text {n}") for n in range(200)])
    threads: dict[int, set[str]] = {}
    for draft in tones(tmp_path / "tone"):
        threads.setdefault(int(draft.body.split()[1]) % 40, set()).add(draft.split)
    assert all(len(splits) == 1 for splits in threads.values())
    assert set.union(*threads.values()) == {"train", "validation"}


def test_repetitions_of_a_review_comment_stay_together(tmp_path: Path) -> None:
    comments = [("0", f"Text {number}") for number in range(60)]
    write_tones(tmp_path, toxicr=[*comments, *((label, f" {text.upper()}\n") for label, text in comments)])
    drafts = list(tones(tmp_path / "tone"))
    assert [draft.split for draft in drafts[:60]] == [draft.split for draft in drafts[60:]]
    assert {draft.split for draft in drafts} == {"train", "validation", "test"}


def test_what_was_kept_as_html_is_text_again(tmp_path: Path) -> None:
    write_tones(tmp_path, strudel=[("n", "&quot;a &lt; b&quot;")])
    assert next(tones(tmp_path / "tone")).body == '"a < b"'


def test_an_unknown_label(tmp_path: Path) -> None:
    write_tones(tmp_path, toxicr=[("maybe", "text")])
    with pytest.raises(DataError, match=r"toxicr.csv.gz, row 1: 'maybe' is not one of"):
        list(tones(tmp_path / "tone"))
