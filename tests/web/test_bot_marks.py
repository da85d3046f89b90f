"""What a click on a report's page keeps of an account, and forgets."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from bot.core.history import Person
from bot.demo.history import GREETER, keep, made_up
from bot.store.database import Database
from bot.store.history import Histories
from bot.web.app import create_app
from bot.web.services import Services
from tests.databases import shared_sqlite, sqlite_database
from tests.reports.examples import UNTIL
from tests.web.site import services_on
from tests.web.test_dashboard import text_of, token_of

__all__ = ["shared_sqlite", "sqlite_database"]

PAGE = "/r/acme/widgets/report"
ASKED = {"until": "2026-06-15"}


@pytest.fixture
def services(sqlite_database: Database) -> Services:
    keep(made_up(UNTIL), sqlite_database)
    return services_on(sqlite_database)


def marks(services: Services) -> dict[str, bool]:
    histories = Histories(services.database)
    found = histories.find("acme/widgets")
    assert found is not None
    people = histories.people(found.id)
    return {people[account].login: said.is_bot for account, said in histories.marks(found.id).items()}


def say(client: TestClient, login: str, is_bot: str, csrf: str | None = None) -> str:
    token = token_of(client.get(PAGE).text) if csrf is None else csrf
    data = {"csrf": token, "login": login, "is_bot": is_bot}
    return client.post(f"{PAGE}/bots", data=data).text


def test_one_click_says_that_an_account_is_a_bot_or_none(client: TestClient, services: Services) -> None:
    assert "widget-greeter counts as a person from now on." in say(client, GREETER, "no")
    assert marks(services) == {GREETER: False}
    page = text_of(client.get(PAGE, params=ASKED).text)
    assert "No other account behaves like a bot." in page
    assert re.search(
        r"greeter is a person: somebody with the dashboard&#39;s key said so on \d+ \w+ \d{4}, \d\d:\d\d",
        page,
    )
    assert "nia counts as a bot from now on." in say(client, " @NIA ", "yes")
    assert marks(services) == {GREETER: False, "nia": True}


def test_what_was_said_can_be_forgotten(client: TestClient, services: Services) -> None:
    say(client, GREETER, "no")
    page = client.get(PAGE, params=ASKED).text
    account = re.search(r'name="account" value="(\d+)"', page)
    assert account is not None
    data = {"csrf": token_of(page), "account": account[1]}
    answer = client.post(f"{PAGE}/bots/forget", params={"audience": "newcomers"}, data=data)
    assert answer.url.query == b"audience=newcomers"
    assert "Forgotten: widget-greeter counts as what Usher itself takes it for." in answer.text
    assert marks(services) == {}
    assert "widget-greeter answered on" in text_of(client.get(PAGE, params=ASKED).text)
    again = client.post(f"{PAGE}/bots/forget", data=data).text
    assert "Nothing was said of widget-greeter, or it is forgotten already." in again


@pytest.mark.parametrize("account", ["", "x", "-1", str(2**63)])
def test_what_is_no_account_cannot_be_forgotten(client: TestClient, account: str) -> None:
    data = {"csrf": token_of(client.get(PAGE).text), "account": account}
    assert client.post(f"{PAGE}/bots/forget", data=data).status_code == 400


def test_a_click_counts_at_once_also_where_another_process_made_the_report(
    client: TestClient, services: Services
) -> None:
    with TestClient(create_app(services), base_url="http://127.0.0.1") as other:
        assert "widget-greeter answered on" in text_of(other.get(PAGE, params=ASKED).text)
        say(client, GREETER, "no")
        assert "widget-greeter is a person" in text_of(other.get(PAGE, params=ASKED).text)


def test_two_clicks_at_once_leave_one_word(client: TestClient, services: Services) -> None:
    token = token_of(client.get(PAGE).text)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: say(client, GREETER, "yes", csrf=token), range(4)))
    assert marks(services) == {GREETER: True}


def test_nobody_else_can_be_marked(client: TestClient, services: Services) -> None:
    said = say(client, "<b>x</b>", "yes")
    assert "No account &lt;b&gt;x&lt;/b&gt; took part in acme/widgets." in said
    data = {"csrf": token_of(client.get(PAGE).text), "login": "nia", "is_bot": "yes"}
    assert client.post("/r/acme/none/report/bots", data=data).status_code == 404
    assert client.post(f"{PAGE}/bots", data={**data, "is_bot": "perhaps"}).status_code == 400
    assert marks(services) == {}


def test_a_form_from_elsewhere_marks_nobody(client: TestClient, services: Services) -> None:
    client.get(PAGE)
    assert "This form is not from this page" in say(client, GREETER, "no", csrf="0" * 64)
    assert client.post(f"{PAGE}/bots/forget", data={"csrf": "0" * 64, "account": "1"}).status_code == 403
    assert marks(services) == {}


def test_without_the_key_nothing_is_kept(services: Services) -> None:
    locked = services_on(services.database, {"dashboard_open": False, "dashboard_key": "a key"})
    with TestClient(create_app(locked), base_url="http://127.0.0.1") as client:
        assert client.post(f"{PAGE}/bots", data={"login": GREETER, "is_bot": "no"}).status_code == 403
        assert client.post(f"{PAGE}/bots/forget", data={"account": "1"}).status_code == 403
    assert marks(services) == {}


def test_of_two_accounts_with_one_login_the_form_marks_its_own_and_a_typed_name_both(
    sqlite_database: Database,
) -> None:
    made = made_up(UNTIL)
    (greeter,) = [person for person in made.people if person.login == GREETER]
    last, namesake = made.snapshots[-1], Person(1, GREETER)
    thread = replace(last.thread, number=last.thread.number + 1, author=1, timeline=())
    more = replace(last, thread=thread, people=(namesake,))
    keep(replace(made, snapshots=(*made.snapshots, more), people=(*made.people, namesake)), sqlite_database)
    services = services_on(sqlite_database)
    histories = Histories(sqlite_database)
    found = histories.find("acme/widgets")
    assert found is not None
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        page = client.get(PAGE, params=ASKED).text
        data = {"csrf": token_of(page), "login": GREETER, "is_bot": "yes"}
        assert f'name="account" value="{greeter.id}"' in page
        client.post(f"{PAGE}/bots", data={**data, "account": str(greeter.id)})
        assert set(histories.marks(found.id)) == {greeter.id}
        answer = client.post(f"{PAGE}/bots", data=data).text
        assert f"2 accounts are called {GREETER}; each counts as a bot from now on." in answer
        assert set(histories.marks(found.id)) == {1, greeter.id}
        assert "No account" in client.post(f"{PAGE}/bots", data={**data, "account": "999999"}).text
