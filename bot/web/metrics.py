"""Prometheus metrics: what was answered, and what the inbox and the ledger hold."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import __version__
from bot.store.inbox import STATES

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds. GitHub gives up after ten.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# Each status has its line from the start, so that a rate over it is right from the first event on.
ACTION_STATUSES = ("planned", "started", "done", "unchanged", "skipped", "failed", "observed", "undone")

Counts = Callable[[], Mapping[str, int]]


class Meter:
    """The application's metrics, in a registry of their own.

    Args:
        deliveries: how many deliveries are in each state.
        actions: how many actions have each status.
    """

    def __init__(self, deliveries: Counts, actions: Counts) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "usher_acknowledgements", "Answers to deliveries, by status.", ["status"], registry=self._registry
        )
        self._latency = Histogram(
            "usher_acknowledgement_seconds",
            "Time from a delivery's headers to its answer.",
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._by_status: dict[int, Counter] = {}
        self._registry.register(_Stored(deliveries, actions))

    def acknowledged(self, status: int, seconds: float) -> None:
        """Count an answer to a delivery, and the time it took."""
        counter = self._by_status.get(status)
        if counter is None:
            counter = self._by_status[status] = self._answers.labels(str(status))
        counter.inc()
        self._latency.observe(seconds)

    def text(self) -> bytes:
        """Return everything in Prometheus's text format."""
        return generate_latest(self._registry)


class _Stored(Collector):
    """What the database holds, counted when it is asked for."""

    def __init__(self, deliveries: Counts, actions: Counts) -> None:
        self._deliveries = deliveries
        self._actions = actions

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily("usher_build_info", "The running version.", labels=["version"])
        build.add_metric([__version__], 1)
        yield build
        yield _gauge("usher_deliveries", "Stored deliveries, by state.", "state", STATES, self._deliveries())
        yield _gauge(
            "usher_actions", "Actions in the ledger, by status.", "status", ACTION_STATUSES, self._actions()
        )


def _gauge(name: str, text: str, label: str, known: tuple[str, ...], counts: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value in dict.fromkeys((*known, *counts)):
        family.add_metric([value], counts.get(value, 0))
    return family
