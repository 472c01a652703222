"""How the service does, for Prometheus; every label has few values, none comes from outside."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from station.errors import StoreError
from station.store.service.refusals import REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SEEN_S = 60.0
"""Seconds in which a station must have come to count as there."""

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_STEPS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics:
    """The numbers of one running service, in a registry of their own.

    Args:
        epoch: Asks the store for its epoch; may raise StoreError.
        seen: Returns how many stations came within so many seconds.
    """

    def __init__(self, epoch: Callable[[], int], seen: Callable[[float], int]) -> None:
        self._epoch = epoch
        self._seen = seen
        own = self._registry = CollectorRegistry()
        by = ("route", "method", "status")
        self._requests = Counter("station_requests", "Requests answered.", by, registry=own)
        self._seconds = Histogram(
            "station_request_seconds",
            "Time to the answer.",
            ("route",),
            buckets=_STEPS_S,
            registry=own,
        )
        self._now = Gauge("station_requests_now", "Requests that are worked on.", registry=own)
        self._refused = Counter(
            "station_refused", "Requests refused before the routes.", ("reason",), registry=own
        )
        self._up = Gauge("station_store_up", "Whether the database answers.", registry=own)
        self._epoch_now = Gauge(
            "station_store_epoch", "Rises when a backup is restored.", registry=own
        )
        self._stations = Gauge(
            "station_stations_seen", "Stations of the last minute.", registry=own
        )

    def text(self) -> bytes:
        """Return all numbers in Prometheus' text form; asks the store."""
        try:
            self._epoch_now.set(self._epoch())
            self._up.set(1)
        except StoreError:
            self._up.set(0)
        self._stations.set(self._seen(SEEN_S))
        return generate_latest(self._registry)

    def began(self) -> None:
        """Count a request that is worked on."""
        self._now.inc()

    def ended(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request that was answered; status 0: its sender left."""
        self._now.dec()
        reason = scope.get(REFUSED)
        if reason:
            self._refused.labels(reason).inc()
        route = "guard" if reason else getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class Counted:
    """Counts every request that passes, whoever answers it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        began = time.perf_counter()
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        self._metrics.began()
        try:
            await self._app(scope, receive, watched)
        finally:
            self._metrics.ended(scope, status, time.perf_counter() - began)
