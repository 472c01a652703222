"""Confirmations that a channel refused: told again, or settled by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from station.errors import StoreRefused
from station.store.decision import Done, locked
from station.store.schema import confirmations
from station.store.tallies import Moves

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from station.store.decision import Decision

REFUSED = "refused"
PENDING = "pending"
DISMISSED = "dismissed"


def retry(connection: Connection, decision: Decision) -> Done:
    """Tell the channel again what it refused about a package."""
    n = _move(connection, decision, {"state": PENDING, "export_id": None, "reason": ""})
    return Done(f"{_lines(n)} of {decision.act.order_id} will be told again.", {"lines": n})


def dismiss(connection: Connection, decision: Decision) -> Done:
    """Call settled what a channel refused about a package."""
    n = _move(connection, decision, {"state": DISMISSED})
    return Done(f"{_lines(n)} of {decision.act.order_id} settled by hand.", {"lines": n})


def _lines(n: int) -> str:
    return f"{n} {'line' if n == 1 else 'lines'}"


def _move(connection: Connection, decision: Decision, values: dict[str, Any]) -> int:
    order_id, package = decision.act.order_id, decision.act.package
    locked(connection, order_id)
    n = connection.execute(
        update(confirmations)
        .where(
            confirmations.c.order_id == order_id,
            confirmations.c.package == package,
            confirmations.c.state == REFUSED,
        )
        .values(values)
    ).rowcount
    if not n:
        raise StoreRefused(
            f"No confirmation of package {package} of order {order_id} was refused.",
            "Look at the board again.",
        )
    moves = Moves()
    moves.lines(REFUSED, -n)
    moves.lines(values["state"], n)
    moves.save(connection)
    return n
