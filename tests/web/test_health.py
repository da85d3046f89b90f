"""Probes and metrics."""

from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from bot import __version__
from bot.store.database import Database
from bot.web import health
from bot.web.app import create_app
from bot.web.services import Services
from tests.web.deliver import headers_for
from tests.web.furnish import furnish
from tests.web.site import credentials, services_on


@pytest.fixture
def services(database: Database) -> Services:
    return services_on(database)


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services)) as client:
        yield client


def test_ready_says_what_is_missing(client: TestClient, services: Services) -> None:
    assert client.get("/healthz").text == "ok\n"
    everything = {"ready": True, "database": True, "engine": True, "app": True}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, everything)
    services.credentials = None
    services.engine_ready = lambda: False
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"ready": False, "database": True, "engine": False, "app": False},
    )
    services.credentials = credentials()


def test_a_database_that_hangs_does_not_hang_the_probe(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.1)
    pool = services.database.engine.pool
    held = [pool.connect() for _ in range(30)]
    try:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["database"]) == (503, False)
        assert client.get("/healthz").status_code == 200
    finally:
        for connection in held:
            connection.close()


def test_metrics_count_answers_deliveries_and_actions(client: TestClient, services: Services) -> None:
    furnish(services)
    names = {"X-Hub-Signature-256": "nonsense"}
    assert client.post("/webhooks/github", content=b"{}", headers=names).status_code == 401
    good = {name: value for name, value in headers_for(b"{}").items() if isinstance(value, str)}
    assert client.post("/webhooks/github", content=b"{}", headers=good).status_code == 202
    text = client.get("/metrics").text
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["usher_acknowledgements_total", "401"] == 1
    assert samples["usher_acknowledgements_total", "202"] == 1
    assert samples[("usher_acknowledgement_seconds_count",)] == 2
    assert samples["usher_deliveries", "received"] == 2
    assert samples["usher_deliveries", "dead"] == 1
    assert samples["usher_actions", "observed"] == 1
    assert samples["usher_actions", "planned"] == 0
    assert samples["usher_build_info", __version__] == 1
