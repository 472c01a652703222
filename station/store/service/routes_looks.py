"""What benches, office and boards look up; a bench sees addresses of its own orders only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter
from fastapi import Query as Asked
from starlette.responses import Response  # noqa: TC002 - read at run time by FastAPI

from station.model import Address, Counts, Order, OrderState
from station.store.service import answers, cursor, queries
from station.store.service.answers import answer, told
from station.store.service.asking import AskedRoute, Me, Store

if TYPE_CHECKING:
    from station.store.service.callers import Caller
    from station.store.sql import SqlOrderStore

router = APIRouter(route_class=AskedRoute, tags=["looks"])


@router.get("/v1/label", **told(answers.LivePurchase, "Look up a label", body=False))
def label(asked: Annotated[queries.OfPackage, Asked()], store: Store, me: Me) -> Response:
    """Return the live purchase of a package; to a bench only when it is its own."""
    purchase = store.label(asked.order_id, asked.package, by=_asking(me))
    return answer(answers.LivePurchase(purchase))


def _asking(me: Caller) -> str:
    """Return the station whose own things are wanted; '' for the office, which sees all."""
    return "" if me.role == "office" else me.station


@router.get("/v1/tracking", **told(answers.UsedBy, "Look up a tracking id", body=False))
def tracking(asked: Annotated[queries.OfTracking, Asked()], store: Store, _: Me) -> Response:
    """Return the order that uses a tracking id on a live label."""
    return answer(answers.UsedBy(store.tracking_used(asked.tracking_id)))


@router.get("/v1/queue", **told(answers.Rows, "Page through the queue", body=False))
def queue(asked: Annotated[queries.Page, Asked()], store: Store, _: Me) -> Response:
    """Return rows in queue order, right after or right before a place."""
    rows = store.queue(
        asked.limit,
        after=cursor.row(asked.after) if asked.after else None,
        before=cursor.row(asked.before) if asked.before else None,
        last=asked.last,
        states=[OrderState(state) for state in asked.states],
    )
    return answer(answers.Rows(rows))


@router.get("/v1/counts", **told(Counts, "Count orders", body=False))
def counts(asked: Annotated[queries.Day, Asked()], store: Store, _: Me) -> Response:
    """Count orders by state and by deadline."""
    return answer(store.counts(*asked.span()))


@router.get("/v1/due", **told(answers.Hours, "Count by hour", body=False))
def due(asked: Annotated[queries.Day, Asked()], store: Store, _: Me) -> Response:
    """Count waiting orders by the hour in which they must have left."""
    return answer(answers.Hours(store.due_by_hour(*asked.span())))


@router.get("/v1/order", **told(answers.FoundOrder, "Look up an order", body=False))
def order(asked: Annotated[queries.OfOrder, Asked()], store: Store, me: Me) -> Response:
    """Return an order; without what its buyer wrote but to the office and the bench that has it."""
    # Asked for before the order is read: one that comes to this bench meanwhile shows no less.
    known = me.role == "office" or _has(store, me, asked.order_id)
    found = store.order(asked.order_id)
    if found is None:
        return answer(answers.FoundOrder(None))
    whole, state, holder = found
    shown = whole if known else _without_person(whole)
    return answer(answers.FoundOrder(answers.Standing(shown, state, holder)))


def _has(store: SqlOrderStore, me: Caller, order_id: str) -> bool:
    """Return whether an order is on the bench that asks; a board has none, whatever its name."""
    return me.role == "station" and store.holds(me.station, order_id)


def _without_person(whole: Order) -> Order:
    """Return an order without all that its buyer wrote."""
    return replace(whole, ship_to=Address(""), note="", purchase_order="")


@router.get("/v1/products", **told(answers.FoundProducts, "Look up products", body=False))
def products(asked: Annotated[queries.Codes, Asked()], store: Store, _: Me) -> Response:
    """Return products with a barcode, SKU or ASIN that is one of the texts."""
    return answer(answers.FoundProducts(store.find_product(asked.text)))


@router.get("/v1/singles", **told(answers.OrderIds, "Look up single-unit orders", body=False))
def singles(asked: Annotated[queries.Skus, Asked()], store: Store, _: Me) -> Response:
    """Return waiting orders for exactly one unit of one of the SKUs."""
    return answer(answers.OrderIds(store.single_unit_orders(asked.sku, asked.limit)))


@router.get("/v1/search", **told(answers.Rows, "Search orders", body=False))
def search(asked: Annotated[queries.Search, Asked()], store: Store, _: Me) -> Response:
    """Return orders whose id, SKU or tracking id begins with a text, newest first."""
    return answer(answers.Rows(store.search(asked.text, asked.limit)))


@router.get("/v1/history", **told(answers.History, "Look up an order's history", body=False))
def history(asked: Annotated[queries.OfOrder, Asked()], store: Store, _: Me) -> Response:
    """Return all journal entries about an order."""
    return answer(answers.History(store.history(asked.order_id)))
