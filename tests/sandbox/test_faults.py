"""Everything that goes wrong between a bot and GitHub, on demand."""

import time

import pytest

from bot.sandbox import Faults
from bot.sandbox.faults import DEFAULT_SECONDS
from tests.sandbox.world import REPO, Client, World

COMMENTS = REPO + "/issues/1/comments"


@pytest.fixture(autouse=True)
def _issue(world: World) -> None:
    world.sandbox.as_user("lee").open_issue("octo/engine", "It crashes")
    world.settle().received.clear()


def test_a_bad_gateway_before_the_write(world: World, bot: Client) -> None:
    world.sandbox.faults.add("bad_gateway", match="POST .*/comments", times=2)
    statuses = [bot.post(COMMENTS, json={"body": "x"}).status_code for _ in range(3)]
    assert statuses == [502, 502, 201]
    assert len(world.sandbox.writes_by("usher[bot]")) == 1


def test_a_bad_gateway_after_the_write_was_accepted(world: World, bot: Client) -> None:
    fault = world.sandbox.faults.add("bad_gateway", match="POST .*/comments", times=1, after=True)
    assert bot.post(COMMENTS, json={"body": "x"}).status_code == 502
    assert fault.happened == 1
    assert [one["body"] for one in bot.read(COMMENTS)] == ["x"], "the nastiest: it is there"


def test_the_write_happened_only_if_it_was_accepted(world: World, bot: Client) -> None:
    world.sandbox.faults.add("bad_gateway", after=True)
    assert bot.post(COMMENTS, json={"body": ""}).status_code == 422
    assert bot.get(COMMENTS).status_code == 200
    assert world.sandbox.writes_by("usher[bot]") == []


def test_a_refusal_with_retry_after_must_be_waited_out(world: World, bot: Client) -> None:
    world.sandbox.faults.add("forbidden_with_retry_after", times=1, seconds=30)
    refused = bot.get(COMMENTS)
    assert (refused.status_code, refused.headers["retry-after"]) == (403, "30")
    assert "secondary rate limit" in refused.json()["message"]
    world.sandbox.clock.advance(10)
    too_early = bot.get(COMMENTS)
    assert (too_early.status_code, too_early.headers["retry-after"]) == (403, "20")
    [violation] = world.sandbox.violations
    assert violation.caller == f"installation:{world.installation.id}"
    assert 19 < violation.early_by <= 20
    world.sandbox.clock.advance(20)
    assert bot.get(COMMENTS).status_code == 200
    assert len(world.sandbox.violations) == 1


def test_a_refusal_concerns_one_caller(world: World, bot: Client, lee: Client) -> None:
    world.sandbox.faults.add("too_many", times=1)
    assert bot.get(COMMENTS).status_code == 429
    assert lee.get(COMMENTS).status_code == 200


def test_a_request_already_on_its_way_is_nobodys_fault(world: World, bot: Client) -> None:
    world.sandbox.faults.add("too_many", times=1)
    assert [bot.get(COMMENTS).status_code for _ in range(2)] == [429, 429]
    assert world.sandbox.violations == []


def test_a_secondary_limit_without_a_header_means_a_minute(world: World, bot: Client) -> None:
    world.sandbox.faults.add("secondary_limit", times=1)
    refused = bot.get(COMMENTS)
    assert (refused.status_code, "retry-after" in refused.headers) == (403, False)
    world.sandbox.clock.advance(59)
    assert bot.get(COMMENTS).status_code == 403
    world.sandbox.clock.advance(1)
    assert bot.get(COMMENTS).status_code == 200


def test_an_exhausted_primary_limit_says_when_it_ends(world: World, bot: Client) -> None:
    world.sandbox.faults.add("exhausted", times=1, seconds=100)
    refused = bot.get(COMMENTS)
    assert (refused.status_code, refused.headers["x-ratelimit-remaining"]) == (403, "0")
    assert 99 <= int(refused.headers["x-ratelimit-reset"]) - time.time() <= 102
    world.sandbox.clock.advance(101)
    assert bot.get(COMMENTS).status_code == 200


def test_new_things_are_not_found_at_first(world: World, bot: Client, lee: Client) -> None:
    world.sandbox.faults.add("not_found_after_create", match="/issues/", seconds=5)
    number = world.sandbox.as_user("lee").open_issue("octo/engine", "New")["number"]
    assert bot.get(f"{REPO}/issues/{number}").status_code == 404
    assert bot.get(f"{REPO}/issues/{number}/comments").status_code == 404
    assert bot.get(f"{REPO}/issues/1").status_code == 200
    world.sandbox.clock.advance(5)
    made = bot.write("POST", f"{REPO}/issues/{number}/comments", body="x")
    assert bot.get(f"{REPO}/issues/comments/{made['id']}").status_code == 404
    assert bot.get(f"{REPO}/issues/{number}").status_code == 200, "its thread is old"


def test_reads_may_lag_behind_writes(world: World, bot: Client) -> None:
    world.sandbox.faults.add("stale_reads", match="GET .*/comments", seconds=10)
    bot.write("POST", COMMENTS, body="one")
    world.sandbox.clock.advance(6)
    bot.write("POST", COMMENTS, body="two")
    assert bot.read(COMMENTS) == []
    assert bot.read(f"{REPO}/issues/1")["comments"] == 2, "only what the fault matches lags"
    world.sandbox.clock.advance(6)
    assert [one["body"] for one in bot.read(COMMENTS)] == ["one"]
    world.sandbox.clock.advance(6)
    assert [one["body"] for one in bot.read(COMMENTS)] == ["one", "two"]


def test_a_write_made_on_stale_knowledge_meets_the_truth(world: World, bot: Client) -> None:
    world.sandbox.faults.add("stale_reads", seconds=10)
    labels = f"{REPO}/issues/1/labels"
    bot.write("POST", labels, labels=["bug"])
    assert bot.read(labels) == []
    bot.write("POST", labels, labels=["bug"])
    assert [one.changed for one in world.sandbox.writes if one.app] == [True, False]


def test_lag_makes_every_request_slower(world: World, bot: Client) -> None:
    world.sandbox.faults.add("lag", seconds=0.2)
    began = time.perf_counter()
    bot.read(COMMENTS)
    assert time.perf_counter() - began >= 0.2


def test_tokens_may_be_revoked(world: World, bot: Client) -> None:
    world.sandbox.faults.add("revoke_tokens", times=1)
    assert [bot.get(COMMENTS).status_code for _ in range(2)] == [401, 200]


def test_an_answer_may_point_to_another_host(world: World, bot: Client) -> None:
    elsewhere = "http://169.254.169.254"
    world.sandbox.faults.add("redirect", times=1, to=elsewhere)
    moved = bot.get(f"{REPO}/issues/1")
    assert (moved.status_code, moved.headers["location"]) == (301, f"{elsewhere}{REPO}/issues/1")
    world.sandbox.faults.add("foreign_links", times=1, to=elsewhere)
    assert bot.get(COMMENTS).links["next"]["url"].startswith(elsewhere)
    assert bot.get(COMMENTS).links == {}


def test_webhooks_may_be_lost_and_found_in_the_log(world: World) -> None:
    world.sandbox.faults.add("drop_webhooks", match="^issues")
    world.sandbox.as_user("lee").close("octo/engine", 1)
    assert world.settle().names() == []
    [lost] = [one for one in world.as_app().read("/app/hook/deliveries") if one["action"] == "closed"]
    assert (lost["status"], lost["status_code"]) == ("failed to connect to host", 502)
    world.as_app().post(f"/app/hook/deliveries/{lost['id']}/attempts")
    assert world.settle().names() == ["issues.closed"]


def test_webhooks_may_be_lost_without_a_trace(world: World) -> None:
    world.sandbox.faults.add("drop_webhooks", silent=True)
    world.sandbox.as_user("lee").close("octo/engine", 1)
    assert world.settle().names() == []
    assert "closed" not in [one["action"] for one in world.as_app().read("/app/hook/deliveries")]


def test_webhooks_may_come_twice_with_one_guid(world: World) -> None:
    world.sandbox.faults.add("duplicate_webhooks", times=1)
    world.sandbox.as_user("lee").close("octo/engine", 1)
    first, second = world.settle().received
    assert first.body == second.body
    assert first.headers["x-github-delivery"] == second.headers["x-github-delivery"]


def test_webhooks_may_come_out_of_order(world: World) -> None:
    world.sandbox.faults.add("reorder_webhooks", match="closed", times=1)
    lee = world.sandbox.as_user("lee")
    lee.close("octo/engine", 1)
    lee.reopen("octo/engine", 1)
    assert world.settle().names() == ["issues.reopened", "issues.closed"]


def test_people_in_the_story_are_spared(world: World) -> None:
    for kind in DEFAULT_SECONDS:
        world.sandbox.faults.add(kind)
    world.sandbox.faults.add("bad_gateway")
    assert world.sandbox.as_user("lee").comment("octo/engine", 1, "Still here")["id"]


def test_chance_can_be_repeated() -> None:
    def run(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add("bad_gateway", probability=0.5)
        return [faults.take("bad_gateway", "GET /") is not None for _ in range(20)]

    assert run(1) == run(1) != run(2)
    assert 0 < sum(run(1)) < 20


def test_faults_are_cleared_one_kind_or_all() -> None:
    faults = Faults()
    faults.add("lag")
    faults.add("too_many")
    faults.clear("lag")
    assert [one["kind"] for one in faults.as_json()] == ["too_many"]
    faults.clear()
    assert faults.as_json() == []


def test_an_unknown_fault_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        Faults().add("gremlins")  # type: ignore[arg-type]
