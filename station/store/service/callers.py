"""Who asks, and which role may ask for what: one table for the whole service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from starlette.routing import compile_path

Role = Literal["station", "office", "board", "viewer"]
"""What a token is for: a bench, an office, a supervisor's board, or a screen on the wall."""
Roles = frozenset[Role]


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose token a request brings."""

    station: str
    role: Role


BENCH: Roles = frozenset({"station"})
OFFICE: Roles = frozenset({"office"})
BOARD: Roles = frozenset({"board"})
VIEWER: Roles = frozenset({"viewer"})
BOTH = BENCH | OFFICE
ALL = BOTH | BOARD | VIEWER
ANYBODY: Roles = frozenset()
"""No token is needed; the answer is the same for everybody."""

ROLES: dict[str, Roles] = {
    "GET /healthz": ANYBODY,
    "GET /metrics": BOTH,
    "POST /v1/acts": BOTH | BOARD,
    "GET /v1/anchors": BOTH,
    "GET /v1/audit": OFFICE | BOARD,
    "GET /v1/board": OFFICE | BOARD | VIEWER,
    "GET /v1/ca": ANYBODY,
    "GET /v1/claims": BENCH,
    "POST /v1/claims": BENCH,
    "GET /v1/counts": BOTH | BOARD,
    "GET /v1/due": BOTH | BOARD,
    "GET /v1/exports": OFFICE,
    "POST /v1/exports": OFFICE,
    "POST /v1/exports/{export_id}/drop": OFFICE,
    "POST /v1/exports/{export_id}/finish": OFFICE,
    "POST /v1/exports/{export_id}/seal": OFFICE,
    "POST /v1/hello": BENCH,
    "GET /v1/history": BOTH,
    "POST /v1/journal": BENCH,
    "GET /v1/label": BOTH,
    "POST /v1/leases": BENCH,
    "GET /v1/me": ALL,
    "GET /v1/order": BOTH | BOARD,
    "POST /v1/orders": OFFICE,
    "POST /v1/orders/halt": OFFICE,
    "POST /v1/orders/missing": OFFICE,
    "POST /v1/orders/resolve": OFFICE,
    "GET /v1/products": BOTH,
    "POST /v1/products": OFFICE,
    "POST /v1/pulse": BENCH,
    "POST /v1/purchases/begin": BENCH,
    "POST /v1/purchases/finish": BENCH,
    "POST /v1/purchases/void": BENCH,
    "GET /v1/queue": BOTH | BOARD,
    "GET /v1/search": BOTH | BOARD,
    "POST /v1/serials": BENCH,
    "POST /v1/sign-in": BENCH,
    "GET /v1/singles": BOTH,
    "GET /v1/stops": BENCH,
    "POST /v1/stops/{stop_id}/answer": BENCH,
    "GET /v1/tracking": BOTH,
}
"""Who may ask for a method of a path. No route can be made of what is missing here."""

_PATHS = [(method, compile_path(path)[0]) for method, path in map(str.split, ROLES)]


def methods(path: str) -> str:
    """Return the methods of a path as the header Allow lists them (RFC 9110 §10.2.1)."""
    return ", ".join(sorted(method for method, shape in _PATHS if shape.match(path)))
