"""Pages of lists, entity tags, rate limits and the two places where the API is served."""

import pytest

from tests.sandbox.world import REPO, Client, World


@pytest.fixture
def _seven_issues(world: World) -> None:
    for number in range(7):
        world.sandbox.as_user("lee").open_issue("octo/engine", f"Issue {number}")


@pytest.mark.usefixtures("_seven_issues")
def test_lists_come_in_pages_with_links(lee: Client) -> None:
    first = lee.get(REPO + "/issues", params={"per_page": 3, "state": "all"})
    assert set(first.links) == {"next", "last"}
    assert "page=3" in first.links["last"]["url"]
    second = lee.get(first.links["next"]["url"])
    assert set(second.links) == {"prev", "first", "next", "last"}
    third = lee.get(second.links["next"]["url"])
    assert set(third.links) == {"prev", "first"}
    numbers = [one["number"] for answer in (first, second, third) for one in answer.json()]
    assert numbers == [7, 6, 5, 4, 3, 2, 1]
    assert lee.read(REPO + "/issues", page=9, per_page=3) == []
    assert len(lee.read(REPO + "/issues", per_page="many")) == 7


@pytest.mark.usefixtures("_seven_issues")
def test_links_lead_back_to_the_prefix_that_was_asked(world: World, lee: Client) -> None:
    plain = lee.get(REPO + "/issues", params={"per_page": 3})
    assert plain.links["next"]["url"].startswith(world.server.url + "/repos/")
    prefixed = lee.get("/api/v3" + REPO + "/issues", params={"per_page": 3})
    assert prefixed.links["next"]["url"].startswith(world.server.api_url + "/repos/")
    assert plain.json() == prefixed.json()


def test_a_page_has_a_hundred_entries_at_most(world: World, bot: Client) -> None:
    repo = world.sandbox.repo("octo/engine")
    for number in range(120):
        world.sandbox.store.add_label(repo, f"label {number}", "ffffff")
    assert len(bot.read(REPO + "/labels", per_page=1000)) == 100
    assert len(bot.read(REPO + "/labels")) == 30


def test_what_has_not_changed_is_304_and_free(world: World, lee: Client) -> None:
    world.sandbox.as_user("lee").open_issue("octo/engine", "x")
    url = f"{REPO}/issues/1"
    first = lee.get(url)
    used = int(first.headers["x-ratelimit-used"])
    again = lee.get(url, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert int(again.headers["x-ratelimit-used"]) == used
    world.sandbox.as_user("lee").comment("octo/engine", 1, "news")
    changed = lee.get(url, headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert int(changed.headers["x-ratelimit-used"]) == used + 1


def test_head_is_get_without_a_body(lee: Client) -> None:
    whole, head = lee.get(REPO), lee.head(REPO)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]


def test_every_answer_tells_the_rate_limit(world: World, lee: Client) -> None:
    headers = lee.get(REPO).headers
    assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("5000", "4999")
    assert lee.get("/repos/no/where").headers["x-ratelimit-remaining"] == "4998"
    assert lee.read("/rate_limit")["resources"]["core"]["remaining"] == 4998, "asking is free"
    assert world.client(None).get(REPO).headers["x-ratelimit-limit"] == "60"


def test_limits_are_counted_but_refuse_only_when_enforced(world: World) -> None:
    anonymous = world.client(None)
    assert all(anonymous.get("/meta").status_code == 200 for _ in range(70))
    world.sandbox.limits.enforced = True
    world.sandbox.clock.advance(3600)
    statuses = [anonymous.get("/meta").status_code for _ in range(61)]
    assert statuses == [200] * 60 + [403]
    world.sandbox.clock.advance(3601)
    assert anonymous.get("/meta").status_code == 200


def test_eighty_new_things_a_minute_are_enough(world: World, bot: Client) -> None:
    world.sandbox.limits.enforced = True
    world.sandbox.as_user("lee").open_issue("octo/engine", "x")
    url = f"{REPO}/issues/1/comments"
    for number in range(80):
        assert bot.post(url, json={"body": str(number)}).status_code == 201
    refused = bot.post(url, json={"body": "one more"})
    assert (refused.status_code, refused.headers["retry-after"]) == (403, "60")
    world.sandbox.clock.advance(61)
    assert bot.post(url, json={"body": "one more"}).status_code == 201
    assert world.sandbox.violations == []


def test_nine_hundred_points_a_minute_are_enough(world: World, bot: Client) -> None:
    world.sandbox.limits.enforced = True
    world.sandbox.as_user("lee").open_issue("octo/engine", "x")
    statuses = [
        bot.patch(f"{REPO}/issues/1", json={"title": f"x {number}"}).status_code for number in range(181)
    ]
    assert statuses == [200] * 180 + [403], "a write costs five points"


def test_what_is_not_there_is_404_in_json(lee: Client) -> None:
    for path in ("/nowhere", "/repos/no/where", REPO + "/issues/x", REPO + "/issues/99999999999999999999"):
        answer = lee.get(path)
        assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")
    assert lee.get("/graphql").status_code == 404


def test_users(world: World, lee: Client, bot: Client) -> None:
    assert lee.read("/user")["login"] == "lee"
    assert bot.get("/user").status_code == 403
    assert world.client(None).get("/user").status_code == 401
    assert lee.read("/users/maya")["type"] == "User"
    assert lee.read("/users/usher%5Bbot%5D")["type"] == "Bot"
    assert lee.get("/users/nobody").status_code == 404
    assert lee.read("/meta") | lee.read("/") != {}
