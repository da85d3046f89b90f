"""Splits: repositories stay whole, time runs one way, chance never changes its mind."""

from collections import Counter

import pytest

from model.datasets.splits import chance, deal, moment, temporal, utc, whole_repositories

MANY = [(f"octo/{number}", kind) for number in range(60) for kind in ("bug", "bug", "feature")]


# Dealing


def test_groups_of_one_kind_are_dealt_to_the_smallest_fold() -> None:
    sizes = {"a": 5, "b": 4, "c": 3, "d": 3}
    rows = [(group, "") for group, size in sizes.items() for _ in range(size)]
    assert deal(rows, 2) == {"a": 0, "b": 1, "c": 1, "d": 0}


def test_every_fold_gets_its_share_of_a_rare_kind() -> None:
    rows = [(f"g{number}", "common") for number in range(40) for _ in range(5)]
    rows += [(f"g{number}", "rare") for number in range(4)]
    fold_of = deal(rows, 4)
    assert sorted(fold_of[f"g{number}"] for number in range(4)) == [0, 1, 2, 3]
    assert set(Counter(fold_of.values()).values()) == {10}


def test_a_rare_kind_weighs_as_much_as_a_common_one() -> None:
    contents = {"large": (50, 0), "rare": (1, 2), "mixed": (2, 1)}
    rows = [(group, "common") for group, (common, _) in contents.items() for _ in range(common)]
    rows += [(group, "rare") for group, (_, rare) in contents.items() for _ in range(rare)]
    assert deal(rows, 2) == {"large": 0, "rare": 1, "mixed": 0}


def test_the_order_of_rows_does_not_matter() -> None:
    assert deal(MANY, 7) == deal(reversed(MANY), 7)


def test_nothing_to_deal() -> None:
    assert deal([], 3) == {}


# Whole repositories


def test_a_repository_is_in_one_split_in_whatever_case_it_is_written() -> None:
    rows = MANY + [(f"OCTO/{number}", "bug") for number in range(20) for _ in range(number)]
    split_of: dict[str, set[str]] = {}
    for (repo, _), split in zip(rows, whole_repositories(rows, ()), strict=True):
        split_of.setdefault(repo.lower(), set()).add(split)
    assert all(len(splits) == 1 for splits in split_of.values())


def test_two_tenths_are_unseen_and_one_tenth_is_for_validation() -> None:
    splits = Counter(whole_repositories(MANY, ()))
    assert splits == {"unseen": 36, "validation": 18, "train": 126}


def test_known_repositories_are_trained_on() -> None:
    known = {f"Octo/{number}" for number in range(60)}
    assert set(whole_repositories(MANY, known)) == {"train"}


def test_a_collection_without_repositories_is_trained_on() -> None:
    assert set(whole_repositories([("collection", "bug")] * 50, ())) == {"train"}


def test_a_very_large_repository_is_trained_on() -> None:
    assert set(whole_repositories([("octo/huge", "bug")] * 501, ())) == {"train"}
    assert set(whole_repositories([("octo/large", "bug")] * 500, ())) == {"unseen"}


# Time


def test_the_oldest_are_trained_on_and_the_newest_are_the_test() -> None:
    times = [f"2024-01-{day:02}" for day in (9, 3, 10, 1, 5, 7, 2, 8, 4, 6)]
    split = dict(zip(times, temporal(times, 0.7, 0.1), strict=True))
    assert [split[f"2024-01-{day:02}"] for day in range(1, 11)] == ["train"] * 7 + ["validation"] + [
        "test"
    ] * 2


def test_times_of_different_zones_are_compared_as_moments() -> None:
    evening, morning = "2024-01-01T23:00:00-05:00", "2024-01-02T01:00:00+00:00"
    assert temporal([evening, morning], 0.5, 0) == ["test", "train"]


def test_what_has_no_time_counts_as_the_oldest() -> None:
    assert temporal(["2024-01-01T00:00:00Z", ""], 0.5, 0) == ["test", "train"]


def test_nothing_to_split() -> None:
    assert temporal([], 0.7, 0.1) == []


@pytest.mark.parametrize("time", ["yesterday", "2024-13-01", "0001-01-01T00:00:00+05:00"])
def test_a_time_that_cannot_be_read(time: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        moment(time)


def test_times_in_one_zone_sort_as_texts() -> None:
    assert [utc("2024-01-01T23:00:00-05:00"), utc("2024-01-02T01:00:00Z"), utc("")] == [
        "2024-01-02T04:00:00+00:00",
        "2024-01-02T01:00:00+00:00",
        "",
    ]


# Chance


def test_chance_is_spread_evenly_and_never_changes() -> None:
    drawn = [chance(f"text {number}") for number in range(2_000)]
    assert drawn == [chance(f"text {number}") for number in range(2_000)]
    assert all(0 <= number < 1 for number in drawn)
    assert 0.12 < sum(number < 0.15 for number in drawn) / 2_000 < 0.18


def test_any_text_has_its_chance() -> None:
    assert 0 <= chance("\ud800") < 1
