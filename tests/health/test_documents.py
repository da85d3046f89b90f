"""How many documents there are, worked out by hand."""

from bot.core.documents import KINDS, Document, Inventory
from bot.health.documents import documents, lacks
from bot.health.figures import Metric
from bot.health.report import Beside, report
from bot.health.settings import HealthConfig
from tests.health.examples import at

UNTIL = at("2026-04-01")
README = Document("readme", "README.md", "a", "", at("2026-03-02"))
CONDUCT = Document("code_of_conduct", "CODE_OF_CONDUCT.md", "b", "acme/.github", at("2020-04-01"), True)
LICENSE = Document("license", "LICENSE", "c")


def figure(*found: Document, looked: str = "2026-04-01") -> Metric:
    return documents(UNTIL, Inventory(at(looked), found))


def test_so_many_of_seven_are_there() -> None:
    found = figure(README, CONDUCT, LICENSE)
    assert (found.value, found.n, found.unit) == (3, 7, "count")
    assert {part.name: part.value for part in found.breakdown} == {
        "readme": 1,
        "contributing": 0,
        "code_of_conduct": 1,
        "security": 0,
        "license": 1,
        "issue_templates": 0,
        "pull_template": 0,
    }


def test_each_has_its_age_in_whole_days() -> None:
    details = {part.name: part.details for part in figure(README, CONDUCT, LICENSE).breakdown}
    assert details["readme"] == {"is_shared": False, "age_days": 30}
    assert details["code_of_conduct"] == {"is_shared": True, "age_days": 2191, "has_contact": True}
    assert details["license"] == {"is_shared": False}, "when it changed is not known"
    assert details["security"] == {}


def test_where_nobody_looked_nothing_is_missing() -> None:
    found = documents(UNTIL, None)
    assert (found.n, found.value, found.breakdown) == (0, None, ())
    assert not lacks(found, "contributing")


def test_what_stood_there_long_before_the_look_is_not_known() -> None:
    assert figure(README, looked="2026-04-08").n == 7
    assert figure(README, looked="2026-04-08 00:01").n == 0


def test_of_what_changed_since_the_end_nobody_knows_whether_it_was_there() -> None:
    later = Document("readme", "README.md", "a", "", UNTIL)
    found = figure(later, LICENSE, looked="2026-04-04")
    assert (found.value, found.n) == (1, 6)
    assert "readme" not in {part.name for part in found.breakdown}
    assert not lacks(found, "readme")
    all_later = (Document(kind, kind, "a", "", at("2026-04-03")) for kind in KINDS)
    assert not figure(*all_later, looked="2026-04-04").is_known


def test_an_old_look_says_how_old_it_is() -> None:
    assert figure(looked="2026-02-01").details == {"days_since_look": 59}
    assert figure(looked="2026-04-03").details == {"days_since_look": 0}


def test_what_is_missing_is_known_by_its_kind() -> None:
    found = figure(README)
    assert lacks(found, "contributing")
    assert not lacks(found, "readme")


def test_it_stands_in_the_report() -> None:
    beside = Beside(documents=Inventory(UNTIL, (README,)))
    assert report([], UNTIL, HealthConfig(), beside).metric("documents_present").value == 1
    assert report([], UNTIL, HealthConfig()).metric("documents_present").value is None
