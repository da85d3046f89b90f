"""Where data comes from."""

from model.datasets.sources import source_of


def test_a_collection_is_known_by_its_name_or_by_its_data_set() -> None:
    assert source_of("unified_train/ticket_tagger").licence == "GPL-3.0"
    assert source_of("conventional_commits/vuejs/core").licence == "MIT"


def test_what_is_not_known_is_said_to_be_so() -> None:
    assert source_of("new/collection") == ("new/collection", "not known")
