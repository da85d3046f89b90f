"""The ledger's and the deliveries' pages: what they show, and what their buttons do."""

import re

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.core.errors import RetryLater
from bot.core.pull_actions import UpsertIssue
from bot.store.database import Database
from bot.store.ledger import ITSELF
from bot.store.own_issues import OwnIssues
from bot.store.tables import actions
from bot.web import dashboard
from bot.web.app import create_app
from bot.web.services import Services
from tests.web.furnish import NASTY_TITLE, furnish, header, label, save
from tests.web.site import services_on


@pytest.fixture
def undone() -> list[int]:
    return []


@pytest.fixture
def services(sqlite_database: Database, undone: list[int]) -> Services:
    def undo(action: int) -> str:
        undone.append(action)
        return "took off kind/bug"

    return services_on(sqlite_database, undo=undo)


def text_of(page: str) -> str:
    """Return the words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def token_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def test_the_ledger_shows_what_was_done_and_why(client: TestClient, services: Services) -> None:
    furnish(services)
    page = client.get("/").text
    text = text_of(page)
    for expected in (
        "6 done",
        "Crash when saving a file acme/widgets#12 · issue opened by maya",
        "done kind/bug 94% sure : saw &#34;crashes when saving&#34;",
        "left alone no type label 41% sure : too unsure",
        "would have done enhancement 93% sure",
        "undone question",
        "/label area: ui",
    ):
        assert expected in text.replace("done 6", "6 done"), expected
    assert 'href="https://github.com/acme/widgets/issues/12"' in page
    assert 'href="/r/acme/widgets/12"' in page
    assert 'href="/deliveries?state=failed"' in page


def test_what_users_wrote_is_text_and_nothing_else(client: TestClient, services: Services) -> None:
    furnish(services)
    for path in ("/", "/r/acme/engine/8"):
        page = client.get(path).text
        assert "<script" not in page
        assert "<img src=https" not in page
        assert "<b>bold" not in page
        assert "<i>mallory" not in page
        assert "\u202e" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;  @acme/team fixes #1" in page
    assert NASTY_TITLE not in client.get("/").text


def test_the_ledger_is_filtered_by_repository_and_paged(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(services)
    answer = client.get("/", params={"repository": "Acme/Engine"})
    assert answer.url.path == "/r/Acme/Engine"
    assert "Please support AMD GPUs" in answer.text
    assert "Crash when saving" not in answer.text
    monkeypatch.setattr(dashboard, "PER_PAGE", 4)
    first = client.get("/").text
    older = re.search(r'href="(/\?before=\d+[^"]*)"', first)
    assert older is not None
    second = client.get(older[1].replace("&amp;", "&")).text
    assert "Please support AMD GPUs" in second
    assert "How do I set a proxy" not in second
    assert "← Newest" in second
    assert "Older →" not in second


def test_a_thread_shows_its_history_with_undo(client: TestClient, services: Services) -> None:
    furnish(services)
    page = client.get("/r/acme/widgets/12").text
    text = text_of(page)
    assert "Crash when saving a file" in text
    assert "usher undo 3" in text
    assert page.count("/undo") == 6  # four actions, and twice all of a plan
    assert client.get("/r/acme/engine/9").text.count("/undo") == 0  # it was only observed


def test_what_belongs_to_no_thread_stands_under_the_repository(
    client: TestClient, services: Services
) -> None:
    about = header(number=0, event="ReportDue", title="Weekly report", actor="ghost")
    save(services, about, label("bug", "a week ended"))
    assert "Weekly report acme/widgets · report due done" in text_of(client.get("/").text)
    page = client.get("/r/acme/widgets/0").text
    assert "<title>acme/widgets" in page
    assert 'href="https://github.com/acme/widgets"' in page


def test_a_look_is_shown_as_usher_s_own(client: TestClient, services: Services) -> None:
    about = header(number=12, event="PullRequestUpdated", title="Mend it", actor=ITSELF)
    save(services, about, label("bug", "a check ended"))
    assert "Mend it acme/widgets#12 · looked at by Usher itself" in text_of(client.get("/").text)


def test_undo_asks_the_executor_and_says_what_it_did(
    client: TestClient, services: Services, undone: list[int]
) -> None:
    furnish(services)
    token = token_of(client.get("/r/acme/widgets/12").text)
    answer = client.post("/actions/3/undo", data={"csrf": token})
    assert undone == [3]
    assert answer.url.path == "/r/acme/widgets/12"
    assert "Undone: took off kind/bug." in answer.text
    assert "Undone: took off" not in client.get("/r/acme/widgets/12").text
    plan = services.ledger.of_thread("acme/widgets", 12)[-1]
    client.post(f"/plans/{plan.id}/undo", data={"csrf": token})
    assert undone == [3, 4, 3]  # the last one first


def test_an_undo_that_fails_says_why(client: TestClient, services: Services) -> None:
    furnish(services)

    def undo(_action: int) -> str:
        raise RetryLater("GitHub asked this installation to wait")

    services.undo = undo
    token = token_of(client.get("/r/acme/widgets/12").text)
    answer = client.post("/actions/3/undo", data={"csrf": token})
    assert "Not undone: GitHub asked this installation to wait." in answer.text


@pytest.mark.parametrize(
    "path",
    ["/actions/999/undo", f"/actions/{10**30}/undo", "/plans/999/undo", f"/plans/{10**30}/undo"],
)
def test_what_is_not_there_cannot_be_undone(client: TestClient, services: Services, path: str) -> None:
    furnish(services)
    token = token_of(client.get("/r/acme/widgets/12").text)
    assert client.post(path, data={"csrf": token}).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/r/acme/widgets/999", f"/r/acme/widgets/{10**30}", "/deliveries?state=odd", "/x", "/actions/3/undo"],
)
def test_what_is_not_there_is_said_kindly(client: TestClient, services: Services, path: str) -> None:
    furnish(services)
    answer = client.get(path)
    assert answer.status_code in (404, 405)
    assert "To the ledger" in answer.text


@pytest.mark.parametrize("query", ["before=x", "before=-1", f"before={10**30}"])
def test_an_address_that_makes_no_sense_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/?{query}")
    assert answer.status_code == 400
    assert "cannot be used" in answer.text


def test_deliveries_by_state_with_retry_for_the_failed(client: TestClient, services: Services) -> None:
    furnish(services)
    woken: list[bool] = []
    services.wake = lambda: woken.append(True)
    everything = client.get("/deliveries").text
    assert "All 7" in text_of(everything)
    assert "Need you 2" in text_of(everything)
    assert everything.count("/retry") == 2
    failed = client.get("/deliveries?state=failed").text
    assert "given up after several tries GitHub answered 502: Server Error" in text_of(failed)
    assert "the same body came before" not in failed
    dead = next(each for each in services.inbox.recent() if each.state == "dead")
    answer = client.post(f"/deliveries/{dead.id}/retry", data={"csrf": token_of(failed)})
    assert f"Delivery {dead.id} is back in line." in answer.text
    again = services.inbox.get(dead.id)
    assert again is not None
    assert (again.state, len(woken)) == ("received", 1)
    answer = client.post(f"/deliveries/{dead.id}/retry", data={"csrf": token_of(failed)})
    assert "is not a failed one" in answer.text


def test_deliveries_are_paged(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(services)
    monkeypatch.setattr(dashboard, "PER_PAGE", 4)
    assert "page=1" in client.get("/deliveries").text
    last = client.get("/deliveries?page=1").text
    assert "page=0" in last
    assert "page=2" not in last
    assert client.get(f"/deliveries?page={2**62}").status_code == 200


def test_empty_pages_say_what_to_do_next(client: TestClient, services: Services) -> None:
    assert "Install it on a repository" in client.get("/").text
    assert "GitHub has sent nothing yet" in client.get("/deliveries").text
    assert "Nothing needs you" in client.get("/deliveries?state=failed").text
    assert "Usher knows nothing of acme/none" in client.get("/?repository=acme/none").text
    services.credentials = None
    assert 'href="/setup"' in client.get("/").text
    assert "Set up the App" in client.get("/").text


def test_a_paused_thread_says_so(client: TestClient, services: Services) -> None:
    furnish(services)
    services.registry.set_paused(1, 12, 7, paused=True)
    assert "/usher resume" in client.get("/r/acme/widgets/12").text


def test_problems_and_a_dry_run_stand_on_every_page(sqlite_database: Database) -> None:
    services = services_on(sqlite_database, {"dry_run": True}, problems=["the classifier is missing"])
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        for path in ("/", "/deliveries", "/setup", "/nowhere"):
            page = client.get(path).text
            assert "Dry run." in page
            assert "the classifier is missing" in page


def test_an_error_of_ours_shows_no_traceback_and_no_text_of_users(
    client: TestClient, services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    save(services, header(title="canary-title"), label("canary-label", "canary-reason"))
    with services.database.engine.begin() as connection:
        connection.execute(sa.update(actions).values(args=sa.text("'not JSON, canary-args'")))
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    captured = capsys.readouterr()
    for place in (answer.text, captured.out, captured.err):
        assert "canary" not in place
        assert "Traceback" not in place


def test_a_database_that_is_away_is_said_plainly(client: TestClient, services: Services) -> None:
    with services.database.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE actions"))
    answer = client.get("/")
    assert answer.status_code == 503
    assert "The database does not answer" in answer.text


def test_pages_and_buttons_work_on_both_databases(database: Database) -> None:
    services = services_on(database)
    furnish(services)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        paths = (
            "/",
            "/r/acme/engine?before=9",
            "/r/acme/widgets/12",
            "/deliveries?state=failed&page=0",
        )
        pages = [client.get(path) for path in paths]
        assert [page.status_code for page in pages] == [200] * len(paths)
        token = token_of(pages[-1].text)
        dead = services.inbox.recent(states=["dead"])[0]
        answer = client.post(f"/deliveries/{dead.id}/retry", data={"csrf": token})
        assert "is back in line" in answer.text
        for path in ("/?repository=%00", "/r/acme/wid%00gets/12", "/deliveries?state=%00"):
            assert client.get(path).status_code == 400


def test_the_schema_of_the_config_file_is_public(client: TestClient) -> None:
    schema = client.get("/schema/usher.json")
    assert schema.headers["access-control-allow-origin"] == "*"
    assert "mode" in schema.json()["properties"]


def test_the_page_of_an_issue_that_usher_keeps_has_what_opened_it(
    client: TestClient, services: Services
) -> None:
    own = OwnIssues(services.database)
    own.take(1, "report", 7, holder=1)
    own.opened(1, "report", 18, "digest")
    opens = UpsertIssue(purpose="report", title="Weekly report", template="report", reason="a week ended")
    save(services, header(number=0, event="ReportDue", title="Weekly report"), opens)
    save(services, header(number=0, event="ReportDue", title="Another"), label("bug", "something else"))
    page = text_of(client.get("/r/acme/widgets/18").text)
    assert "Weekly report" in page
    assert "a week ended" in page
    assert "something else" not in page
    assert client.get("/r/acme/widgets/19").status_code == 404
