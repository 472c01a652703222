"""What the service tells about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from station.errors import StoreError
from station.store.service.answers import Alive, answer, refusals, told
from station.store.service.asking import AskedRoute, Me, Store
from station.store.service.problems import NotServed

if TYPE_CHECKING:
    from collections.abc import Callable

router = APIRouter(route_class=AskedRoute, tags=["service"])
metrics_router = APIRouter(route_class=AskedRoute, tags=["service"])

PEM = "application/x-pem-file"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def _text(media: str, words: str) -> dict[str, Any]:
    return {"description": words, "content": {media: {"schema": {"type": "string"}}}}


@router.get(
    "/v1/ca",
    summary="Get the CA certificate",
    response_class=Response,
    responses={200: _text(PEM, "The certificate in PEM"), **refusals(404, 422, 429, 503)},
)
def ca(request: Request) -> Response:
    """Return the CA certificate that signed this server's; a bench checks its fingerprint."""
    pem: bytes = request.app.state.ca_pem
    if not pem:
        raise NotServed(404, "not-found", "This server's certificate needs no CA of its own.")
    return Response(pem, media_type=PEM)


@router.get(
    "/healthz",
    summary="Ask whether the store answers",
    response_model=Alive,
    responses=refusals(422, 429, 503),
)
def healthz(store: Store) -> Response:
    """Tell whether the service and its database answer."""
    try:
        store.ping()
    except StoreError as failure:
        # Anybody may ask this: which database it is stays unsaid.
        again = {"Retry-After": "1"}
        raise NotServed(
            503, "unreachable", "The order store does not answer.", "", again
        ) from failure
    return answer(Alive(ok=True))


@metrics_router.get(
    "/metrics",
    response_class=Response,
    **(
        told(Alive, "Get the metrics", body=False)
        | {
            "response_model": None,
            "responses": {
                200: _text("text/plain", "Metrics as Prometheus reads them"),
                **refusals(401, 403, 422, 429, 503),
            },
        }
    ),
)
def metrics(request: Request, _: Me) -> Response:
    """Return the service's own metrics."""
    text: Callable[[], bytes] = request.app.state.metrics
    return Response(text(), media_type=PROMETHEUS)
