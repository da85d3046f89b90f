import pytest

pytest.importorskip("torch", reason="torch is only in the training environment")

from model.training.batching import Step, deal, plan_epoch, share_of_padding

LENGTHS = {"issue_type": [10 + (7 * n) % 50 for n in range(300)], "tone": [5 + n % 9 for n in range(100)]}


def plan(**changes: object) -> list[Step]:
    return plan_epoch(LENGTHS, **{"shares": {}, "batch": 16, "seed": 3, "epoch": 0, **changes})


def test_an_epoch_shows_every_text_once_and_mixes_the_tasks() -> None:
    steps = plan()
    for task, sizes in LENGTHS.items():
        assert sorted(row for step in steps if step.task == task for row in step.rows) == list(
            range(len(sizes))
        )
    order = [step.task for step in steps]
    assert order != sorted(order)


def test_texts_of_like_length_are_read_together() -> None:
    in_order = [Step("issue_type", tuple(range(start, min(start + 16, 300)))) for start in range(0, 300, 16)]
    assert share_of_padding(plan(), LENGTHS) < 0.5 * share_of_padding(in_order, LENGTHS)


def test_the_same_seed_and_epoch_give_the_same_plan_and_others_do_not() -> None:
    assert plan() == plan()
    assert plan() != plan(epoch=1)
    assert plan() != plan(seed=4)


def test_a_share_shows_a_part_of_a_task_and_another_part_each_epoch() -> None:
    first, second = (
        {row for step in plan(shares={"tone": 0.3}, epoch=epoch) if step.task == "tone" for row in step.rows}
        for epoch in (0, 1)
    )
    assert len(first) == len(second) == 30
    assert first != second


def test_processes_get_equally_many_steps_and_none_twice() -> None:
    steps = plan()
    hands = [deal(steps, 3, process) for process in range(3)]
    assert len({len(hand) for hand in hands}) == 1
    dealt = [step for hand in hands for step in hand]
    assert len(set(dealt)) == len(dealt) >= len(steps) - 2
