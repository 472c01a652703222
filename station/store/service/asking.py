"""How a request is let in: its token first, then its query, then its body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from starlette.concurrency import run_in_threadpool

from station.errors import StoreError
from station.store.service.callers import BOARD, ROLES, Caller
from station.store.service.parsing import StrictRequest
from station.store.service.problems import NotServed
from station.store.sql import SqlOrderStore
from station.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.responses import Response

    from station.store.service.callers import Roles

MAX_TOKEN = 256
"""Characters; a token has 43."""

_bearer = HTTPBearer(
    scheme_name="token",
    description="The token that `station enrol NAME` printed. It decides station and role.",
    auto_error=False,
)


class AskedRoute(APIRoute):
    """A route that looks at the token before it reads anything else of the request."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **how: Any) -> None:
        # No route without its line in the table; a GET never brings another method with it.
        (method,) = how["methods"]
        self.roles = ROLES[f"{method} {path}"]
        super().__init__(path, endpoint, **how)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what serves a request of this route."""
        serve = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if self.roles:
                request.state.caller = await _admitted(request, self.roles)
            if not self.dependant.query_params:
                _no_query(request)
            return await serve(StrictRequest(request.scope, request.receive))

        return handle


_NOT_YOURS = {
    "station": (
        "A bench may not do this.",
        "Do it on the server, or at a machine enrolled with `station enrol NAME --office`.",
    ),
    "office": ("An office may not do this.", "Do it at a bench."),
    "board": (
        "A board may not do this.",
        "Do it at a bench, or at a machine enrolled with `station enrol NAME --office`.",
    ),
    "viewer": (
        "This machine may only look at the board.",
        "Do it at a machine enrolled with `station enrol NAME --board`.",
    ),
}
"""What a caller is told who has a good token of another role."""
_AT_A_BOARD = "Do it on the server, or at a machine enrolled with `station enrol NAME --board`."


async def _admitted(request: Request, roles: Roles) -> Caller:
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
    caller = None
    if scheme.lower() == "bearer" and 0 < len(token) <= MAX_TOKEN:
        caller = await _who(request, token)
    if caller is None:
        raise NotServed(
            401,
            "token",
            "The store does not know this station's token.",
            "Enrol the station again: run `station enrol NAME` on the server.",
            {"WWW-Authenticate": "Bearer"},
        )
    if caller.role not in roles:
        title, remedy = _NOT_YOURS[caller.role]
        if caller.role == "station" and roles >= BOARD:
            remedy = _AT_A_BOARD
        raise NotServed(403, "forbidden", title, remedy)
    return caller


async def _who(request: Request, token: str) -> Caller | None:
    who: Callable[[str], Caller | None] = request.app.state.who
    try:
        return await run_in_threadpool(who, token)
    except StoreError as failure:
        # Strangers are not told which database this is.
        raise NotServed(
            503,
            "unreachable",
            "The order store does not answer.",
            "It is tried again.",
            {"Retry-After": "1"},
        ) from failure


def _no_query(request: Request) -> None:
    for name in request.query_params:
        raise NotServed(
            422,
            "invalid",
            f"The request cannot be used: query.{visible(name)}: there is no such parameter.",
            "Mend it.",
        )


async def _store(request: Request) -> SqlOrderStore:
    store: SqlOrderStore = request.app.state.store
    return store


async def _me(request: Request, _: Annotated[Any, Security(_bearer)]) -> Caller:
    caller: Caller = request.state.caller
    return caller


Store = Annotated[SqlOrderStore, Depends(_store)]
Me = Annotated[Caller, Depends(_me)]
"""Who asks; an endpoint that names it is documented as one that needs a token."""
