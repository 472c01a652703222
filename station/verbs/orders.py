"""`station orders`, `station resolve`, `station hold` and `station cancel`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import compose, upkeep, wording
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
    upkeep.drain(place)
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
    upkeep.drain(place)
    store = compose.open_store(place)
    state = OrderState.WAITING if to == "queue" else OrderState.CANCELLED
    for order_id in order_ids:
        store.resolve(order_id, state)
        print(f"{order_id} is {state} now.")
    store.close()
    return OK


def halt(place: Place, order_ids: Sequence[str], state: OrderState, reason: str) -> int:
    """Hold or cancel orders; a bench that works on one is stopped with the reason."""
    compose.prepare(place.home)
    upkeep.drain(place)
    store = compose.open_store(place)
    for order_id in order_ids:
        on_bench = store.halt(order_id, state, reason)
        when = "as soon as its bench has stopped" if on_bench else "now"
        print(f"{order_id} is {state} {when}.")
    store.close()
    return OK
