"""`station orders [--state …]` and `station resolve ORDER… --to queue|cancelled`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import compose, wording
from station.floor import now
from station.model import OrderState
from station.verbs import OK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from station.compose import Place

PAGE = 200
"""Rows fetched from the store at once."""


def show(place: Place, states: Sequence[str]) -> int:
    """Print the orders in some states, most urgent first, with who has them or why they wait."""
    compose.prepare(place.home)
    compose.drain(place)
    store = compose.open_store(place)
    wanted = [OrderState(state) for state in states]
    last, count = None, 0
    while rows := store.queue(PAGE, after=last, states=wanted):
        for row in rows:
            left = wording.due_in(row.ship_by, now())
            print(f"{row.order_id:<22}{row.state:<10}{left:<14}{row.units:>4} units  {row.holder}")
        last, count = rows[-1], count + len(rows)
    store.close()
    print(f"{count} {', '.join(states)}")
    return OK


def resolve(place: Place, order_ids: Sequence[str], to: str) -> int:
    """Put problem or held orders back into the queue, or call them cancelled."""
    compose.prepare(place.home)
    compose.drain(place)
    store = compose.open_store(place)
    state = OrderState.WAITING if to == "queue" else OrderState.CANCELLED
    for order_id in order_ids:
        store.resolve(order_id, state)
        print(f"{order_id} is {state} now.")
    store.close()
    return OK
