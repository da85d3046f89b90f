"""What people said about a pull request by command: kept once, forgotten, and taken back either way."""

from bot.core.pull_actions import ForgetWord, RecordWord
from tests.world import World

MERGE = RecordWord(word="merge", by="maya", sha="a1", detail="squash", reason="maya asked for it")


def said(world: World, number: int) -> list[tuple[str, str, str]]:
    record = world.sandbox.repo("octo/engine")
    words = world.executor.flows.words.of(record.id, number)
    return [(word.by, word.sha, word.detail) for word in words]


def test_a_word_is_kept_once_and_its_undo_forgets_it(world: World) -> None:
    number = world.open_pull()
    plan = world.do(number, MERGE)
    assert plan.steps[0].status == "done"
    assert world.do(number, MERGE).steps[0].status == "unchanged"
    assert said(world, number) == [("maya", "a1", "squash")]
    assert world.executor.undo(plan.steps[0].id) == "merge of maya no longer counts"
    assert said(world, number) == []


def test_a_word_is_forgotten_and_the_undo_of_that_keeps_it_again(world: World) -> None:
    number = world.open_pull()
    assert world.do(number, ForgetWord(word="merge", reason="a push")).steps[0].status == "unchanged"
    world.do(number, MERGE)
    plan = world.do(number, ForgetWord(word="merge", reason="maya took it back"))
    assert (plan.steps[0].status, said(world, number)) == ("done", [])
    assert world.executor.undo(plan.steps[0].id) == "counts again: maya"
    assert said(world, number) == [("maya", "a1", "squash")]
