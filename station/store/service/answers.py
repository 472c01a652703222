"""The answers that are more than one record, and how all of them are sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read at run time by the documentation
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from station.acts import AuditEntry  # noqa: TC001 - read at run time by the documentation
from station.model import (  # noqa: TC001 - read at run time by the documentation
    Entry,
    Lease,
    Order,
    OrderState,
    Product,
    QueueRow,
    Stop,
)
from station.overview import Board  # noqa: TC001 - the same
from station.store.port import Export, Purchase  # noqa: TC001 - the same
from station.store.service.problems import MEDIA
from station.wire import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

_compact = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Done:
    """It is done; there is nothing to tell."""


@dataclass(frozen=True, slots=True)
class Alive:
    """The service and its database answer."""

    ok: bool


@dataclass(frozen=True, slots=True)
class Leased:
    """The order that the station has now; null when none waits."""

    lease: Lease | None


@dataclass(frozen=True, slots=True)
class OrderIds:
    """Orders by their ids, the most urgent one first."""

    order_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fences:
    """The fence of each order that the station still has."""

    fences: dict[str, int]


@dataclass(frozen=True, slots=True)
class Stops:
    """Orders on the bench that must not be packed on."""

    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class First:
    """The first of the numbers that were reserved."""

    first: int


@dataclass(frozen=True, slots=True)
class LivePurchase:
    """The live purchase of a package."""

    purchase: Purchase | None


@dataclass(frozen=True, slots=True)
class UsedBy:
    """The order that uses a tracking id."""

    order_id: str | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines of the queue."""

    rows: tuple[QueueRow, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """Waiting orders due in each hour."""

    hours: tuple[tuple[datetime, int], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """An order, where it stands, and who has it or why it is held."""

    order: Order
    state: OrderState
    holder: str


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """An order, if it is known."""

    found: Standing | None


@dataclass(frozen=True, slots=True)
class FoundProducts:
    """Products, and how many units one scan counts."""

    found: tuple[tuple[Product, int], ...]


@dataclass(frozen=True, slots=True)
class History:
    """Entries about an order, each with the station that wrote it, oldest first."""

    entries: tuple[tuple[str, Entry], ...]


@dataclass(frozen=True, slots=True)
class OnBench:
    """Whether a bench works on the order and must be stopped first."""

    on_bench: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Who asks, as the store knows him."""

    name: str
    role: str
    """station, office, board or viewer."""
    site_key: bytes = b""
    """The secret by which command barcodes and badges are known; for benches and boards only."""


@dataclass(frozen=True, slots=True)
class LatestBoard:
    """The floor; null when it is still the known one."""

    board: Board | None


@dataclass(frozen=True, slots=True)
class AuditLines:
    """Lines of the audit log, oldest first."""

    entries: tuple[AuditEntry, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """The export that was begun; null when there is nothing to tell the channel."""

    export: Export | None


@dataclass(frozen=True, slots=True)
class OpenExports:
    """Exports that were begun and neither finished nor dropped."""

    exports: tuple[Export, ...]


def answer(value: object) -> Response:
    """Return a record as the JSON that `station.wire` makes of it; ASCII, so it cannot fail."""
    return Response(_compact(to_json(value)), media_type="application/json")


DONE = Done()

_REASONS = {
    400: "The request is no JSON or no HTTP",
    401: "The token is missing, unknown or revoked",
    403: "The role may not do this",
    404: "There is none",
    408: "The request did not arrive in time",
    409: "The store refuses, for a reason in words",
    413: "The request is too large",
    415: "The request is packed",
    422: "The request cannot be used",
    429: "Too many requests; come again after Retry-After seconds",
    503: "The store does not answer, or is busy; come again after Retry-After seconds",
}
_OF_TOKEN = (401, 403, 409, 422, 429, 503)
_OF_BODY = (400, 408, 413, 415)


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of answers that are problems."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    later = {"headers": {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}}
    return {
        status: {"description": _REASONS[status], "content": content}
        | (later if status in {429, 503} else {})
        for status in sorted(statuses)
    }


def told(
    kind: type, summary: str, *, body: bool = True, links: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return how an endpoint with a token is documented.

    Args:
        kind: The record that it answers.
        summary: What it does, in a few words.
        body: Whether it takes a body.
        links: The OpenAPI links to what can be asked next.
    """
    responses = refusals(*_OF_TOKEN, *(_OF_BODY if body else ()))
    responses[200] = {"description": (kind.__doc__ or "").split("\n")[0]}
    if links:
        responses[200]["links"] = dict(links)
    return {"summary": summary, "response_model": kind, "responses": responses}
