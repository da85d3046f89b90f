from bot.health.waiting import Group, Item, Need
from tests.health.examples import at


def test_a_need_is_its_groups_one_after_the_other() -> None:
    one, two, three = (Item(number, at(f"2026-03-0{number}"), is_pull=True) for number in (1, 2, 3))
    outside = Group("outsider", 2, 1, 1, recent=(two,), old=(one,))
    need = Need(
        "prs_waiting_for_maintainers",
        (outside, Group("maintainer", 5, 0, 4, recent=(three,), old=())),
        frozenset({1, 2, 3}),
    )
    assert need.count == 7
    assert [item.number for item in need.items] == [1, 2, 3]
