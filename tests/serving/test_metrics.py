"""How the service does, in numbers."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families
from serving.asgi import Echo, ask, scope

from station.errors import StoreUnreachable
from station.store.service.guard import Body
from station.store.service.metrics import Counted, Metrics


class Shop:
    """A store whose epoch a test sets."""

    def __init__(self) -> None:
        self.now = 1

    def epoch(self) -> int:
        """Return the epoch; 0 means that the store is away."""
        if not self.now:
            raise StoreUnreachable("away")
        return self.now


@pytest.fixture
def shop() -> Shop:
    """Return a store that is there."""
    return Shop()


@pytest.fixture
def metrics(shop: Shop) -> Metrics:
    """Return metrics of a service with three stations."""
    return Metrics(shop.epoch, lambda seconds: 3 if seconds == 60 else 0)


def values(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Return each number by its name and labels, as Prometheus reads them."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


async def test_answers_are_counted(metrics: Metrics) -> None:
    """Route, method and status of an answer are counted, and its time."""
    app = Counted(Echo(), metrics)
    for _ in range(3):
        await ask(app)
    found = values(metrics)
    assert found["station_requests_total", "GET", "none", "200"] == 3
    assert found["station_request_seconds_count", "none"] == 3
    assert found["station_requests_now",] == 0
    assert found["station_stations_seen",] == 3


async def test_refusals_are_counted_by_reason(metrics: Metrics) -> None:
    """What the guard refuses is told apart from what the routes answer."""
    await ask(Counted(Body(Echo()), metrics), scope(content_encoding="gzip"))
    found = values(metrics)
    assert found["station_refused_total", "encoding"] == 1
    assert found["station_requests_total", "GET", "guard", "415"] == 1


async def test_a_failing_app_is_counted_and_not_hidden(metrics: Metrics) -> None:
    """A request whose app fails is not counted as worked on for ever."""

    async def failing(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ask(Counted(failing, metrics))
    assert values(metrics)["station_requests_now",] == 0


async def test_labels_do_not_grow_with_what_is_sent(metrics: Metrics) -> None:
    """A thousand paths and methods from outside make two lines."""
    app = Counted(Echo(), metrics)
    for number in range(500):
        await ask(app, scope(f"/{number}"))
        await ask(app, scope("/", f"METHOD{number}"))
    lines = [key for key in values(metrics) if key[0] == "station_requests_total"]
    assert sorted(lines) == [
        ("station_requests_total", "GET", "none", "200"),
        ("station_requests_total", "other", "none", "200"),
    ]


def test_a_store_that_is_away_is_a_number(shop: Shop, metrics: Metrics) -> None:
    """Without the database the numbers still come, and say so; the last epoch stays."""
    shop.now = 4
    assert values(metrics)["station_store_up",] == 1
    shop.now = 0
    found = values(metrics)
    assert (found["station_store_up",], found["station_store_epoch",]) == (0, 4)
