"""Reading ``.github/usher.yml``: what works, what is reported, and what holds meanwhile."""

from pathlib import Path

import pytest

from bot.config import Config, defaults, load_file, merge, read
from bot.core.errors import ConfigError
from bot.core.rule import Rule
from bot.rules import RULES

DATA = Path(__file__).parent / "data" / "config"


def rule_of(section: str) -> Rule:
    return next(rule for rule in RULES if rule.section == section)


def dump(config: Config, section: str) -> dict[str, object]:
    return config.section(rule_of(section)).model_dump()


class TestGoodFiles:
    @pytest.mark.parametrize(
        "text", ["", "\n", "# nothing yet\n", "---\n", "~", "{}", "triage:\nbudget: ~\n", b"\xef\xbb\xbf"]
    )
    def test_an_empty_file_means_the_defaults(self, text: bytes | str) -> None:
        reading = read(text)
        assert (reading.config, reading.problems) == (defaults(), ())

    def test_by_default_everything_is_planned_and_nothing_is_touched(self) -> None:
        for rule in RULES:
            assert defaults().mode_for(rule) == "observe"
            assert defaults().enabled(rule)

    def test_every_setting_finds_its_place(self) -> None:
        reading = load_file(DATA / "good.yml")
        config = reading.config
        assert reading.problems == ()
        assert (config.version, config.mode, config.extends) == (1, "act", "acme/.github")
        assert config.budget.model_dump() == {"comments_per_thread": 5, "comments_per_day": 200}
        assert dump(config, "triage")["threshold"] == 0.8
        assert dump(config, "welcome") == dump(defaults(), "welcome")

    def test_a_rule_has_its_own_mode_or_else_the_files(self) -> None:
        config = load_file(DATA / "good.yml").config
        assert config.mode_for(rule_of("triage")) == "observe"
        assert config.mode_for(rule_of("welcome")) == "act"

    def test_a_rule_is_switched_off_by_its_section(self) -> None:
        config = load_file(DATA / "good.yml").config
        assert not config.enabled(rule_of("commands"))
        assert config.enabled(rule_of("triage"))

    def test_text_stays_as_it_was_written_where_text_is_expected(self) -> None:
        labels = dump(load_file(DATA / "good.yml").config, "triage")["labels"]
        assert labels == {"bug": "no", "feature": "1.10", "question": None}

    @pytest.mark.parametrize("word", ["on", "yes", "true", "True", "On"])
    def test_yaml_has_many_words_for_true(self, word: str) -> None:
        assert dump(read(f"triage: {{create_labels: {word}}}").config, "triage")["create_labels"]

    def test_a_number_is_text_too_where_text_is_expected_behind_an_alternative(self) -> None:
        config = read("triage: {threshold: 1, abstain_label: 007, labels: {bug: true, question: 1e3}}").config
        assert dump(config, "triage")["threshold"] == 1.0
        assert dump(config, "triage")["abstain_label"] == "007"
        assert dump(config, "triage")["labels"] == {"bug": "true", "question": "1e3"}

    def test_anchors_and_merge_keys_work(self) -> None:
        reading = read("triage: &quiet {mode: observe}\nwelcome: {<<: *quiet, issue: no}\ncommands: *quiet\n")
        assert reading.problems == ()
        assert dump(reading.config, "welcome")["mode"] == "observe"
        assert dump(reading.config, "welcome")["issue"] is False
        assert dump(reading.config, "commands")["mode"] == "observe"

    def test_of_merged_mappings_the_first_one_wins_and_own_keys_win_over_all(self) -> None:
        text = "triage: &a {mode: act}\nwelcome: &b {mode: observe, issue: no}\n"
        reading = read(f"{text}learning: {{<<: [*a, {{mode: observe, enabled: no}}], enabled: yes}}")
        assert dump(reading.config, "learning") == {"mode": "act", "enabled": True}


class TestProblems:
    def test_a_typo_is_named_with_its_line_and_what_was_meant(self) -> None:
        reading = read((DATA / "typo.yml").read_bytes())
        (problem,) = reading.problems
        says = "`triage.treshold` is not a setting. Did you mean `triage.threshold`?"
        assert str(problem) == f"`.github/usher.yml` line 14: {says}"
        assert (problem.line, problem.column, problem.key) == (14, 3, "triage.treshold")

    def test_a_wrong_value_is_named_with_what_was_expected(self) -> None:
        types = "`bug`, `feature`, `question` or `documentation`"
        found = {
            problem.key: (problem.line, problem.message) for problem in load_file(DATA / "wrong.yml").problems
        }
        assert found == {
            "mode": (1, "`mode` must be `observe` or `act`, not `on`."),
            "extends": (
                2,
                "`extends` must be a repository, written as `owner/name`, not `../../etc/passwd`.",
            ),
            "budget.comments_per_thread": (
                4,
                "`budget.comments_per_thread` must be a whole number, not `many`.",
            ),
            "budget.comments_per_day": (
                5,
                "`budget.comments_per_day` must be at most 10000, not `99999`.",
            ),
            "triage.threshold": (7, "`triage.threshold` must be `auto` or a number, not `high`."),
            "triage.precision": (8, "`triage.precision` must be at least 0.5, not `0.1`."),
            "triage.labels.defect": (10, f"`triage.labels.defect` must be {types}, not `defect`."),
            "triage.labels.bug": (11, "`triage.labels.bug` must be of 1 or more characters, not empty."),
            "triage.abstain_label": (12, "`triage.abstain_label` must be text, not a list."),
            "welcome": (13, "`welcome` must be `name: value` lines, not `true`."),
            "commands.enabled": (15, "`commands.enabled` must be `true` or `false`, not `maybe`."),
            "anything": (16, found["anything"][1]),
        }
        assert found["anything"][1].startswith("`anything` is not a setting. There are `version`, `mode`, ")

    def test_a_variable_of_a_template_that_there_is_not_is_named(self) -> None:
        (problem,) = read("mode: act\nrelease:\n  footer: Thanks to $CONTRIBUTERS\n").problems
        assert str(problem) == (
            "`.github/usher.yml` line 3: `release.footer` has `$CONTRIBUTERS`, which is no variable here."
            " Did you mean `$CONTRIBUTORS`?"
        )

    def test_problems_come_in_the_order_of_the_file(self) -> None:
        lines = [problem.line for problem in load_file(DATA / "wrong.yml").problems]
        assert lines == sorted(lines)

    def test_a_problem_behind_an_alias_is_where_the_alias_is(self) -> None:
        reading = read("triage:\n  labels: &x\n    bug: b\nwelcome: *x\n")
        assert [(problem.line, problem.key) for problem in reading.problems] == [(4, "welcome.bug")]
        (problem,) = read("x: &x\n  threshold: high\ntriage: *x\n").problems[1:]
        assert (problem.line, problem.key) == (3, "triage.threshold")

    def test_what_a_file_says_cannot_break_out_of_a_message(self) -> None:
        (problem,) = read('"a`b\\n@acme/all\\u202e": 1').problems
        assert problem.message.startswith("`ab@acme/all` is not")
        (problem,) = read(f"mode: {'x' * 500}").problems
        assert len(problem.message) < 150

    def test_a_file_full_of_problems_names_the_first_ones(self) -> None:
        reading = read("".join(f"setting{number}: 1\n" for number in range(1000)))
        assert [problem.line for problem in reading.problems] == list(range(1, 22))
        assert reading.problems[-1].message == "980 more problems come from here on."


class TestFallback:
    def test_a_bad_section_does_not_touch_the_others(self) -> None:
        reading = load_file(DATA / "typo.yml")
        assert reading.bad_sections == {"triage"}
        assert reading.config.mode_for(rule_of("welcome")) == "act"
        assert dump(reading.config, "welcome")["issue"] is False

    def test_a_bad_section_keeps_its_previous_settings(self) -> None:
        previous = read("mode: act\ntriage: {threshold: 0.7}").config
        reading = read((DATA / "typo.yml").read_text(), previous=previous)
        assert dump(reading.config, "triage") == dump(previous, "triage")
        assert reading.config.mode_for(rule_of("triage")) == "act"

    def test_a_section_that_was_never_good_has_its_defaults_and_only_observes(self) -> None:
        config = load_file(DATA / "typo.yml").config
        assert config.mode_for(rule_of("triage")) == "observe"
        assert dump(config, "triage") == {**dump(defaults(), "triage"), "mode": "observe"}

    def test_a_bad_mode_never_acts(self) -> None:
        assert read("mode: acct").config.mode == "observe"
        assert read("mode: acct", previous=read("mode: act").config).config.mode == "act"

    def test_an_unreadable_file_changes_nothing(self) -> None:
        previous = read("mode: act").config
        reading = read("mode: [", previous=previous)
        assert reading.config is previous
        assert reading.bad_sections >= {"mode", *(rule.section for rule in RULES)}
        assert read("mode: [").config == defaults()


class TestExtends:
    def test_mappings_are_merged_and_everything_else_is_replaced(self) -> None:
        base = {"a": {"b": 1, "c": [1, 2]}, "d": 1, "e": {"f": 1}}
        own = {"a": {"c": [3]}, "d": {"g": 1}, "e": None}
        assert merge(base, own) == {"a": {"b": 1, "c": [3]}, "d": {"g": 1}, "e": None}

    def test_the_extended_file_holds_where_this_one_is_silent(self) -> None:
        base = read("mode: act\ntriage: {threshold: 0.7, precision: 0.8}").data
        config = read("triage: {threshold: 0.6}\nwelcome: {issue: no}", base=base).config
        assert config.mode == "act"
        assert (dump(config, "triage")["threshold"], dump(config, "triage")["precision"]) == (0.6, 0.8)

    def test_text_of_the_extended_file_stays_as_it_was_written(self) -> None:
        base = read("triage: {labels: {bug: 1.10}}").data
        assert dump(read("mode: act", base=base).config, "triage")["labels"] == {"bug": "1.10"}

    def test_an_emptied_section_still_extends(self) -> None:
        base = read("triage: {threshold: 0.7}").data
        assert dump(read("triage:", base=base).config, "triage")["threshold"] == 0.7

    def test_bad_sections_of_the_extended_file_are_not_passed_on(self) -> None:
        assert read("mode: act\ntriage: {threshold: high}\nunknown: 1").data == {"mode": "act"}


def test_a_file_that_is_not_there_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read .*none\.yml: No such file"):
        load_file(tmp_path / "none.yml")
