"""What people do: sign in, decide, and look at the floor."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi import Query as Asked
from starlette.responses import Response

from station.acts import Act, Acted, ActKind, Anchors, Pass, Signature
from station.overview import Echo, Pulse
from station.store.service import answers, bodies, queries
from station.store.service.answers import answer, told
from station.store.service.asking import AskedRoute, Me, Store
from station.store.service.lookout import ENDING, Lookout, TooManyDays
from station.store.service.problems import NotServed
from station.store.service.records import record

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

router = APIRouter(route_class=AskedRoute, tags=["people"])

FAR = timedelta(days=2)
"""How far from now the end of a board's day is looked at: what it costs has a bound."""

_proving = CapacityLimiter(4)
"""PINs are slow to check by intent: those who wait for that take no thread from the benches."""


@router.post("/v1/sign-in", **told(Pass, "Sign in"))
async def sign_in(body: bodies.SignIn, store: Store, me: Me) -> Response:
    """Let somebody in with badge and PIN, or with his badge where he has a pass."""
    asked = partial(store.sign_in, me.station, body.badge, body.pin)
    return answer(await to_thread.run_sync(asked, limiter=_proving if body.pin else None))


@router.post("/v1/acts", **told(Acted, "Do what somebody signed"))
async def act(body: bodies.Signed, store: Store, me: Me) -> Response:
    """Do what somebody decided, signed with his badge's number and PIN; at a board also by name."""
    wanted = record(Act, body.act)
    if me.role == "board" and wanted.kind is ActKind.REPRINT:
        # The label has an address on it.
        raise NotServed(403, "forbidden", "A board prints no labels.", "Do it at a bench.")
    asked = partial(
        store.act,
        me.station,
        wanted,
        record(Signature, body.signature),
        by_name=me.role != "station",
    )
    return answer(await to_thread.run_sync(asked, limiter=_proving))


@router.post("/v1/pulse", **told(Echo, "Say how a station is"))
def pulse(body: bodies.PulseBody, store: Store, me: Me) -> Response:
    """Say how this station is; hear what it must know of people and the audit log."""
    return answer(store.pulse(me.station, record(Pulse, body)))


@router.get("/v1/me", **told(answers.Known, "Ask who I am", body=False))
def known_as(me: Me, request: Request) -> Response:
    """Return the name and the role that a token has; to who scans, by what to know our codes."""
    scans = me.role in {"station", "board"}
    key: bytes = request.app.state.site_key if scans else b""
    return answer(answers.Known(me.station, me.role, key))


@router.get("/v1/board", **told(answers.LatestBoard, "Look at the floor", body=False))
async def board(
    asked: Annotated[queries.Floor, Asked()], store: Store, me: Me, request: Request
) -> Response:
    """Return the floor by the store's clock; wait some seconds while it is the known one."""
    _, day_end = asked.span()
    day_end = _near(day_end, store.now())
    lookout: Lookout = request.app.state.lookout
    viewer = me.role == "viewer"
    try:
        body = await lookout.floor(
            store, day_end, asked.known, viewer=viewer, left=partial(_left, request)
        )
    except TooManyDays:
        again = {"Retry-After": "2"}
        raise NotServed(
            503, "busy", "Too many boards show different days.", "It is tried again.", again
        ) from None
    return Response(body, media_type="application/json")


def _near(day_end: datetime, now: datetime) -> datetime:
    """Return the end of a day, of one far away the nearest that is looked at."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return min(max(day_end, hour - FAR), hour + FAR)


async def _left(request: Request) -> bool:
    ending: Callable[[], bool] = getattr(request.state, ENDING, _never)
    return ending() or await request.is_disconnected()


def _never() -> bool:
    return False


@router.get("/v1/audit", **told(answers.AuditLines, "Read the audit log", body=False))
def audit(asked: Annotated[queries.Lines, Asked()], store: Store, _: Me) -> Response:
    """Return lines of the audit log after a line, oldest first."""
    return answer(answers.AuditLines(store.audit(asked.after, asked.limit)))


@router.get("/v1/anchors", **told(Anchors, "Compare with what was told", body=False))
def anchors(asked: Annotated[queries.Anchored, Asked()], store: Store, me: Me) -> Response:
    """Return how far this station's journal is known, and lines of the audit log."""
    return answer(store.anchors(me.station, asked.seq))
