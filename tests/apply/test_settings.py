"""What is wrong with the settings is said once, on the commit that brought it."""

from bot.apply.settings import NAME
from bot.sandbox.things import CheckRun
from tests.world import REPO, World


def said(world: World) -> list[CheckRun]:
    return [run for run in world.sandbox.repo(REPO).check_runs.values() if run.name == NAME]


def test_a_mistake_is_named_on_its_line(world: World) -> None:
    sha = world.sandbox.as_user("maya").push(
        REPO, {".github/usher.yml": "mode: act\ntriage:\n  treshold: 0.9\n"}
    )
    world.run()
    (run,) = said(world)
    assert (run.head_sha, run.conclusion, run.title) == (sha, "failure", "1 mistake in .github/usher.yml")
    (note,) = run.annotations
    assert (note["path"], note["start_line"]) == (".github/usher.yml", 3)
    assert "`triage.treshold` is not a setting" in note["message"]
    assert "all others work" in str(run.summary)


def test_it_is_said_once_and_not_on_every_push(world: World) -> None:
    world.push_config("mode: act\ntriage: {treshold: 0.9}\n")
    world.run()
    world.receive(world.mail.empty())
    for sent in list(world.sandbox.hooks.log.values()):
        if sent.event == "push":
            world.deliver("push", sent.body + b" ")
    world.run()
    world.sandbox.as_user("maya").push(REPO, {"README.md": "# Engine 2\n"})
    world.run()
    assert len(said(world)) == 1


def test_settings_without_a_mistake_say_nothing(world: World) -> None:
    world.push_config("mode: act\n")
    world.run()
    assert said(world) == []


def test_what_a_person_wrote_does_nothing_in_it(world: World) -> None:
    world.push_config('mode: act\n"@everyone": 1\n')
    world.run()
    (run,) = said(world)
    assert "@everyone" not in str(run.summary)
