"""Why an order is held, or will be as soon as no bench works on it."""

from __future__ import annotations

from station.model import OrderState, StopKind

MISSING = "missing"
"""The cause of a hold that ends by itself when a report lists the order again."""

HELD = "held"
CANCELLED = "cancelled"
"""By a person's word."""

OF_STATE = {OrderState.HELD: HELD, OrderState.CANCELLED: CANCELLED}
STOP_OF_STATE = {OrderState.HELD: StopKind.HELD, OrderState.CANCELLED: StopKind.CANCELLED}


def free_state(cause: str) -> OrderState:
    """Return where an order stands once no bench has it any more."""
    if cause == CANCELLED:
        return OrderState.CANCELLED
    return OrderState.HELD if cause else OrderState.WAITING
