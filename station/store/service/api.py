"""The service as an ASGI app, and its description in OpenAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from station.store.service import (
    routes_bench,
    routes_looks,
    routes_office,
    routes_open,
    routes_people,
)
from station.store.service.fields import VALUE
from station.store.service.lookout import Lookout
from station.store.service.problems import Problem, Unforeseen, listen

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.routing import APIRoute

    from station.store.service.callers import Caller
    from station.store.sql import SqlOrderStore

_ABOUT = """One order store for many benches.

Every answer is JSON; what is not done comes as a problem (RFC 9457). The token decides which
station asks and what it may do. A request whose answer was lost may be sent again.
"""


class Service(FastAPI):
    """The app; its description names the problem that every refusal brings."""

    def openapi(self) -> dict[str, Any]:
        """Return the description, made once."""
        if self.openapi_schema is None:
            made = super().openapi()
            schemas: dict[str, Any] = made.setdefault("components", {}).setdefault("schemas", {})
            schemas |= {"Problem": Problem.model_json_schema(), "Value": VALUE}
            for schema in schemas.values():
                _tell_as_sent(schema)
        return super().openapi()


def _tell_as_sent(schema: dict[str, Any]) -> None:
    """Describe a record as `station.wire` sends it: with all its fields, and bytes in base64."""
    parts = schema.get("properties", {})
    if parts and "additionalProperties" not in schema:
        schema |= {"required": list(parts), "additionalProperties": False}
    for part in parts.values():
        if part.get("format") == "binary" or "contentMediaType" in part:
            part.pop("format", None)
            part.pop("contentMediaType", None)
            part["contentEncoding"] = "base64"


def _operation(route: APIRoute) -> str:
    return route.name


def make_app(
    store: SqlOrderStore,
    *,
    who: Callable[[str], Caller | None],
    ca_pem: bytes = b"",
    site_key: bytes = b"",
    version: str,
    metrics: Callable[[], bytes] | None = None,
) -> FastAPI:
    """Return the app that serves a store.

    Args:
        store: Where the orders are; the app does not close it.
        who: Returns whose a token is, None for nobody's.
        ca_pem: The certificate of our own CA, empty when the owner brought another one.
        site_key: The secret that signs command barcodes and badges; benches get it when they join.
        version: The version of this program.
        metrics: Returns the metrics as Prometheus reads them; without it there is no /metrics.
    """
    app = Service(
        title="The order store",
        description=_ABOUT,
        version=version,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation,
    )
    app.state.store, app.state.who = store, who
    app.state.ca_pem, app.state.metrics, app.state.site_key = ca_pem, metrics, site_key
    app.state.lookout = Lookout()
    for part in (routes_bench, routes_office, routes_people, routes_looks, routes_open):
        app.include_router(part.router)
    if metrics is not None:
        app.include_router(routes_open.metrics_router)
    listen(app)
    app.add_middleware(Unforeseen)
    return app
