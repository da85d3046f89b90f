"""Files that are not the YAML that Usher reads, by mistake or by malice."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import config_file
from bot.config import Config, load_file, read
from tests.patience import must_end

DATA = Path(__file__).parent / "data" / "config"


class TestUnreadableFiles:
    @pytest.mark.parametrize(
        ("text", "line", "says"),
        [
            ("triage:\n\tthreshold: 1", 2, "there is a tab; YAML is indented with spaces only."),
            ("mode: 'act", 1, "it is not YAML: "),
            ("mode: act\n  triage:", 2, "it is not YAML: "),
            ("- a\n- b", 1, "settings are `name: value` lines, this is something else."),
            ("act", 1, "settings are `name: value` lines, this is something else."),
            ("mode: act\n---\nmode: act", 2, "there is a second document (`---`); one file has one."),
            ("mode: act\n\nmode: act", 3, "`mode` is there twice; it is on line 1 already."),
            ("triage:\n  mode: act\n  mode: act", 3, "`mode` is there twice; it is on line 2 already."),
            ("? [a, b]\n: 1", 1, "a name must be plain text."),
            ("mode: *nothing", 1, "the alias `*nothing` stands for nothing that was defined before."),
            ("a: &a [*a]", 1, "the alias `*a` stands for nothing that was defined before."),
            (
                "a: !!python/object:os.system x",
                1,
                "tags such as `!!python/object:os.system` are not supported.",
            ),
            (
                "%TAG ! tag:x,2000:\n---\nmode: act",
                1,
                "directives (lines that start with `%`) are not supported.",
            ),
            ("triage: {<<: act}", 1, "`<<` takes a mapping, such as `*name`."),
            ("mode: act\n# \0", 2, "there is an invisible character (U+0000)."),
            (
                'mode: act\ntriage: {abstain_label: "x\\0y"}',
                2,
                "an escape spells an invisible character (U+0000).",
            ),
            ('"mo\\e[2J": act', 1, "an escape spells an invisible character (U+001B)."),
            (b"mode: act\n# \xff", 2, "the file is not UTF-8 text."),
            ("mode: \ud800", 1, "the file is not UTF-8 text."),
            ("mode: act".encode("utf-16"), 1, "the file is not UTF-8 text."),
            ("[" * 1000, 1, "there are more than 50 levels."),
        ],
    )
    def test_one_message_says_what_and_where(self, text: bytes | str, line: int, says: str) -> None:
        (problem,) = read(text, "usher.yml").problems
        assert (problem.line, problem.key) == (line, "")
        assert str(problem).startswith(f"`usher.yml` line {line}: {says}")


HALF = 128 * 1024
LAUGHS = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 10))
HOSTILE: dict[str, bytes | str] = {
    "a billion laughs": "l0: &l0 ha\n" + LAUGHS,
    "laughs by merge keys": "m0: &m0 {a: 1}\n"
    + LAUGHS.replace("l", "m").replace("[", "{<<: [").replace("]", "]}"),
    "10 MB": b"mode: act\n" * 2**20,
    "deep lists": "[" * HALF,
    "deep mappings": "{a: " * (HALF // 4),
    "deep keys": "? " * HALF,
    "deep dashes": "- " * HALF,
    "many keys": "".join(f"k{n}: 1\n" for n in range(20_000)),
    "many unknown keys": "".join(f"triag{n}: 1\n" for n in range(4_900)),
    "many unknown keys in a section": "triage:\n" + "".join(f"  treshol{n}: 1\n" for n in range(4_900)),
    "many wrong items": f"triage: {{labels: {{bug: [{'[], ' * 9_000}]}}}}",
    "one long value": "mode: " + "x" * HALF,
    "one long key": "? " + "x" * HALF + "\n: 1",
    "an open quote": "mode: '" + "\n" * HALF,
    "escapes": 'mode: "' + "\\x41" * (HALF // 4),
    "a long number": "budget: {comments_per_day: " + "9" * HALF + "}",
    "directives": "%TAG !a! b\n" * 10_000,
    "documents": "---\n" * (HALF // 4),
    "anchors": "&a " * (HALF // 3),
    "tabs": "\t" * HALF,
    "comments": "mode: acct\n" + "#\n" * HALF,
}


class TestHostileFiles:
    @must_end
    @pytest.mark.parametrize("name", HOSTILE)
    def test_is_refused_with_clear_messages(self, name: str) -> None:
        reading = read(HOSTILE[name])
        assert reading.problems
        assert all(len(str(problem)) < 300 for problem in reading.problems)

    def test_without_the_c_library_the_same_is_understood(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(config_file, "_LOADER", yaml.SafeLoader)
        assert load_file(DATA / "good.yml").problems == ()
        assert [problem.line for problem in load_file(DATA / "typo.yml").problems] == [14]
        assert read("[" * 1000).problems[0].message == "there are more than 50 levels."

    @given(st.text(alphabet=st.sampled_from("modeactriage:-[]{}&*!|>'\"%#,?~< \n\t1.é\0\ud800"), max_size=80))
    @settings(max_examples=300)
    def test_any_text_is_survived(self, text: str) -> None:
        for problem in read(text).problems:
            assert "\n" not in str(problem)
            assert problem.line >= 1

    @given(st.binary(max_size=40))
    def test_any_bytes_are_survived(self, text: bytes) -> None:
        assert isinstance(read(text).config, Config)
