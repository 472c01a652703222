"""What went wrong, told as `application/problem+json` (RFC 9457), never with what was sent."""

from __future__ import annotations

import json
import logging
import traceback
from typing import TYPE_CHECKING, Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import Response

from station.errors import Quarantined, StoreError, StoreRefused, StoreUnreachable
from station.store.service.callers import methods
from station.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA = "application/problem+json"
MAX_TOLD = 3
"""Faults of one request that are told; the first ones say enough."""

_log = logging.getLogger(__name__)

Word = Literal[
    "refused",
    "quarantined",
    "unreachable",
    "broken",
    "invalid",
    "token",
    "forbidden",
    "not-found",
    "method",
    "too-large",
    "too-slow",
    "too-many",
    "busy",
    "encoding",
]


class Problem(BaseModel):
    """Why a request was not done."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"description": __doc__})

    type: Word
    """The kind of problem in one word, for the program that asked."""
    title: str
    """What happened, in one sentence."""
    detail: str
    """What a person can do about it; may be empty."""
    status: int
    """The HTTP status of the answer."""


class NotServed(HTTPException):
    """A request that ends here, with the problem that is its answer."""

    def __init__(
        self,
        status: int,
        word: Word,
        title: str,
        remedy: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, title, headers)
        self.word: Word = word
        self.remedy = remedy


def problem(
    status: int, word: Word, title: str, remedy: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """Return the answer for a problem."""
    body = {"type": word, "title": title, "detail": remedy, "status": status}
    return Response(json.dumps(body), status, headers, media_type=MEDIA)


def of_store(failure: StoreError) -> Response:
    """Return the answer for an error of the store, in the store's own words."""
    if isinstance(failure, Quarantined):
        return problem(409, "quarantined", failure.message, failure.remedy)
    if isinstance(failure, StoreRefused):
        return problem(409, "refused", failure.message, failure.remedy)
    if isinstance(failure, StoreUnreachable):
        again = {"Retry-After": "1"}
        return problem(503, "unreachable", failure.message, failure.remedy, again)
    _log.error("The order store failed: %s", failure)
    return problem(503, "broken", failure.message, failure.remedy)


_WORDS: dict[int, tuple[Word, str, str]] = {
    400: ("invalid", "The request cannot be read.", "Send JSON in UTF-8."),
    404: ("not-found", "There is nothing under this address.", "See /openapi.json."),
    405: ("method", "This address is not used in this way.", "See /openapi.json."),
}


def of_http(failure: HTTPException) -> Response:
    """Return the answer for what the framework or this service refuses."""
    if isinstance(failure, NotServed):
        return problem(
            failure.status_code, failure.word, failure.detail, failure.remedy, failure.headers
        )
    word, title, remedy = _WORDS.get(failure.status_code, _WORDS[400])
    return problem(failure.status_code, word, title, remedy, failure.headers)


def of_request(faults: Sequence[Any]) -> Response:
    """Return the answer for a request with these faults, as Pydantic lists them."""
    if any(fault["type"] == "json_invalid" for fault in faults):
        return of_http(HTTPException(400))
    told = "; ".join(_fault(fault) for fault in faults[:MAX_TOLD])
    more = f"; and {len(faults) - MAX_TOLD} more" if len(faults) > MAX_TOLD else ""
    return problem(422, "invalid", f"The request cannot be used: {told}{more}.", "Mend it.")


def _fault(fault: Mapping[str, Any]) -> str:
    # Pydantic's words name the rule and its bounds, never the value.
    where = ".".join(visible(str(part)) for part in fault["loc"][:6])
    return f"{where}: {fault['msg'][:200]}"


def listen(app: FastAPI) -> None:
    """Let the app answer every error with a problem."""

    @app.exception_handler(StoreError)
    async def _store(_: Request, failure: StoreError) -> Response:
        return of_store(failure)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, failure: HTTPException) -> Response:
        if failure.status_code == 405:
            # The framework names the methods of one route, and a path may have two.
            failure.headers = {"Allow": methods(request.url.path)}
        return of_http(failure)

    @app.exception_handler(RequestValidationError)
    async def _request(_: Request, failure: RequestValidationError) -> Response:
        return of_request(failure.errors())


class Unforeseen:
    """The edge of the app: an error that nobody foresaw is logged, and told without its inside.

    The log gets the error's kind and the places in the program, not its message: that may hold an
    address.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        begun = False

        async def told(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, told)
        except Exception as failure:  # noqa: BLE001 - the edge: whatever it is becomes an answer
            _report(scope, failure)
            if not begun and scope["type"] == "http":
                answer = problem(500, "broken", "The store's service failed.", "See its log.")
                await answer(scope, receive, send)


def _report(scope: Scope, failure: Exception) -> None:
    asked = visible(f"{scope.get('method', '')} {scope.get('path', '')}", 200)
    places = "".join(traceback.format_tb(failure.__traceback__))
    _log.error("%s failed with %s\n%s", asked, type(failure).__name__, places)
