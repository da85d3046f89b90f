"""A real client at work: PyGithub, as an App does everything that a bot does."""

import github
import pytest

from tests.sandbox.world import World


def connect(world: World, prefix: str = "", permissions: dict[str, str] | None = None) -> github.Github:
    app = github.Auth.AppAuth(world.app.id, world.app.private_key)
    return github.Github(
        auth=app.get_installation_auth(world.installation.id, permissions),
        base_url=world.server.url + prefix,
        seconds_between_writes=0,
        seconds_between_requests=0,
        retry=None,
    )


@pytest.fixture(params=["", "/api/v3"])
def bot(request: pytest.FixtureRequest, world: World) -> github.Github:
    return connect(world, request.param)


def test_triage(world: World, bot: github.Github) -> None:
    world.sandbox.as_user("lee").open_issue("octo/engine", "It crashes", "Traceback")
    repo = bot.get_repo("octo/engine")
    issue = repo.get_issue(1)
    issue.add_to_labels("bug", "help wanted")
    issue.remove_from_labels("help wanted")
    comment = issue.create_comment("Thanks")
    comment.edit("Thanks!")
    comment.create_reaction("rocket")
    issue.edit(state="closed", state_reason="not_planned")
    assert [label.name for label in repo.get_issue(1).labels] == ["bug"]
    assert [one.body for one in repo.get_issue(1).get_comments()] == ["Thanks!"]
    assert [event.event for event in issue.get_events()] == ["labeled", "labeled", "unlabeled", "closed"]
    assert repo.get_collaborator_permission("tri") == "read"
    assert repo.get_collaborator_role_name("tri") == "triage"
    assert {label.name for label in repo.get_labels()} >= {"bug", "wontfix"}
    assert [one.number for one in repo.get_issues(state="all", labels=["bug"])] == [1]


def test_lists_longer_than_a_page(world: World, bot: github.Github) -> None:
    for number in range(40):
        world.sandbox.as_user("lee").open_issue("octo/engine", f"Issue {number}")
    issues = bot.get_repo("octo/engine").get_issues()
    assert issues.totalCount == 40
    assert len(list(issues)) == 40


def test_a_pull_request(world: World, bot: github.Github) -> None:
    world.sandbox.as_user("lee").open_pull("octo/engine", "feat: x", files={"a.py": "a\n", "b.py": "b\n"})
    pull = bot.get_repo("octo/engine").get_pull(1)
    assert [one.filename for one in pull.get_files()] == ["a.py", "b.py"]
    assert [one.commit.message for one in pull.get_commits()] == ["feat: x"]
    pull.create_review(body="Looks fine", event="COMMENT")
    assert [one.state for one in pull.get_reviews()] == ["COMMENTED"]
    pull.create_review_request(reviewers=["wes"])
    assert [one.login for one in pull.get_review_requests()[0]] == ["wes"]
    assert pull.as_issue().pull_request is not None
    assert pull.mergeable


def test_check_runs_and_contents(bot: github.Github) -> None:
    repo = bot.get_repo("octo/engine")
    file = repo.get_contents("README.md")
    assert not isinstance(file, list)
    assert file.decoded_content == b"# Engine\n"
    head = repo.get_git_ref("heads/main").object.sha
    run = repo.create_check_run("usher", head, status="in_progress", external_id="k")
    run.edit(conclusion="success", output={"title": "Done", "summary": "All there"})
    [found] = repo.get_commit(head).get_check_runs(check_name="usher")
    assert (found.conclusion, found.external_id, found.output.title) == ("success", "k", "Done")


def test_the_app_itself(world: World) -> None:
    auth = github.Auth.AppAuth(world.app.id, world.app.private_key)
    app = github.GithubIntegration(auth=auth, base_url=world.server.api_url)
    assert app.get_app().slug == "usher"
    assert app.get_repo_installation("octo", "engine").id == world.installation.id
    assert [one.id for one in app.get_installations()] == [world.installation.id]


def test_refusals_become_its_exceptions(world: World) -> None:
    bot = connect(world, permissions={"issues": "write"})
    repo = bot.get_repo("octo/engine")
    with pytest.raises(github.UnknownObjectException):
        repo.get_issue(99)
    with pytest.raises(github.GithubException, match="Resource not accessible by integration"):
        repo.get_contents("README.md")
    with pytest.raises(github.UnknownObjectException):
        bot.get_repo("octo/nowhere")
