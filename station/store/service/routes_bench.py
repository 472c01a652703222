"""What a bench asks: its orders, its journal, its labels; always for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response  # noqa: TC002 - read at run time by FastAPI

from station.model import Entry, Label, Presence, Welcome
from station.store.port import Applied, Purchase
from station.store.service import answers, bodies
from station.store.service.answers import answer, told
from station.store.service.asking import AskedRoute, Me, Store
from station.store.service.fields import AskedNumber  # noqa: TC001 - read at run time by FastAPI
from station.store.service.records import record, records

if TYPE_CHECKING:
    from collections.abc import Mapping

router = APIRouter(route_class=AskedRoute, tags=["bench"])


def _next(operation: str, why: str, **more: Any) -> dict[str, Mapping[str, Any]]:
    return {operation: {"operationId": operation, "description": why} | more}


_BUY = _next(
    "begin_purchase",
    "Buy the label of the leased package.",
    requestBody={
        "key": "{$response.body#/lease/order/order_id}/{$response.body#/lease/package}",
        "order_id": "$response.body#/lease/order/order_id",
        "package": "$response.body#/lease/package",
        "fence": "$response.body#/lease/fence",
        "carrier": "own",
    },
)
_KEYED = {"key": "$response.body#/key"}
_BOUGHT = _next(
    "finish_purchase",
    "Tell the label that was bought.",
    requestBody={
        "key": "$response.body#/key",
        "label": {
            "order_id": "$response.body#/order_id",
            "package": "$response.body#/package",
            "carrier_code": "Other",
            "carrier_name": "own",
            "tracking_id": "{$response.body#/key}-1",
        },
    },
)
_SHOWN = _next(
    "answer_stop",
    "Tell that the packer has seen the first stop.",
    parameters={"stop_id": "$response.body#/stops/0/stop_id"},
)
_RENEWED = _next(
    "renew",
    "Keep the lease.",
    requestBody={"order_ids": ["$response.body#/lease/order/order_id"]},
)
_VOIDED = _next("void_purchase", "Give the label up.", requestBody={**_KEYED, "reason": "torn"})


@router.post("/v1/hello", **told(Welcome, "Come to work"))
def hello(body: bodies.Hello, store: Store, me: Me) -> Response:
    """Say which memory speaks, and hear how far the store has its journal."""
    return answer(store.hello(me.station, record(Presence, body)))


@router.post("/v1/claims", **told(answers.Leased, "Lease an order", links=_BUY | _RENEWED))
def claim(body: bodies.Claim, store: Store, me: Me) -> Response:
    """Lease the named order, or the most urgent one that is not in `skip`."""
    lease = store.claim(me.station, body.packer, order_id=body.order_id, skip=body.skip)
    return answer(answers.Leased(lease))


@router.get("/v1/claims", **told(answers.OrderIds, "List claimed orders", body=False))
def claimed(store: Store, me: Me) -> Response:
    """List orders that this station claimed and did not begin."""
    return answer(answers.OrderIds(store.claimed(me.station)))


@router.post("/v1/leases", **told(answers.Fences, "Renew leases"))
def renew(body: bodies.Renewal, store: Store, me: Me) -> Response:
    """Extend this station's leases of these orders."""
    return answer(answers.Fences(store.renew(me.station, body.order_ids)))


@router.post("/v1/journal", **told(Applied, "Send the journal"))
def send_journal(body: bodies.Journal, store: Store, me: Me) -> Response:
    """Take over journal entries, each once, in order and without gaps."""
    entries = records(Entry, body.entries)
    return answer(store.apply(me.station, entries, journal=body.journal))


@router.get("/v1/stops", **told(answers.Stops, "List stops", body=False, links=_SHOWN))
def list_stops(store: Store, me: Me) -> Response:
    """List unanswered stops of orders that this station holds."""
    return answer(answers.Stops(store.stops(me.station)))


@router.post("/v1/stops/{stop_id}/answer", **told(answers.Done, "Answer a stop"))
def answer_stop(
    stop_id: Annotated[AskedNumber, Path()],
    store: Store,
    me: Me,
    body: bodies.Nothing | None = None,
) -> Response:
    """Tell that the packer has seen a stop; only the station it is for can."""
    del body
    store.answer_stop(stop_id, by=me.station)
    return answer(answers.DONE)


@router.post("/v1/serials", **told(answers.First, "Reserve label numbers"))
def reserve_serials(body: bodies.Serials, store: Store, me: Me) -> Response:
    """Reserve numbers for labels that are made while the store is away."""
    return answer(answers.First(store.serials(me.station, body.count)))


@router.post("/v1/purchases/begin", **told(Purchase, "Begin a purchase", links=_BOUGHT | _VOIDED))
def begin_purchase(body: bodies.Beginning, store: Store, me: Me) -> Response:
    """Write down that a label is about to be bought; the same key returns what is known."""
    begun = store.begin_purchase(
        body.key, body.order_id, body.package, body.fence, body.carrier, by=me.station
    )
    return answer(begun)


@router.post("/v1/purchases/finish", **told(Purchase, "Finish a purchase", links=_VOIDED))
def finish_purchase(body: bodies.Finishing, store: Store, me: Me) -> Response:
    """Store the label that was bought."""
    return answer(store.finish_purchase(body.key, record(Label, body.label), by=me.station))


@router.post("/v1/purchases/void", **told(answers.Done, "Void a purchase"))
def void_purchase(body: bodies.Voiding, store: Store, me: Me) -> Response:
    """Free the package for another label."""
    store.void_purchase(body.key, body.reason, by=me.station)
    return answer(answers.DONE)
