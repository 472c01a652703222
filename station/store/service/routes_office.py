"""What the office asks: bringing orders and products in, deciding about orders, exports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response  # noqa: TC002 - read at run time by FastAPI

from station.model import Order, OrderState, Product
from station.store.port import ImportResult
from station.store.service import answers, bodies
from station.store.service.answers import answer, told
from station.store.service.asking import AskedRoute, Me, Store
from station.store.service.fields import AskedNumber
from station.store.service.records import records

router = APIRouter(route_class=AskedRoute, tags=["office"])

ExportId = Annotated[AskedNumber, Path()]


def _then(pointer: str) -> dict[str, Any]:
    named = {"export_id": f"$response.body#{pointer}/export_id"}
    words = {
        "seal_export": "Tell the digest of its file.",
        "finish_export": "Tell that its file is written.",
        "drop_export": "Give it up.",
    }
    return {
        name: {"operationId": name, "description": why, "parameters": named}
        for name, why in words.items()
    }


@router.post("/v1/orders", **told(ImportResult, "Bring orders in"))
def put_orders(body: bodies.Orders, store: Store, _: Me) -> Response:
    """Insert or update orders of a channel; none is doubled or moved back."""
    return answer(store.put_orders(records(Order, body.orders), channel=body.channel))


@router.post("/v1/orders/missing", **told(ImportResult, "Tell which orders are listed"))
def check_missing(body: bodies.Listed, store: Store, _: Me) -> Response:
    """Hold waiting orders, and stop packed ones, that a full report no longer lists."""
    since, until = datetime.fromisoformat(body.since), datetime.fromisoformat(body.until)
    return answer(store.check_missing(body.channel, set(body.listed), since, until))


@router.post("/v1/orders/resolve", **told(answers.Done, "Resolve an order"))
def resolve(body: bodies.Resolution, store: Store, me: Me) -> Response:
    """Take an order out of problem or held: back to waiting, or cancelled."""
    store.resolve(body.order_id, OrderState(body.state), who=me.station, role=me.role)
    return answer(answers.DONE)


@router.post("/v1/orders/halt", **told(answers.OnBench, "Halt an order"))
def halt(body: bodies.Halt, store: Store, me: Me) -> Response:
    """Hold or cancel an order; a bench that works on it is stopped first."""
    state = OrderState(body.state)
    stopped = store.halt(body.order_id, state, body.reason, who=me.station, role=me.role)
    return answer(answers.OnBench(stopped))


@router.post("/v1/products", **told(ImportResult, "Bring products in"))
def put_products(body: bodies.Products, store: Store, _: Me) -> Response:
    """Insert or update products; empty fields do not overwrite, barcodes are added."""
    return answer(store.put_products(records(Product, body.products)))


@router.get(
    "/v1/exports",
    **told(answers.OpenExports, "List open exports", body=False, links=_then("/exports/0")),
)
def list_exports(store: Store, _: Me) -> Response:
    """List exports that were begun and neither finished nor dropped."""
    return answer(answers.OpenExports(store.open_exports()))


@router.post("/v1/exports", **told(answers.Begun, "Begin an export", links=_then("/export")))
def begin_export(body: bodies.ExportBody, store: Store, _: Me) -> Response:
    """Gather all pending confirmations, or those of an earlier export once more."""
    return answer(answers.Begun(store.begin_export(body.path, again=body.again)))


@router.post("/v1/exports/{export_id}/seal", **told(answers.Done, "Seal an export"))
def seal_export(export_id: ExportId, body: bodies.Seal, store: Store, _: Me) -> Response:
    """Remember the digest of the file that is about to get its name."""
    store.seal_export(export_id, body.sha256)
    return answer(answers.DONE)


@router.post("/v1/exports/{export_id}/finish", **told(answers.Done, "Finish an export"))
def finish_export(
    export_id: ExportId, store: Store, _: Me, body: bodies.Nothing | None = None
) -> Response:
    """Mark the export written: its lines are exported, its orders confirmed."""
    del body
    store.finish_export(export_id)
    return answer(answers.DONE)


@router.post("/v1/exports/{export_id}/drop", **told(answers.Done, "Drop an export"))
def drop_export(
    export_id: ExportId, store: Store, _: Me, body: bodies.Nothing | None = None
) -> Response:
    """Give the lines of an export that was never written back to pending."""
    del body
    store.drop_export(export_id)
    return answer(answers.DONE)
